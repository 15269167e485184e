"""The inverse of writing: what a document says, as far as its format can carry it."""

from __future__ import annotations

import re

from jupyter_envsnap.core import names, redact
from jupyter_envsnap.core.comparing import of_file
from jupyter_envsnap.core.documents.declared import parse
from jupyter_envsnap.core.documents.listed import requirements
from jupyter_envsnap.core.documents.yaml_io import of_json
from jupyter_envsnap.core.errors import FileNotUnderstood
from jupyter_envsnap.core.model import CondaPackage, Environment

EXPLICIT_MARK = "@EXPLICIT"

_PACKAGE = re.compile(
    r"(?P<base>.*)/(?P<subdir>[^/]+)/(?P<name>[^/]+)-(?P<version>[^/-]+)-(?P<build>[^/-]+?)"
    r"\.(?:conda|tar\.bz2)(?:#(?:sha256:(?P<sha256>[0-9a-f]{64})|(?P<md5>[0-9a-f]{32})))?"
)
_PLATFORM = re.compile(r"# platform: (\S+)")


def loads(text: str, format: str = "environment-yaml") -> Environment:
    """What a document of one of our formats says; no credential of it is kept.

    Raises:
        FileNotUnderstood

    """
    if format == "explicit":
        return _explicit(text)
    if format == "requirements":
        return of_file(requirements(text))
    return of_file(parse(of_json(text) if format == "environment-json" else text))


def _explicit(text: str) -> Environment:
    """CEP 23: one address to a line, a hash behind it."""
    head, mark, rest = text.partition(f"{EXPLICIT_MARK}\n")
    if not mark:
        raise FileNotUnderstood("The file holds no explicit list.", reason="shape")
    platform = _PLATFORM.search(head)
    found: dict[str, CondaPackage] = {}
    for line in rest.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        package = _PACKAGE.fullmatch(line.strip())
        if package is None:
            raise FileNotUnderstood(f"“{redact.text(line)}” is no package.", reason="line")
        found[package["name"]] = CondaPackage(
            name=package["name"],
            version=package["version"],
            build=package["build"],
            channel=names.channel(package["base"]),
            subdir=package["subdir"],
            url=redact.url(line.partition("#")[0].strip()),
            sha256=package["sha256"],
            md5=package["md5"],
        )
    python = found.get("python")
    return Environment(
        digest="",
        name="",
        kind="conda",
        platform=platform.group(1) if platform else "",
        python=python.version if python else None,
        conda=tuple(found[name] for name in sorted(found)),
    )
