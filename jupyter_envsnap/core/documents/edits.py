"""Edits of a text that leave every other byte as it is: the only way a person's file is changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from jupyter_envsnap.core.documents import yaml_io
from jupyter_envsnap.core.documents.yaml_io import Mapping, Node, Scalar

_DASH = re.compile(r"([ ]*)-([ ]+)(?:[&!]\S+[ ]+)*")
_ANCHOR = re.compile(r"(?:[&!]\S+[ \t]+)+")
_NOT_IN_FLOW = re.compile(r"[,\[\]{}]")


class Unplaceable(ValueError):
    """What is to be changed is written in a way that cannot be changed on its own."""


class Edit(Struct, frozen=True, order=True):
    """Put ``text`` in the place of what stands from ``start`` to ``end``."""

    start: int
    end: int
    text: str


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; their places are those of the text as it was."""
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < at:
            raise Unplaceable("two changes are at the same place")
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    made = "".join([*parts, text[at:]])
    if made.endswith("\n") and not text.endswith("\n"):
        made = made[: -len(newline_of(text))]  # it had no newline at its end
    return made


def newline_of(text: str) -> str:
    """How the lines of a text end."""
    at = text.find("\n")
    return "\r\n" if at > 0 and text[at - 1] == "\r" else "\n"


def replaced(text: str, token: Scalar, value: str, *, flow: bool) -> Edit:
    """Another value for a scalar, in the quotes that it has."""
    if token.style == "block" or "\n" in text[token.start : token.end]:
        raise Unplaceable("it is written over several lines")
    anchor = _ANCHOR.match(text, token.start, token.end)
    start = anchor.end() if anchor else token.start
    return Edit(start, token.end, written(value, style=token.style, flow=flow))


def written(value: str, *, style: str = "plain", flow: bool) -> str:
    """A string as a scalar of this style, or in quotes where it needs them."""
    if style == "'" and yaml_io.is_printable(value):
        return "'" + value.replace("'", "''") + "'"
    if style == '"':
        return yaml_io.quoted(value)
    made = yaml_io.scalar(value)
    if flow and made == value and _NOT_IN_FLOW.search(value):
        return "'" + value.replace("'", "''") + "'"
    return made


def without(text: str, sequence: yaml_io.Sequence, gone: Sequence[Node]) -> list[Edit]:
    """Take items out of a list; those that stay keep their lines."""
    if not gone:
        return []
    if sequence.flow:
        return _out_of_flow(sequence, gone)
    return [_line_removed(text, node) for node in gone]


def added(
    text: str,
    sequence: yaml_io.Sequence,
    values: Sequence[str],
    *,
    kept: Sequence[Node],
    before: Callable[[str], Node | None] = lambda _: None,
) -> list[Edit]:
    """Put values into a list, at its end or before the item that ``before`` names.

    ``kept``: the items that stay and that a value may come behind.
    """
    if not values:
        return []
    if sequence.flow:
        texts = [written(value, flow=True) for value in values]
        if not kept:
            comma = ", " if any(item not in kept for item in sequence.items) else ""
            return [Edit(sequence.start + 1, sequence.start + 1, f"{', '.join(texts)}{comma}")]
        end = _end(kept[-1])
        return [Edit(end, end, "".join(f", {each}" for each in texts))]
    newline = newline_of(text)
    at_end: list[str] = []
    edits: list[Edit] = []
    first = sequence.items[0]
    indent, gap = _dash(text, first)
    for value in values:
        line = f"{' ' * indent}-{gap}{written(value, flow=False)}"
        follower = before(value)
        if follower is None:
            at_end.append(line)
        else:
            at = _start_with_comments(text, follower, indent)
            edits.append(Edit(at, at, f"{line}{newline}"))
    if at_end and kept:
        at = _line_end(text, _end(kept[-1]))
        edits.append(Edit(at, at, "".join(f"{newline}{line}" for line in at_end)))
    elif at_end:
        at = _line_start(text, first.start)  # type: ignore[union-attr] # _dash looked at it
        edits.append(Edit(at, at, "".join(f"{line}{newline}" for line in at_end)))
    return edits


def new_list(text: str, key: Scalar, values: Sequence[str], *, indent: int) -> Edit:
    """A list under a key that has nothing, or an empty list, behind it."""
    end = _line_end(text, key.end)
    found = re.compile(r"\s*:[ \t]*(?:\[[ \t]*\]|~|null)?").match(text, key.end, end)
    if found is None:
        raise Unplaceable("nothing can be put there")
    lines = "".join(
        f"{newline_of(text)}{' ' * indent}- {written(value, flow=False)}" for value in values
    )
    # A comment behind the key stays there.
    rest = text[found.end() : end]
    return Edit(key.end, end, f":{rest}{lines}" if rest else f":{lines}")


def emptied(text: str, key: Scalar) -> Edit:
    """``[]`` behind a key whose list lost all its items."""
    at = text.index(":", key.end) + 1
    return Edit(at, at, " []")


