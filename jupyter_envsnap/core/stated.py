"""What an entry of a file says, as a package; no credential that stands in it is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import attrgetter
from typing import TypeVar

from msgspec.structs import replace

from jupyter_envsnap.core import names, redact
from jupyter_envsnap.core.documents import pip_addresses
from jupyter_envsnap.core.documents.declared import CondaEntry, Declared, PipEntry
from jupyter_envsnap.core.model import (
    ArchiveSource,
    CondaPackage,
    LocalSource,
    PipIndexes,
    PypiPackage,
    Source,
    VcsSource,
)

_P = TypeVar("_P", CondaPackage, PypiPackage)

_OPTION = re.compile(r"(?P<name>--?[a-z-]+)[\s=]+(?P<place>\S+)")
_KINDS_OF_INDEX = {
    "-i": "index",
    "--index-url": "index",
    "--pypi-url": "index",
    "--extra-index-url": "extra",
    "-f": "links",
    "--find-links": "links",
}
_HASHES = frozenset({"md5", "sha256"})


def channels(file: Declared) -> tuple[str, ...]:
    """In the order of the file, each once, by their canonical names."""
    found = (names.channel(channel) for channel in file.channels)
    return tuple(dict.fromkeys(channel for channel in found if channel))


def variables(file: Declared) -> dict[str, str]:
    """Without those that are secrets."""
    return {k: v for k, v in sorted(file.variables) if not redact.is_secret(k, v)}


def indexes(file: Declared) -> PipIndexes:
    """Those that the options of its pip section name."""
    found: dict[str, list[str]] = {}
    for entry in file.pip:
        option = _OPTION.fullmatch(entry.text.strip())
        if option is not None:
            place = redact.url(option["place"].strip("'\""))
            found.setdefault(_KINDS_OF_INDEX.get(option["name"], ""), []).append(place)
    return PipIndexes(
        index_url=found.get("index", [None])[-1],
        extra=tuple(found.get("extra", ())),
        find_links=tuple(found.get("links", ())),
    )


def asked_version(entry: CondaEntry) -> str:
    """One version, or a range as it is written; empty where any will do."""
    asked = entry.spec.version if entry.spec else None
    return redact.text((asked or "").removesuffix(".*"))


def conda_package(
    entry: CondaEntry, *, like: CondaPackage | None = None, requested: bool = False
) -> CondaPackage:
    """What an entry asks for; where it leaves something open, as it is installed (``like``)."""
    spec = entry.spec
    channel = names.channel(spec.channel or "") if spec else ""
    build = redact.text(spec.build or "") if spec else ""
    if like is None:
        return CondaPackage(
            # What cannot be understood is still there, or is not.
            name=entry.name or redact.text(entry.text),
            version=asked_version(entry),
            build=build,
            channel=channel,
            subdir="",
            requested=(entry.name,) if requested else (),
        )
    takes = spec is not None and spec.matches(like.version, like.build)
    elsewhere = bool(channel) and channel != like.channel
    hashes = {name: spec.fields[name] for name in _HASHES & spec.fields.keys()} if spec else {}
    # It takes what is installed, and yet does not do: it is to name a build, and names none.
    without_build = takes and not elsewhere and not hashes
    return replace(
        like,
        version=like.version if takes else asked_version(entry),
        build=build or ("" if without_build else like.build),
        channel=channel or like.channel,
        **hashes,
    )


def pypi_package(
    entry: PipEntry, *, name: str = "", like: PypiPackage | None = None, requested: bool = False
) -> PypiPackage:
    """What a line installs; the version behind an address is not known from it."""
    version = redact.text(re.sub(r"^={2,3}", "", entry.specifier))
    if entry.url and like is not None:
        version = like.version
    name = name or entry.name or redact.text(entry.url or entry.text)
    package = like or PypiPackage(name=name, version="", requested=requested)
    return replace(package, version=version, source=_source(entry) if entry.url else None)


def _source(entry: PipEntry) -> Source:
    found = pip_addresses.address(entry.url)
    editable = entry.kind == "editable"
    within = redact.text(found.subdirectory) or None
    if found.vcs:
        return VcsSource(
            vcs=found.vcs,
            url=redact.url(found.url),
            commit=redact.text(found.reference),
            subdirectory=within,
            editable=editable,
        )
    if "://" in found.url and not found.url.startswith("file:"):
        hashes = tuple(sorted(f"{kind}={value}" for kind, value in found.hashes))
        return ArchiveSource(url=redact.url(found.url), hashes=hashes, subdirectory=within)
    path = pip_addresses.path(found.url) if found.url.startswith("file:") else found.url
    return LocalSource(path=redact.text(path), editable=editable, subdirectory=within)


def by_name(packages: Iterable[_P]) -> tuple[_P, ...]:
    return tuple(sorted(packages, key=attrgetter("name")))
