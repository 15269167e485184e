"""YAML text and plain values: the one place that knows ruamel.yaml.

Scalars are written by hand: the layout of our documents is fixed, and dumping 3,200 lines through
a YAML library would hold the event loop for a third of a second.
"""

from __future__ import annotations

import re
from io import StringIO
from typing import Any, Literal

from msgspec import Struct

_PLAIN = re.compile(
    r"(?:[\w./]|--?(?=[A-Za-z]))"
    r"(?:[\w./+=!@~*^&%$<>|(),;?\[\]'\"-]|:(?=[\w./+=:-])|#| (?! |#|$))*"
)
# Neither a YAML 1.1 nor a YAML 1.2 reader may take a string for anything else: numbers in every
# base, sexagesimal numbers, dates, infinities, nulls and the 1.1 booleans. Quoting more is safe.
_AMBIGUOUS = re.compile(
    r"[-+.0-9][-+.0-9a-fA-FxXoO_:tTzZ ]*|[-+]?\.(?:inf|nan)"
    r"|~|null|true|false|yes|no|on|off|y|n",
    re.IGNORECASE,
)
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\xa0\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_ESCAPED = re.compile(f'["\\\\]|{_UNPRINTABLE.pattern}')

_COLON = re.compile(r"\s*:")
_DASHES = re.compile(r"[ \t]*-(?:[ \t]+-)*(?=\s|$)")


