"""How fast a prefix is read, beside the least that any reader must do.

    .venv/bin/python benchmarks/bench_read.py

Prefixes are made by ``../shared/tools/make_prefix.py``. Times are the best of several, in
milliseconds, with a warm file cache; only ratios within one run mean anything.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from jupyter_envsnap.adapters.condarc import CondaConfiguration
from jupyter_envsnap.adapters.environments import PrefixReader
from jupyter_envsnap.adapters.prefix_reading import PrefixReading
from jupyter_envsnap.adapters.surroundings import Surroundings
from jupyter_envsnap.core.documents import write
from jupyter_envsnap.core.model import Prefix

MAKE_PREFIX = Path(__file__).parents[2] / "shared" / "tools" / "make_prefix.py"
SITE = "lib/python3.11/site-packages"
SURROUNDINGS = Surroundings({}, "/no-home")
"""One for a process: a processor is looked up once."""
SIZES = (50, 300, 800, 3200)
LONG_AGO_NS = 1_700_000_000_000_000_000


class Record(msgspec.Struct):
    """What a reader that decodes the file lists would decode; the floor of the cold read."""

    name: str
    version: str
    files: list[str]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Best times, in milliseconds."""

    records: int
    stat_floor: float
    stat_all_floor: float
    decode_floor: float
    cold: float
    unchanged: float
    one_installed: float
    document: float


def make_prefix(folder: Path, records: int, key_order: str = "current") -> Path:
    """A synthetic prefix that was written long ago, so that nothing in it is racily young."""
    prefix = folder / f"env{records}-{key_order}"
    subprocess.run(
        [sys.executable, MAKE_PREFIX, prefix, "--records", str(records), "--key-order", key_order],
        check=True,
        capture_output=True,
    )
    age(prefix)
    return prefix


def age(prefix: Path) -> None:
    for path in (*(prefix / "conda-meta").iterdir(), *(prefix / SITE).iterdir()):
        os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS))


def reading(prefix: Path) -> PrefixReading:
    configuration = CondaConfiguration({}, prefix / "no-home")
    found = Prefix(path=str(prefix), kind="conda")
    return PrefixReading(found, configuration, "linux-64", SURROUNDINGS)


def stat_every_record(prefix: Path) -> None:
    with os.scandir(prefix / "conda-meta") as entries:
        for entry in entries:
            if entry.name.endswith(".json"):
                entry.stat()


def stat_everything(prefix: Path) -> None:
    stat_every_record(prefix)
    with os.scandir(prefix / SITE) as entries:
        for entry in entries:
            entry.stat()


def decode_every_record(prefix: Path) -> None:
    decoder = msgspec.json.Decoder(Record)
    with os.scandir(prefix / "conda-meta") as entries:
        for entry in entries:
            if entry.name.endswith(".json"):
                decoder.decode(Path(entry.path).read_bytes())


def best_ms(call: Callable[[], object], times: int = 9) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return min(taken) * 1_000


def one_installed_ms(prefix: Path) -> float:
    known = reading(prefix)
    known.read()
    taken = []
    for n in range(5):
        new = prefix / "conda-meta" / f"added-{n}-0.json"
        new.write_bytes(msgspec.json.encode({"name": f"added-{n}", "version": "1", "files": []}))
        os.utime(new, ns=(LONG_AGO_NS, LONG_AGO_NS))
        start = time.perf_counter()
        known.read()
        taken.append(time.perf_counter() - start)
    for n in range(5):
        (prefix / "conda-meta" / f"added-{n}-0.json").unlink()
    return min(taken) * 1_000


def measure(prefix: Path, records: int) -> Row:
    known = reading(prefix)
    environment = known.read()
    return Row(
        records=records,
        stat_floor=best_ms(lambda: stat_every_record(prefix)),
        stat_all_floor=best_ms(lambda: stat_everything(prefix)),
        decode_floor=best_ms(lambda: decode_every_record(prefix), 5),
        cold=best_ms(lambda: reading(prefix).read(), 5),
        unchanged=best_ms(known.read),
        one_installed=one_installed_ms(prefix),
        document=best_ms(lambda: write(environment)),
    )


async def longest_hold_ms(prefix: Path | None) -> float:
    """The longest that the event loop did not get round, while the prefix was read cold.

    None: while nothing was read for half a second, which is the machine's own share.
    """
    held = 0.0
    work = asyncio.ensure_future(
        PrefixReader().read(Prefix(path=str(prefix), kind="conda"))
        if prefix
        else asyncio.sleep(0.5)
    )
    await asyncio.sleep(0)
    while not work.done():
        start = time.perf_counter()
        await asyncio.sleep(0.000_5)
        held = max(held, time.perf_counter() - start - 0.000_5)
    await work
    return held * 1_000


def rows(folder: Path, sizes: tuple[int, ...], key_order: str) -> Iterator[Row]:
    for records in sizes:
        prefix = make_prefix(folder, records, key_order)
        yield measure(prefix, records)
        held, idle = (asyncio.run(longest_hold_ms(which)) for which in (prefix, None))
        print(f"  event loop held at most {held:.1f} ms, with nothing to read {idle:.1f} ms")
        shutil.rmtree(prefix)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure reading a prefix.")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--key-order", choices=["current", "sorted"], default="current")
    options = parser.parse_args()
    if not MAKE_PREFIX.is_file():
        sys.exit(f"Not measured: {MAKE_PREFIX} is not there.")
    with tempfile.TemporaryDirectory() as folder:
        for row in rows(Path(folder), tuple(options.sizes), options.key_order):
            print(
                f"{row.records:5} records: cold {row.cold:.1f} ="
                f" {row.cold / row.decode_floor:.2f} x read and decode ({row.decode_floor:.1f});"
                f" unchanged {row.unchanged:.2f} ="
                f" {row.unchanged / row.stat_floor:.2f} x a stat per record ({row.stat_floor:.2f})"
                f" or {row.unchanged / row.stat_all_floor:.2f} x with site-packages;"
                f" one installed {row.one_installed:.2f}; document {row.document:.2f};"
                f" {row.cold / row.records * 1_000:.0f} µs a record"
            )


if __name__ == "__main__":
    main()
