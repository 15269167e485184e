"""A diff as ``diff -u`` and git show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jupyter_envsnap.core.wire import DiffLine

_AROUND = 3
"""Unchanged lines that are shown before and after a change."""


def unified(diff: Sequence[DiffLine], path: str, *, exists: bool) -> str:
    """The changes with a few lines around them; empty where there are none."""
    changed = [index for index, line in enumerate(diff) if line.sign != " "]
    if not changed:
        return ""
    lines = [f"--- {path if exists else '/dev/null'}", f"+++ {path}"]
    for start, end in _hunks(changed, len(diff)):
        lines.append(_heading(diff, start, end))
        for line in diff[start:end]:
            lines.append(f"{line.sign}{line.text}")
            if not line.terminated:
                lines.append("\\ No newline at end of file")
    return "".join(f"{line}\n" for line in lines)


def _hunks(changed: Sequence[int], length: int) -> Iterator[tuple[int, int]]:
    """Stretches of changes that lie close to each other, with the lines around them."""
    start, last = changed[0], changed[0]
    for index in (*changed[1:], None):
        if index is not None and index - last <= 2 * _AROUND + 1:
            last = index
            continue
        yield max(start - _AROUND, 0), min(last + _AROUND + 1, length)
        if index is not None:
            start = last = index


def _heading(diff: Sequence[DiffLine], start: int, end: int) -> str:
    return f"@@ -{_range(diff, '-', start, end)} +{_range(diff, '+', start, end)} @@"


def _range(diff: Sequence[DiffLine], sign: str, start: int, end: int) -> str:
    """First line and count on one side; a side without lines counts from the line before."""
    before = sum(line.sign in {" ", sign} for line in diff[:start])
    count = sum(line.sign in {" ", sign} for line in diff[start:end])
    return f"{before + 1 if count else before},{count}"
