"""Edits of a text that leave every other byte as it is: the only way a person's file is changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from jupyter_envsnap.core.documents import yaml_io
from jupyter_envsnap.core.documents.yaml_io import Mapping, Node, Scalar

_ANCHOR = re.compile(r"(?:[&!]\S+[ \t]+)+")
_NUMBER = re.compile(r"0|[1-9][0-9]*")
_NOT_IN_FLOW = re.compile(r"[,\[\]{}]")


class Unplaceable(ValueError):
    """What is to be changed is written in a way that cannot be changed on its own."""


class Edit(Struct, frozen=True, order=True):
    """Put ``text`` in the place of what stands from ``start`` to ``end``."""

    start: int
    end: int
    text: str
    lines: bool = False
    """Whole lines: they begin on a line of their own also where the text ends without one."""


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; their places are those of the text as it was."""
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < at:
            raise Unplaceable("two changes are at the same place")
        parts.append(text[at : edit.start])
        before = next((part for part in reversed(parts) if part), "\n")
        if edit.lines and not before.endswith("\n"):
            parts.append(newline_of(text))
        parts.append(edit.text)
        at = edit.end
    made = "".join([*parts, text[at:]])
    if text and made.endswith("\n") and not text.endswith("\n"):
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
    if token.style == "plain" and _NUMBER.fullmatch(token.value) and _NUMBER.fullmatch(value):
        return Edit(start, token.end, value)  # a number stays one
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


def style_of(nodes: Iterable[Node]) -> str:
    """The quotes that all of these words have, which new ones among them are to have too."""
    styles = {node.style for node in nodes if isinstance(node, Scalar)}
    return styles.pop() if len(styles) == 1 and styles <= {"'", '"'} else "plain"


def lines_at_end(text: str, lines: Iterable[str]) -> Edit:
    """Whole lines behind all that a file has."""
    newline = newline_of(text)
    return Edit(len(text), len(text), "".join(f"{line}{newline}" for line in lines), lines=True)


def emptied(text: str, key: Scalar, empty: str) -> Edit:
    """``[]`` or ``{}`` behind a key that lost all that it held."""
    at = text.index(":", key.end) + 1
    return Edit(at, at, f" {empty}")


def pair_removed(text: str, section: Node | None, key: Scalar, value: Scalar) -> Edit:
    """Take a key and its value out of a mapping that has each on a line of its own."""
    start = line_start(text, key.start)
    if (isinstance(section, Mapping) and section.flow) or text[start : key.start].strip():
        raise Unplaceable("a variable is not on a line of its own")
    end = line_end(text, value.end)
    return Edit(start, next_line(text, end), "")


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
        indent = " " * (first.start - line_start(text, first.start))
        lines = [f"{indent}{_pair(*pair)}" for pair in values.items()]
        kept = [pair for pair in section.pairs if pair[0] not in gone]
        if not kept:
            at = line_start(text, first.start)
            return Edit(at, at, "".join(f"{line}{newline}" for line in lines))
        at = line_end(text, max(kept[-1][0].end, end_of(kept[-1][1])))
        return Edit(at, at, "".join(f"{newline}{line}" for line in lines))
    if isinstance(root, Mapping) and root.flow:
        return _pairs_in_flow(root, section, values, gone=gone)
    if section is not None:
        raise Unplaceable("there is no place for its variables")
    return lines_at_end(text, ["variables:", *(f"  {_pair(*pair)}" for pair in values.items())])


def _pairs_in_flow(
    root: Mapping, section: Node | None, values: dict[str, str], *, gone: Sequence[Scalar]
) -> Edit:
    style = style_of(key for key, _ in root.pairs)
    pairs = ", ".join(
        f"{written(name, style=style, flow=True)}: {written(value, style=style, flow=True)}"
        for name, value in values.items()
    )
    if gone or not root.pairs:
        raise Unplaceable("there is no place for its variables")
    if section is None:
        end = end_of(root.pairs[-1][1])
        return Edit(end, end, f", {written('variables', style=style, flow=True)}: {{{pairs}}}")
    if not isinstance(section, Mapping):
        raise Unplaceable("its variables are no mapping")
    if section.pairs:
        end = end_of(section.pairs[-1][1])
        return Edit(end, end, f", {pairs}")
    return Edit(section.start + 1, section.start + 1, pairs)


def _pair(name: str, value: str) -> str:
    return f"{yaml_io.scalar(name)}: {yaml_io.scalar(value)}"


def start_of(node: Node) -> int:
    """Where a node begins."""
    if isinstance(node, yaml_io.Alias):
        raise Unplaceable("an alias stands there")
    return node.start


def end_of(node: Node) -> int:
    """Behind the last character of a node."""
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
    return max((end_of(part) for part in inner), default=node.start)


def line_start(text: str, at: int) -> int:
    """Where the line begins that holds this place."""
    return text.rfind("\n", 0, at) + 1


def next_line(text: str, end: int) -> int:
    """Behind the newline of a line that ends there."""
    return min(end + (2 if text[end : end + 1] == "\r" else 1), len(text))


def line_end(text: str, at: int) -> int:
    """Before the newline, whatever it is."""
    end = text.find("\n", at)
    if end < 0:
        return len(text)
    return end - 1 if end > at and text[end - 1] == "\r" else end
