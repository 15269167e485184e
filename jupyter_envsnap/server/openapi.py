"""The OpenAPI 3.1 document, made from the routes and the wire types.

``python -m jupyter_envsnap.server.openapi`` writes ``openapi.json`` beside this file; a test fails
while that file is stale.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from jupyter_envsnap import __version__
from jupyter_envsnap.core.wire import ErrorReply
from jupyter_envsnap.server.routes import OPERATIONS, Operation

SHIPPED = Path(__file__).with_name("openapi.json")

Json = dict[str, Any]


def document() -> Json:
    """The document as JSON-ready dictionaries, always in the same order."""
    types = dict.fromkeys(
        t for op in OPERATIONS for t in (op.body, op.reply, op.query, ErrorReply) if t is not None
    )
    refs, components = msgspec.json.schema_components(
        types, ref_template="#/components/schemas/{name}"
    )
    schemas = dict(zip(types, refs, strict=True))
    queries = {op.query.__name__ for op in OPERATIONS if op.query is not None}
    paths: dict[str, Json] = {}
    for op in OPERATIONS:
        item = paths.setdefault(f"/envsnap/{op.path}", {})
        item[op.verb] = _operation(op, schemas, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": "jupyter-envsnap", "version": __version__},
        "paths": paths,
        "components": {
            "schemas": {k: v for k, v in sorted(components.items()) if k not in queries}
        },
    }


def text() -> str:
    """The document as it is shipped."""
    return json.dumps(document(), indent=2) + "\n"


def _operation(op: Operation, schemas: dict[type, Json], components: dict[str, Json]) -> Json:
    reply: Json = {} if op.reply is None else schemas[op.reply]
    content = {
        media_type: {"schema": reply if media_type == "application/json" else {"type": "string"}}
        for media_type in op.media_types
    }
    out: Json = {"operationId": op.name, "summary": op.summary}
    parameters = _parameters(op, components)
    if parameters:
        out["parameters"] = parameters
    if op.body is not None:
        out["requestBody"] = {"required": True, "content": _json(schemas[op.body])}
    out["responses"] = {
        str(op.status): {
            "description": op.summary,
            **({"content": content} if content else {}),
        },
        **({"304": {"description": "Unchanged since the ETag."}} if op.conditional else {}),
        "default": {"description": "What went wrong.", "content": _json(schemas[ErrorReply])},
    }
    return out


def _json(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _parameters(op: Operation, components: dict[str, Json]) -> list[Json]:
    found: list[Json] = []
    if "{id}" in op.path:
        found.append({"name": "id", "in": "path", "required": True, "schema": {"type": "string"}})
    if op.query is not None:
        properties = components[op.query.__name__]["properties"]
        needed = components[op.query.__name__].get("required", [])
        found += [
            {"name": name, "in": "query", "required": name in needed, "schema": schema}
            for name, schema in properties.items()
        ]
    return found


if __name__ == "__main__":
    SHIPPED.write_text(text(), encoding="utf-8")
