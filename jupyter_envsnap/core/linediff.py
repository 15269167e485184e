"""What changes, line by line, when one text takes the place of another."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

from jupyter_envsnap.core.wire import DiffLine

_COMPARED_LINES = 10_000
"""Above this many the texts are exchanged, not compared: matching may take quadratic time."""


def _lines(text: str) -> list[str]:
    """Lines with their ends; only a line feed ends one, as git counts them."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _line(sign: Literal[" ", "+", "-"], line: str, *, old: int | None, new: int | None) -> DiffLine:
    text = line.removesuffix("\n")
    return DiffLine(sign=sign, text=text, old=old, new=new, terminated=text != line)


def _removed(lines: list[str], start: int, end: int) -> Iterator[DiffLine]:
    for index in range(start, end):
        yield _line("-", lines[index], old=index + 1, new=None)


def _added(lines: list[str], start: int, end: int) -> Iterator[DiffLine]:
    for index in range(start, end):
        yield _line("+", lines[index], old=None, new=index + 1)


def _kept(lines: list[str], start: int, end: int, shift: int) -> Iterator[DiffLine]:
    for index in range(start, end):
        yield _line(" ", lines[index], old=index + 1, new=index + 1 + shift)


def line_diff(before: str, after: str) -> tuple[DiffLine, ...]:
    """Every line of both texts, in the order of reading; removed lines come before added ones.

    Lines are equal only if their ends are: a changed line end shows as a changed line.
    """
    old, new = _lines(before), _lines(after)
    if max(len(old), len(new)) > _COMPARED_LINES:
        return (*_removed(old, 0, len(old)), *_added(new, 0, len(new)))
    diff: list[DiffLine] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            diff += _kept(old, a, b, c - a)
        else:
            diff += _removed(old, a, b)
            diff += _added(new, c, d)
    return tuple(diff)
