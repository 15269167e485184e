"""The text of ``conda env export``, letter by letter, from what conda would read.

Credentials apart: conda prints those of configured channels, of explicit addresses and of
variables; here none is left to be printed. ``docs/conda-profile.md`` says what else differs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from jupyter_envsnap.core.conda_channels import Naming, Settings
from jupyter_envsnap.core.documents.as_conda_specs import Request, request
from jupyter_envsnap.core.documents.format import Format
from jupyter_envsnap.core.documents.yaml_io import dump
from jupyter_envsnap.core.model import Finding
from jupyter_envsnap.core.wire import DocumentQuery

CREATED_BY = "conda 26.7.2.dev56+g0f64223fb"
"""The version whose text this is: its ``requirements`` and ``explicit`` say so."""

_NOWHERE = Naming(Settings())
"""For specs without a channel."""
_ORDINARY = re.compile(r"[A-Za-z0-9_.!+]+")
# With `=` inside, neither YAML nor a reader of it takes a spec for anything but a string.
_PLAIN_SPEC = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*=[A-Za-z0-9_.+!=-]*[A-Za-z0-9_]")


class CondaRecord(Struct, frozen=True, kw_only=True):
    """A package as conda lists it."""

    name: str
    version: str
    build: str
    channel: str = ""
    """Canonical name; empty if unknown."""
    before_colons: str = ""
    """The channel in front of ``::`` in requirements; empty if unknown."""
    url: str = ""


class CondaView(Struct, frozen=True, kw_only=True):
    """What conda would read of a prefix and of its configuration, without credentials."""

    name: str
    prefix: str
    platform: str
    """The one that conda takes this machine for."""
    configured_channels: tuple[str, ...] = ()
    """As written."""
    records: tuple[CondaRecord, ...] = ()
    """By name."""
    pip: tuple[str, ...] = ()
    """``name==version``, by name."""
    developed: tuple[str, ...] = ()
    """``name=version=dev_0`` of what an egg-link names."""
    requested: tuple[Request, ...] = ()
    """Specs of the history whose packages are installed, in its order."""
    variables: tuple[tuple[str, str | float | bool | None], ...] = ()
    """In the order of the file; conda prints a number as a number."""
    findings: tuple[Finding, ...] = ()
    """What a reader of the text must know."""


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
        specs = [spec.as_requirement for spec in view.requested]
    else:
        specs = [_request(record, query).as_requirement for record in view.records]
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
    unnamed = [record for record in view.records if not record.url]
    told_apart = (
        *(f"# No address is known of {r.name}={r.version}={r.build}" for r in unnamed),
        *(f"# Installed by pip: {' '.join(line.split())}" for line in view.pip),
    )
    return "".join(f"{line}\n" for line in (*head, *urls, *told_apart))


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
        return [spec.as_environment for spec in view.requested], ()
    if query.from_history:
        return (*(f"{r.name}={r.version}={r.build}" for r in view.records), *view.developed), ()
    return [_request(record, query).as_environment for record in view.records], view.pip


def _request(record: CondaRecord, query: DocumentQuery) -> Request:
    """The spec that conda makes of a record: it takes it apart and writes out what it read."""
    channel = record.before_colons if query.channels else ""
    build = f"={record.build}" if query.builds else ""
    if _ORDINARY.fullmatch(record.version) and _ORDINARY.fullmatch(record.build):
        exact = "==" if query.builds else "="
        return Request(spec=f"{record.name}{exact}{record.version}{build}", channel=channel)
    made = request(f"{record.name}={record.version}{build}", _NOWHERE)
    return Request(spec=made.spec, channel=channel)


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