def block_added(
    text: str, sequence: yaml_io.Sequence, lines: Sequence[str], *, kept: Sequence[Node]
) -> Edit:
    """Put whole lines behind the last of the items that stay, or where the first one was."""
    newline = newline_of(text)
    if kept:
        at = _line_end(text, _last(kept[-1]))
        return Edit(at, at, "".join(f"{newline}{line}" for line in lines))
    at = _line_start(text, _start(sequence.items[0]))
    return Edit(at, at, "".join(f"{line}{newline}" for line in lines))


def pair_removed(text: str, section: Node | None, key: Scalar, value: Scalar) -> Edit:
    """Take a key and its value out of a mapping that has each on a line of its own."""
    start = _line_start(text, key.start)
    if (isinstance(section, Mapping) and section.flow) or text[start : key.start].strip():
        raise Unplaceable("a variable is not on a line of its own")
    end = _line_end(text, value.end)
    return Edit(start, _next_line(text, end), "")


def pairs_added(
    text: str,
    root: Node | None,
    section: Node | None,
    values: dict[str, str],
    *,
    gone: Sequence[Scalar],
) -> Edit:
    """Put keys and values at the end of ``variables``, or that section at the end of the file.

    ``gone``: keys that are taken out of it.
    """
    newline = newline_of(text)
    if isinstance(section, Mapping) and section.pairs and not section.flow:
        first = section.pairs[0][0]
        indent = " " * (first.start - _line_start(text, first.start))
        lines = [f"{indent}{_pair(*pair)}" for pair in values.items()]
        kept = [pair for pair in section.pairs if pair[0] not in gone]
        if not kept:
            at = _line_start(text, first.start)
            return Edit(at, at, "".join(f"{line}{newline}" for line in lines))
        at = _line_end(text, max(kept[-1][0].end, _last(kept[-1][1])))
        return Edit(at, at, "".join(f"{newline}{line}" for line in lines))
    if section is not None or (isinstance(root, Mapping) and root.flow):
        raise Unplaceable("there is no place for its variables")
    gap = newline if text and not text.endswith("\n") else ""
    lines = ["variables:", *(f"  {_pair(*pair)}" for pair in values.items())]
    return Edit(len(text), len(text), gap + "".join(f"{line}{newline}" for line in lines))


def _pair(name: str, value: str) -> str:
    return f"{yaml_io.scalar(name)}: {yaml_io.scalar(value)}"


def dash_column(text: str, sequence: yaml_io.Sequence) -> int:
    """How far the items of a list are indented."""
    return _dash(text, sequence.items[0])[0]


def _out_of_flow(sequence: yaml_io.Sequence, gone: Sequence[Node]) -> list[Edit]:
    items = sequence.items
    leading = 0
    while leading < len(items) and items[leading] in gone:
        leading += 1
    edits = []
    if leading:
        end = _start(items[leading]) if leading < len(items) else _end(items[leading - 1])
        edits.append(Edit(_start(items[0]), end, ""))
    for before, item in zip(items[leading:], items[leading + 1 :], strict=False):
        if item in gone:
            edits.append(Edit(_end(before), _end(item), ""))
    return edits


def _line_removed(text: str, node: Node) -> Edit:
    _dash(text, node)
    start = _line_start(text, _start(node))
    end = _line_end(text, _last(node))
    return Edit(start, _next_line(text, end), "")


def _dash(text: str, node: Node) -> tuple[int, str]:
    """(column of the dash, what stands between it and the item)."""
    start = _line_start(text, _start(node))
    found = _DASH.fullmatch(text, start, _start(node))
    if found is None:
        raise Unplaceable("an item is not on a line of its own")
    return len(found.group(1)), found.group(2)


def _start_with_comments(text: str, node: Node, indent: int) -> int:
    """Where the comment above an item begins that is indented as the item is."""
    start = _line_start(text, _start(node))
    while start > 0:
        above = _line_start(text, start - 1)
        if not text[above:start].startswith(f"{' ' * indent}#"):
            break
        start = above
    return start


def _start(node: Node) -> int:
    if isinstance(node, yaml_io.Alias):
        raise Unplaceable("an alias stands there")
    return node.start


def _end(node: Node) -> int:
    """Behind the last character of a node."""
    return _last(node)


def _last(node: Node) -> int:
    if isinstance(node, Scalar):
        return node.end
    if isinstance(node, yaml_io.Alias):
        raise Unplaceable("an alias stands there")
    if node.flow:
        return node.end
    if isinstance(node, Mapping):
        inner: list[Node] = [part for pair in node.pairs for part in pair]
    else:
        inner = list(node.items)
    return max((_last(part) for part in inner), default=node.start)


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _next_line(text: str, end: int) -> int:
    return min(end + (2 if text[end : end + 1] == "\r" else 1), len(text))


def _line_end(text: str, at: int) -> int:
    """Before the newline, whatever it is."""
    end = text.find("\n", at)
    if end < 0:
        return len(text)
    return end - 1 if end > at and text[end - 1] == "\r" else end
