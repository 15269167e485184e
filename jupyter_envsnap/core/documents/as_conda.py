"""The text of ``conda env export``, letter by letter, from what conda would read.

Credentials apart: conda prints those of configured channels, of explicit addresses and of
variables; here none is left to be printed. ``docs/conda-profile.md`` says what else differs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from jupyter_envsnap.core.documents.format import Format
from jupyter_envsnap.core.documents.yaml_io import dump
from jupyter_envsnap.core.specs import Spec, SpecInvalid, parse
from jupyter_envsnap.core.wire import DocumentQuery

CREATED_BY = "conda 26.7.2.dev56+g0f64223fb"
"""The version whose text this is: its ``requirements`` and ``explicit`` say so."""

# With `=` inside, neither YAML nor a reader of it takes a spec for anything but a string.
_PLAIN_SPEC = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*=[A-Za-z0-9_.+!=-]*[A-Za-z0-9_]")


class CondaRecord(Struct, frozen=True, kw_only=True):
    """A package as conda lists it."""

    name: str
    version: str
    build: str
    channel: str = ""
    """Canonical name; empty if unknown."""
    prefix: str = ""
    """What stands before ``::`` in requirements; empty if unknown."""
    url: str = ""


class CondaView(Struct, frozen=True, kw_only=True):
    """What conda would read of a prefix and of its configuration, without credentials."""

    name: str
    prefix: str
    platform: str
    """Of this machine."""
    configured_channels: tuple[str, ...] = ()
    """As written."""
    records: tuple[CondaRecord, ...] = ()
    """By name."""
    pip: tuple[str, ...] = ()
    """``name==version``, by name."""
    developed: tuple[str, ...] = ()
    """``name=version=dev_0`` of what conda takes for packages in development."""
    requested: tuple[str, ...] = ()
    """Specs of the history whose packages are installed, in its order."""
    variables: tuple[tuple[str, str], ...] = ()
    """In the order of the file."""


def write(view: CondaView, format: Format, query: DocumentQuery) -> str:
    """The text of ``conda env export`` in one of its formats, with its flags."""
    return _WRITERS[format.name](view, query)


def _yaml(view: CondaView, query: DocumentQuery) -> str:
    channels = _channels(view, query)
    lines = [_block({"name": view.name})]
    if channels:
        lines.append(_block({"channels": list(channels)}))
    specs, pip = _dependencies(view, query)
    if not specs and not pip:
        lines.append("dependencies: []\n")
    else:
        lines += ["dependencies:\n", *_items(specs, "  ")]
    if pip:
        lines += ["  - pip:\n", *_items(pip, "      ")]
    if view.variables:
        lines.append(_block({"variables": dict(view.variables)}))
    lines.append(_block({"prefix": view.prefix}))
    return "".join(lines)


def _json(view: CondaView, query: DocumentQuery) -> str:
    channels = _channels(view, query)
    specs, pip = _dependencies(view, query)
    value: dict[str, object] = {"name": view.name}
    if channels:
        value["channels"] = list(channels)
    value["dependencies"] = [*specs, *([{"pip": list(pip)}] if pip else [])]
    if view.variables:
        value["variables"] = dict(view.variables)
    value["prefix"] = view.prefix
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _requirements(view: CondaView, query: DocumentQuery) -> str:
    head = (
        "# This file may be used to create an environment using:",
        "# $ conda create --name <env> --file <this file>",
        f"# platform: {view.platform}",
        f"# created-by: {CREATED_BY}",
        "# Note: This is a conda requirements file (MatchSpec format)",
        "# Contains conda package specifications, not pip requirements",
        "",
    )
    if query.from_history and view.requested:
        specs = [_canonical(spec, channel=True) for spec in view.requested]
    else:
        specs = [_requirement(record, query) for record in view.records]
    return "".join(f"{line}\n" for line in (*head, *specs))


def _explicit(view: CondaView, query: DocumentQuery) -> str:  # noqa: ARG001 - its flags say nothing here
    head = (
        "# This file may be used to create an environment using:",
        "# $ conda create --name <env> --file <this file>",
        f"# platform: {view.platform}",
        f"# created-by: {CREATED_BY}",
        "@EXPLICIT",
    )
    urls = [record.url for record in view.records if record.url]
    return "".join(f"{line}\n" for line in (*head, *urls))


_WRITERS = {
    "environment-yaml": _yaml,
    "environment-json": _json,
    "requirements": _requirements,
    "explicit": _explicit,
}


def _channels(view: CondaView, query: DocumentQuery) -> tuple[str, ...]:
    of_packages: tuple[str, ...] = ()
    if query.channels and not query.from_history:
        of_packages = tuple(record.channel for record in view.records if record.channel)
    return tuple(dict.fromkeys((*of_packages, *view.configured_channels)))


def _dependencies(view: CondaView, query: DocumentQuery) -> tuple[Sequence[str], Sequence[str]]:
    """(conda's, pip's)."""
    if query.from_history and view.requested:
        return [_canonical(spec, channel=False) for spec in view.requested], ()
    builds = query.builds or query.from_history
    specs = [
        f"{r.name}={r.version}={r.build}" if builds else f"{r.name}={r.version}"
        for r in view.records
    ]
    return (*specs, *view.developed) if query.from_history else specs, (
        () if query.from_history else view.pip
    )


def _requirement(record: CondaRecord, query: DocumentQuery) -> str:
    channel = f"{record.prefix}::" if query.channels and record.prefix else ""
    if not query.builds:
        return f"{channel}{record.name}={record.version}"
    return f"{channel}{record.name}=={record.version}={record.build}"


def _canonical(text: str, *, channel: bool) -> str:
    """A spec as conda writes it out (conda/models/match_spec.py)."""
    try:
        spec = parse(text)
    except SpecInvalid:
        return text
    outside, inside = _version(spec, exact="==" if channel else "=")
    inside += [f"{key}={_quoted(value)}" for key, value in spec.fields.items()]
    behind = f"[{','.join(inside)}]" if inside else ""
    before = f"{spec.channel}::" if channel and spec.channel else ""
    return f"{before}{spec.name}{outside}{behind}"


def _version(spec: Spec, *, exact: str) -> tuple[str, list[str]]:
    """(what stands behind the name, what stands in brackets)."""
    version, build = spec.version, spec.build
    outside, inside = "", []
    is_exact = False
    if version is not None:
        if re.search(r"[><$^|,]", version) or (build and version[:2] in {"!=", "~="}):
            inside.append(f"version='{version}'")
        elif version[:2] in {"!=", "~="}:
            outside = version
        elif version.endswith("*"):
            outside = f"={version.rstrip('*').rstrip('.')}" if version != "*" else "=*"
        else:
            is_exact = True
            outside = f"{exact}{version}"
    if build is not None:
        if re.search(r"[><$^|,]", build):
            inside.append(f"build='{build}'")
        elif is_exact and "*" not in build:
            outside += f"={build}"
        else:
            inside.append(f"build={build}")
    return outside, inside


def _quoted(value: str) -> str:
    return f"'{value}'" if re.search(r"[ ,=]", value) else value


def _items(specs: Sequence[str], indent: str) -> Iterator[str]:
    for spec in specs:
        if _PLAIN_SPEC.fullmatch(spec):
            yield f"{indent}- {spec}\n"
        else:
            # The writer of YAML decides on quotes and on where a long line is broken.
            depth = len(indent) // 2
            value: object = [spec]
            for _ in range(depth):
                value = {"x": value}
            yield "".join(_block(value).splitlines(keepends=True)[depth:])


def _block(value: object) -> str:
    return dump(value)
