"""Reading is as fast as promised, beside the least that any reader must do on the same machine."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from jupyter_envsnap.adapters.condarc import CondaConfiguration
from jupyter_envsnap.adapters.prefix_reading import PrefixReading
from jupyter_envsnap.adapters.surroundings import Surroundings
from jupyter_envsnap.core.model import Prefix
from tests.adapters.prefix_builder import SITE, CondaPrefix

SURROUNDINGS = Surroundings({}, "/no-home")


class Record(msgspec.Struct):
    name: str
    files: list[str]


def fill(prefix: CondaPrefix, records: int) -> CondaPrefix:
    """Every second package with a dist-info; most records about 14 KiB long, few far longer."""
    for number in range(records):
        name = f"package-{number}"
        length = 2_000 if number % 60 == 0 else 34
        files = [f"{SITE}/package_{number}/module_{n}.py" for n in range(length)]
        if number % 2:
            folder = prefix.dist(name)
            files += [f"{SITE}/{folder.name}/{n}" for n in ("METADATA", "RECORD")]
        paths = [
            {"_path": p, "path_type": "hardlink", "sha256": "0" * 64, "n": "0" * 190} for p in files
        ]
        prefix.record(name, files=files, paths_data={"paths": paths, "paths_version": 1})
    return prefix


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    return fill(CondaPrefix(tmp_path_factory.mktemp("speed") / "env"), 300)


def reading(prefix: CondaPrefix) -> PrefixReading:
    return PrefixReading(
        Prefix(path=str(prefix.root), kind="conda"),
        CondaConfiguration({}, prefix.root / "no-home"),
        "linux-64",
        SURROUNDINGS,
    )


def best_s(*calls: Callable[[], object]) -> list[float]:
    """The least processor time each call took, taken in turn so that all meet the same weather."""
    best = [float("inf")] * len(calls)
    for _ in range(9):
        for number, call in enumerate(calls):
            start = time.thread_time()
            call()
            best[number] = min(best[number], time.thread_time() - start)
    return best


def stat_all(prefix: CondaPrefix) -> None:
    for folder in (prefix.meta, prefix.site):
        with os.scandir(folder) as entries:
            for entry in entries:
                entry.stat()


def decode_all(prefix: CondaPrefix) -> None:
    decoder = msgspec.json.Decoder(Record)
    with os.scandir(prefix.meta) as entries:
        for entry in entries:
            decoder.decode(Path(entry.path).read_bytes())


def test_a_cold_read_costs_at_most_twice_what_reading_and_decoding_does(prefix):
    cold, floor = best_s(lambda: reading(prefix).read(), lambda: decode_all(prefix))
    assert cold <= 2 * floor, f"{cold / floor:.2f} x"


def test_an_unchanged_prefix_costs_at_most_twice_its_stats(prefix):
    known = reading(prefix)
    known.read()
    unchanged, floor = best_s(known.read, lambda: stat_all(prefix))
    assert unchanged <= 2 * floor, f"{unchanged / floor:.2f} x"


def test_the_cost_grows_with_the_number_of_records_and_no_faster(prefix, tmp_path):
    small = fill(CondaPrefix(tmp_path / "env"), 60)
    few, many = best_s(lambda: reading(small).read(), lambda: reading(prefix).read())
    assert many <= 5 * 1.5 * few, f"{many / few:.2f} x for five times the records"


def test_the_prefix_is_of_the_usual_size(prefix):
    sizes = sorted(path.stat().st_size for path in prefix.meta.iterdir())
    assert 10_000 < sizes[len(sizes) // 2] < 20_000
    assert json.loads((prefix.meta / "package-1-1.0-0.json").read_text())["name"] == "package-1"
