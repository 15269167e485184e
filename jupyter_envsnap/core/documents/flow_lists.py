"""Changes of a list in brackets, on one line or with each item on its own, as JSON has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from jupyter_envsnap.core.documents import edits, yaml_io
from jupyter_envsnap.core.documents.edits import Edit, Unplaceable
from jupyter_envsnap.core.documents.yaml_io import Node, Scalar

_COMMA = re.compile(r"\s*,")
_BEHIND = re.compile(r"[ \t]*(,?)[ \t]*(?:#[^\n]*)?\r?(?:\n|$)")


def changed(
    text: str,
    sequence: yaml_io.Sequence,
    *,
    gone: Sequence[Node],
    values: Sequence[str],
    style: str,
) -> list[Edit]:
    """Take items out, and put values in: behind the last word that stays, before other lists.

    ``style``: the quotes for a list that has no word yet.
    """
    if any(isinstance(item, Scalar) for item in sequence.items):
        style = edits.style_of(sequence.items)
    new = [edits.written(value, style=style, flow=True) for value in values]
    return spliced(text, sequence, gone=gone, new=new)


def spliced(
    text: str, sequence: yaml_io.Sequence, *, gone: Sequence[Node], new: Sequence[str]
) -> list[Edit]:
    """As ``changed``, with items that are written already."""
    if not gone and not new:
        return []
    removed = {id(node) for node in gone}
    kept = [item for item in sequence.items if id(item) not in removed]
    if _has_a_line_each(text, sequence):
        return _lines(text, sequence, kept, removed, new)
    return [*_out_of_line(text, sequence, removed), *_into_line(sequence, kept, new)]


def _has_a_line_each(text: str, sequence: yaml_io.Sequence) -> bool:
    def is_alone(item: Node) -> bool:
        start, end = edits.start_of(item), edits.end_of(item)
        before = text[edits.line_start(text, start) : start]
        return not before.strip() and _BEHIND.match(text, end) is not None

    return bool(sequence.items) and all(map(is_alone, sequence.items))


def _lines(
    text: str,
    sequence: yaml_io.Sequence,
    kept: Sequence[Node],
    gone: set[int],
    new: Sequence[str],
) -> list[Edit]:
    items, newline = sequence.items, edits.newline_of(text)
    made = [_line_removed(text, item) for item in items if id(item) in gone]
    words = [item for item in kept if isinstance(item, Scalar)]
    first = edits.start_of(items[0])
    indent = text[edits.line_start(text, first) : first]
    after = words[-1] if words else None
    last_old = items[-1]
    open_end = _comma(text, last_old) is None
    new_is_last = bool(new) and (after is kept[-1] if kept else True)
    lines = [f"{indent}{each}," for each in new]
    if lines:
        if open_end and new_is_last:
            lines[-1] = lines[-1][:-1]
        block = "".join(f"{line}{newline}" for line in lines)
        at = edits.line_start(text, first) if after is None else _behind(text, after)
        made.append(Edit(at, at, block))
    if open_end and kept:
        if kept[-1] is not last_old and not new_is_last:
            comma = _comma(text, kept[-1])
            made += [Edit(comma - 1, comma, "")] if comma else []
        elif kept[-1] is last_old and new_is_last:
            end = edits.end_of(last_old)
            made.append(Edit(end, end, ","))
    return made


def _line_removed(text: str, item: Node) -> Edit:
    start = edits.line_start(text, edits.start_of(item))
    return Edit(start, _behind(text, item), "")


def _behind(text: str, item: Node) -> int:
    """Where the line after an item begins."""
    return edits.next_line(text, edits.line_end(text, edits.end_of(item)))


def _comma(text: str, item: Node) -> int | None:
    """Behind the comma that follows an item; None where none does."""
    found = _COMMA.match(text, edits.end_of(item))
    return found.end() if found else None


def _out_of_line(text: str, sequence: yaml_io.Sequence, gone: set[int]) -> list[Edit]:
    items = sequence.items
    leading = 0
    while leading < len(items) and id(items[leading]) in gone:
        leading += 1
    made = []
    if leading:
        is_rest = leading < len(items)
        end = edits.start_of(items[leading]) if is_rest else edits.end_of(items[leading - 1])
        made.append(Edit(edits.start_of(items[0]), end, ""))
    for before, item in zip(items[leading:], items[leading + 1 :], strict=False):
        if id(item) in gone:
            made.append(Edit(edits.end_of(before), edits.end_of(item), ""))
    between = [(edits.end_of(a), edits.start_of(b)) for a, b in pairwise(items)]
    if any(
        "#" in text[start:end] and edit.start <= start and end <= edit.end
        for edit in made
        for start, end in between
    ):
        raise Unplaceable("a comment stands among its items")
    return made


def _into_line(sequence: yaml_io.Sequence, kept: Sequence[Node], new: Sequence[str]) -> list[Edit]:
    if not new:
        return []
    words = [item for item in kept if isinstance(item, Scalar)]
    if words:
        end = edits.end_of(words[-1])
        return [Edit(end, end, "".join(f", {each}" for each in new))]
    at = edits.start_of(kept[0]) if kept else sequence.start + 1
    return [Edit(at, at, ", ".join(new) + (", " if kept else ""))]
