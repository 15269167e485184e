"""The order of conda's versions (CEP 33), which is not the one of Python's (PEP 440)."""

from __future__ import annotations

import re
from functools import lru_cache, total_ordering
from itertools import zip_longest

_ALLOWED = re.compile(r"[*.+!_0-9a-z]+")
_PLAIN = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18})*")
_RUNS = re.compile(r"[0-9]+|[*]+|[^0-9*]+")
_MOST_DIGITS = 4_000
"""int() refuses longer ones, as of Python 3.11."""

Run = int | float | str
"""Of numerals, of other characters, or ``post``, which comes after every number."""
Part = tuple[Run, ...]


class VersionInvalid(ValueError):
    """The text is no version."""


@total_ordering
class Version:
    """A version that compares as conda compares it.

    Raises:
        VersionInvalid

    """

    __slots__ = ("local", "parts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts, self.local = _parsed(text)

    def __repr__(self) -> str:
        return f"Version({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self._compared(other) == 0

    def __lt__(self, other: Version) -> bool:
        return self._compared(other) < 0

    __hash__ = None  # type: ignore[assignment] # 1.0 and 1.0.0 are equal

    def startswith(self, other: Version) -> bool:
        """Whether this is the other one or one of those below it, as ``1.2.3`` is below ``1.2``."""
        mine, its = self.parts, other.parts
        if other.local:
            if _order(self.parts, other.parts) != 0:
                return False
            mine, its = self.local, other.local
        *before, last = its
        if _order(mine[: len(before)], tuple(before)) != 0:
            return False
        part: Part = mine[len(before)] if len(mine) > len(before) else ()
        *runs, end = last
        if _order((part[: len(runs)],), (tuple(runs),)) != 0:
            return False
        run: Run = part[len(runs)] if len(part) > len(runs) else 0
        if isinstance(end, str):
            return isinstance(run, str) and run.startswith(end)
        return run == end

    def _compared(self, other: Version) -> int:
        return _order(self.parts, other.parts) or _order(self.local, other.local)


@lru_cache(maxsize=16_384)
def _parsed(text: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """(epoch and parts, parts of the local version)."""
    if _PLAIN.fullmatch(text):  # most are, and thousands are compared at a time
        return ((0,), *((int(part),) for part in text.split("."))), ()
    version = text.strip().lower()
    if "-" in version and "_" not in version:
        version = version.replace("-", "_")
    if not _ALLOWED.fullmatch(version):
        raise VersionInvalid(f"“{text}” is no version.")
    head, mark, rest = version.partition("!")
    epoch, rest = (head, rest) if mark else ("0", version)
    main, plus, local = rest.partition("+")
    if not epoch.isdigit() or "!" in rest or "+" in local or (plus and not local):
        raise VersionInvalid(f"“{text}” is no version.")
    # An underscore at the end stays: openssl's 1.0.1_ comes before 1.0.1a.
    end = "_" if main.endswith("_") else ""
    main = main.removesuffix("_").replace("_", ".") + end
    parts = (_part(epoch), *map(_part, main.split(".")))
    return parts, tuple(map(_part, local.replace("_", ".").split("."))) if local else ()


def _part(text: str) -> Part:
    runs = tuple(_run(run) for run in _RUNS.findall(text))
    if not runs:
        raise VersionInvalid("A version has no empty part.")
    return runs if text[0].isdigit() else (0, *runs)


def _run(text: str) -> Run:
    if text.isdigit():
        if len(text) > _MOST_DIGITS:
            raise VersionInvalid("A version has no such number.")
        return int(text)
    if text == "post":
        return float("inf")
    # In capitals it comes before every other word.
    return "DEV" if text == "dev" else text


def _order(mine: tuple[Part, ...], its: tuple[Part, ...]) -> int:
    """Below, at or above zero; what one of them lacks is zero."""
    for part, other_part in zip_longest(mine, its, fillvalue=(0,)):
        for run, other in zip_longest(part, other_part, fillvalue=0):
            if run == other:
                continue
            if isinstance(run, str) != isinstance(other, str):
                return -1 if isinstance(run, str) else 1
            return -1 if run < other else 1  # type: ignore[operator] # both are of one kind
    return 0


def stands_for(wanted: str, version: str) -> bool:
    """Whether a person who writes ``1.26`` means this one: it itself, or 1.26.4, but not 1.260."""
    return version == wanted or version.startswith(f"{wanted}.")