class YamlInvalid(ValueError):
    """The text is not YAML."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def scalar(text: str) -> str:
    """A string as a one-line YAML scalar that readers of YAML 1.1 and 1.2 load as that string."""
    if not is_printable(text):
        return quoted(text)
    if _PLAIN.fullmatch(text) and not _AMBIGUOUS.fullmatch(text):
        return text
    return "'" + text.replace("'", "''") + "'"


def quoted(text: str) -> str:
    """A string in double quotes."""
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def of_json(text: str) -> str:
    """JSON as a reader of YAML takes it: what YAML has no place for is written out."""
    return _UNPRINTABLE.sub(lambda m: m.group() if m.group() in "\n\r\t" else _escape(m), text)


def is_printable(text: str) -> bool:
    """Whether it can stand in a file as it is."""
    return not _UNPRINTABLE.search(text)


def comment(text: str) -> str:
    """A one-line YAML comment."""
    return "# " + _UNPRINTABLE.sub("?", text)


def load(text: str) -> object:
    """The plain values of a YAML 1.2 document.

    Raises:
        YamlInvalid

    """
    # Imported where it is needed: the server starts without it.
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    try:
        value: object = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError, RecursionError) as error:
        raise YamlInvalid("The text is not YAML.") from error
    return value


class Commented(Struct, frozen=True, kw_only=True):
    """A value with the comment behind it, and so on inwards."""

    value: str | float | bool | list[Commented] | dict[str, Commented] | None
    comment: str | None = None


def load_commented(text: str) -> dict[str, Commented]:
    """The values of a mapping, with their comments; empty where the text is nothing at all.

    Raises:
        YamlInvalid: also where it is no mapping.

    """
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    try:
        loaded = YAML(typ="rt", pure=True).load(text)
        if loaded is None:
            return {}
        if not isinstance(loaded, dict):
            raise YamlInvalid("The text is no mapping.")
        return _pairs(loaded)
    except (YAMLError, ValueError, RecursionError) as error:
        raise YamlInvalid("The text is not YAML.") from error


def dump(value: object) -> str:
    """Block style as conda's own export lays it out, through ruamel.yaml's round-trip writer."""
    from ruamel.yaml import YAML  # noqa: PLC0415

    writer = YAML(typ="rt", pure=True)
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.allow_unicode = True
    out = StringIO()
    writer.dump(value, out)
    return out.getvalue()


class Scalar(Struct, frozen=True, kw_only=True):
    """A scalar of a document, and where its token stands."""

    value: str
    """As text, whatever type a reader makes of it."""
    start: int
    """Offset in the text, in characters."""
    end: int
    style: Literal["plain", "'", '"', "block"]
    is_null: bool = False


class Sequence(Struct, frozen=True, kw_only=True):
    items: tuple[Node, ...]
    start: int
    end: int
    """Of a flow sequence behind its bracket; of another nothing can be made of it."""
    flow: bool


class Mapping(Struct, frozen=True, kw_only=True):
    pairs: tuple[tuple[Scalar, Node], ...]
    start: int
    end: int
    flow: bool


class Alias(Struct, frozen=True, kw_only=True):
    """A reference (``*name``) to what stands elsewhere."""

    node: Node


Node = Scalar | Sequence | Mapping | Alias


def compose(text: str) -> Node | None:
    """The nodes of a document, none resolved; None where the text is nothing at all.

    Raises:
        YamlInvalid: its ``line``, from 1, is where; None where that cannot be told.

    """
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415

    try:
        root = YAML(typ="rt", pure=True).compose(text)
        return None if root is None else _node(root, text, seen={})
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlInvalid("The text is not YAML.", mark.line + 1 if mark else None) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise YamlInvalid("The text is not YAML.") from error


def _node(node: Any, text: str, *, seen: dict[int, Node], after: int | None = None) -> Node:
    """``after``: behind the key that it is the value of."""
    if id(node) in seen:
        return Alias(node=seen[id(node)])
    made = _made(node, text, seen=seen, after=after)
    if node.anchor is not None:
        seen[id(node)] = made
    return made


def _made(node: Any, text: str, *, seen: dict[int, Node], after: int | None) -> Node:
    start, end = node.start_mark.index, node.end_mark.index
    flow = bool(getattr(node, "flow_style", False))
    if isinstance(node.value, str):
        style = {"'": "'", '"': '"', "|": "block", ">": "block"}.get(node.style, "plain")
        if style == "block":
            end = start + len(text[start:end].rstrip())  # its mark is where the next line begins
        elif start == end:
            start = end = _place_of_nothing(text, start, after)
        is_null = style == "plain" and node.value in {"", "~", "null", "Null", "NULL"}
        return Scalar(
            value=node.value,
            start=start,
            end=end,
            style=style,  # type: ignore[arg-type] # of the table above
            is_null=is_null,
        )
    if node.id == "mapping":
        pairs = []
        for key, value in node.value:
            made = _node(key, text, seen=seen)
            if not isinstance(made, Scalar):
                raise ValueError("a key that is no word")  # noqa: TRY004 - of the text, not of a value
            pairs.append((made, _node(value, text, seen=seen, after=made.end)))
        return Mapping(pairs=tuple(pairs), start=start, end=end, flow=flow)
    items = tuple(_node(item, text, seen=seen) for item in node.value)
    return Sequence(items=items, start=start, end=end, flow=flow)


def _place_of_nothing(text: str, mark: int, after: int | None) -> int:
    """Where a value would stand that is not there: its mark may be lines further down."""
    if after is not None:
        colon = _COLON.match(text, after)
        return colon.end() if colon else mark
    above = mark
    while above > 0:
        line = text.rfind("\n", 0, above) + 1
        dash = _DASHES.match(text, line, above)
        if dash is not None:
            return dash.end()
        above = line - 1
    return mark


def _pairs(mapping: Any) -> dict[str, Commented]:
    return {str(k): _commented(v, _comment_at(mapping, k, 2)) for k, v in mapping.items()}


def _commented(value: Any, comment: str | None) -> Commented:
    if isinstance(value, dict):
        return Commented(value=_pairs(value), comment=comment)
    if isinstance(value, list):
        items = [_commented(v, _comment_at(value, i, 0)) for i, v in enumerate(value)]
        return Commented(value=items, comment=comment)
    known = value is None or isinstance(value, str | bool | int | float)
    return Commented(value=value if known else str(value), comment=comment)


def _comment_at(holder: Any, key: object, place: int) -> str | None:
    """ruamel.yaml keeps four places of comments for each key; None where this one is empty."""
    places = getattr(getattr(holder, "ca", None), "items", {}).get(key)
    token = places[place] if places and len(places) > place else None
    written = getattr(token, "value", None)
    return written.strip() or None if isinstance(written, str) else None


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character in '"\\':
        return "\\" + character
    return f"\\x{ord(character):02x}" if ord(character) < 0x100 else f"\\u{ord(character):04x}"
