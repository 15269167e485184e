"""Bodies and queries: typed values, or BadRequest with the field's name."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeVar, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from jupyter_envsnap.core.errors import BadRequest

T = TypeVar("T", bound=Struct)

_FIELD = re.compile(r"`\$\.([^`]*)`$|field `([^`]*)`")


def body_as(kind: type[T], body: bytes) -> T:
    """The JSON body as a value.

    Raises:
        BadRequest: it is no JSON, no object, or a field is wrong, missing, unknown or given twice.

    """
    try:
        value = msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise _refused(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequest("The body is not JSON.") from error
    # msgspec takes the last of two equal fields; who reads the first would be deceived.
    json.loads(body, object_pairs_hook=_without_repeats)
    return value


def query_as(kind: type[T], arguments: Mapping[str, Sequence[bytes]]) -> T:
    """The query's fields as a value; fields of others, such as ``token``, are not ours to judge."""
    own = {field: arguments[field] for field in kind.__struct_fields__ if field in arguments}
    repeatable = _repeatable(kind)
    for field, values in own.items():
        if len(values) > 1 and field not in repeatable:
            raise BadRequest(f"“{field}” is given twice.", field=field)
    try:
        texts: dict[str, str | list[str]] = {
            field: [value.decode() for value in values]
            if field in repeatable
            else values[0].decode()
            for field, values in own.items()
        }
        return msgspec.convert(texts, kind, strict=False)
    except msgspec.ValidationError as error:
        raise _refused(error) from error
    except UnicodeDecodeError as error:
        raise BadRequest("The query is not UTF-8.") from error


def _repeatable(kind: type[Struct]) -> set[str]:
    """Fields that hold a list: each value stands in a parameter of its own."""
    hints = get_type_hints(kind)
    return {name for name, hint in hints.items() if get_origin(hint) is tuple}


def _refused(error: msgspec.ValidationError) -> BadRequest:
    text = str(error)
    found = _FIELD.search(text)
    field = (found.group(1) or found.group(2)) if found else None
    return BadRequest(f"{text.replace('`', '')}.", field=field)


def _without_repeats(pairs: Sequence[tuple[str, object]]) -> None:
    for field, count in Counter(field for field, _ in pairs).items():
        if count > 1:
            raise BadRequest(f"“{field}” is given twice.", field=field)
