"""Prefixes whose text the real conda printed; they lie beside the project."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from jupyter_envsnap.core.redact import url as redacted
from jupyter_envsnap.core.wire import DocumentQuery

_SHARED = Path(__file__).resolve().parents[2] / "shared"
_GOLDEN = _SHARED / "golden"
SEEDS = range(24)
QUERIES: Mapping[str, DocumentQuery] = {
    "yaml": DocumentQuery(profile="conda"),
    "no-builds": DocumentQuery(profile="conda", builds=False),
    "from-history": DocumentQuery(profile="conda", from_history=True),
    "ignore-channels": DocumentQuery(profile="conda", channels=False),
    "json": DocumentQuery(profile="conda", format="environment-json"),
    "requirements": DocumentQuery(profile="conda", format="requirements"),
    "explicit": DocumentQuery(profile="conda", format="explicit"),
}
needed = pytest.mark.skipif(
    not _GOLDEN.is_dir(), reason="the golden outputs are not beside the project"
)


class Case:
    """A prefix with its configuration, and what conda printed for it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.name = f"case-{seed:03d}"
        self.folder = folder / self.name
        about = json.loads((self.folder / "case.json").read_text())
        self.prefix = str(self.folder / about["prefix"])
        self.environ = {"CONDARC": str(self.folder / "condarc")}
        self._secret = about["secret"]

    def check(self, text: str, key: str) -> None:
        """The text is conda's own but for what may differ: orders that are a folder's, secrets."""
        assert self._secret not in text
        text = text.replace(str(self.folder), "{CASE}")
        refused = json.loads((_GOLDEN / "refused.json").read_text())
        if key in refused.get(self.name, {}):
            assert text  # an answer is better
            return
        expected = (_GOLDEN / self.name / f"{key}.txt").read_text()
        if key == "explicit":
            assert set(_after_head(text)) == {redacted(line) for line in _after_head(expected)}
        elif key == "from-history" and _names_every_record(expected):
            assert sorted(text.splitlines()) == sorted(expected.splitlines())
        else:
            assert text == expected


@contextmanager
def made() -> Iterator[tuple[Case, ...]]:
    """All of them, for a while, in a folder of a short name: conda breaks long lines."""
    with tempfile.TemporaryDirectory() as folder:
        yield _make(Path(folder))


def _make(folder: Path) -> tuple[Case, ...]:
    script = _SHARED / "tools" / "make_cases.py"
    subprocess.run(
        [sys.executable, script, folder, "--seeds", f"{SEEDS[0]}-{SEEDS[-1]}"],
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=60,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    return tuple(Case(folder, seed) for seed in SEEDS)


def _after_head(text: str) -> list[str]:
    return text.partition("@EXPLICIT\n")[2].splitlines()


def _names_every_record(expected: str) -> bool:
    """Where the history names nothing installed, conda prints all in its folder's order."""
    specs = re.findall(r"^  - (\S+)$", expected.partition("dependencies:")[2], re.MULTILINE)
    return bool(specs) and all(spec.count("=") == 2 and "[" not in spec for spec in specs)
