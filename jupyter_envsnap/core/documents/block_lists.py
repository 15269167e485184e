"""Changes of a list that has each item on a line of its own, behind a dash."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from jupyter_envsnap.core.documents import edits, yaml_io
from jupyter_envsnap.core.documents.edits import Edit, Unplaceable
from jupyter_envsnap.core.documents.yaml_io import Node, Scalar

_DASH = re.compile(r"([ ]*)-([ ]+)(?:[&!]\S+[ ]+)*")
_NOTHING = re.compile(r"\s*:(?:[ \t]*(?:\[[ \t]*\]|\{[ \t]*\}|~|null|Null|NULL))?(?=[ \t]|$)")


def without(text: str, gone: Sequence[Node]) -> list[Edit]:
    """Take items out; those that stay keep their lines."""
    return [_line_removed(text, node) for node in gone]


def added(
    text: str,
    sequence: yaml_io.Sequence,
    values: Sequence[str],
    *,
    kept: Sequence[Node],
    before: Callable[[str], Node | None] = lambda _: None,
) -> list[Edit]:
    """Put values in, at the end or before the item that ``before`` names.

    ``kept``: the items that stay and that a value may come behind.
    """
    if not values:
        return []
    newline = edits.newline_of(text)
    style = edits.style_of(sequence.items)
    at_end: list[str] = []
    made: list[Edit] = []
    first = sequence.items[0]
    indent, gap = _dash(text, first)
    for value in values:
        line = f"{' ' * indent}-{gap}{edits.written(value, style=style, flow=False)}"
        follower = before(value)
        if follower is None:
            at_end.append(line)
        else:
            at = _start_with_comments(text, follower, indent)
            made.append(Edit(at, at, f"{line}{newline}"))
    if at_end and kept:
        at = edits.line_end(text, edits.end_of(kept[-1]))
        made.append(Edit(at, at, "".join(f"{newline}{line}" for line in at_end)))
    elif at_end:
        at = edits.line_start(text, edits.start_of(first))
        made.append(Edit(at, at, "".join(f"{line}{newline}" for line in at_end)))
    return made


def block_added(
    text: str, sequence: yaml_io.Sequence, lines: Sequence[str], *, kept: Sequence[Node]
) -> Edit:
    """Put whole lines behind the last of the items that stay, or where the first one was."""
    newline = edits.newline_of(text)
    if kept:
        at = edits.line_end(text, edits.end_of(kept[-1]))
        return Edit(at, at, "".join(f"{newline}{line}" for line in lines))
    at = edits.line_start(text, edits.start_of(sequence.items[0]))
    return Edit(at, at, "".join(f"{line}{newline}" for line in lines))


def made_at(text: str, key: Scalar, lines: Iterable[str]) -> Edit:
    """Lines under a key that has nothing, or empty brackets, behind it."""
    end = edits.line_end(text, key.end)
    found = _NOTHING.match(text, key.end, end)
    if found is None:
        raise Unplaceable("nothing can be put there")
    newline = edits.newline_of(text)
    # A comment behind the key stays there.
    rest = text[found.end() : end]
    return Edit(key.end, end, f":{rest}" + "".join(f"{newline}{line}" for line in lines))


def dash_column(text: str, sequence: yaml_io.Sequence) -> int:
    """How far the items are indented."""
    return _dash(text, sequence.items[0])[0]


def _line_removed(text: str, node: Node) -> Edit:
    _dash(text, node)
    start = edits.line_start(text, edits.start_of(node))
    end = edits.line_end(text, edits.end_of(node))
    return Edit(start, edits.next_line(text, end), "")


def _dash(text: str, node: Node) -> tuple[int, str]:
    """(column of the dash, what stands between it and the item)."""
    start = edits.line_start(text, edits.start_of(node))
    # A byte order mark is no column.
    start += text.startswith("\ufeff", start)
    found = _DASH.fullmatch(text, start, edits.start_of(node))
    if found is None:
        raise Unplaceable("an item is not on a line of its own")
    return len(found.group(1)), found.group(2)


def _start_with_comments(text: str, node: Node, indent: int) -> int:
    """Where the comment above an item begins that is indented as the item is."""
    start = edits.line_start(text, edits.start_of(node))
    while start > 0:
        above = edits.line_start(text, start - 1)
        if not text[above:start].startswith(f"{' ' * indent}#"):
            break
        start = above
    return start
