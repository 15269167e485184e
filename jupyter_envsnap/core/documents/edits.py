"""Edits of a text that leave every other byte as it is: the only way a person's file is changed."""

from __future__ import annotations

import re
from collections.abc import Iterable

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
    if token.style == "plain" and not token.value:
        return Edit(token.end, token.end, f" {written(value, flow=flow)}")
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


def root_indent(text: str, root: Mapping | None) -> str:
    """What stands before each key of a file that is indented as a whole."""
    if root is None or root.flow or not root.pairs:
        return ""
    start = line_start(text, root.pairs[0][0].start)
    return " " * (root.pairs[0][0].start - start - text.startswith("\ufeff", start))


def emptied(text: str, key: Scalar, empty: str) -> Edit:
    """``[]`` or ``{}`` behind a key that lost all that it held."""
    at = text.index(":", key.end) + 1
    return Edit(at, at, f" {empty}")


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
