"""What a document has no place for: where each package came from and what it was installed on.

A JSON document beside the file that people read. It holds neither a time nor a path of the prefix,
so the same environment on the same machine always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

import msgspec
from msgspec import Struct

from jupyter_envsnap.core.model import (
    ArchiveSource,
    CondaPackage,
    Environment,
    Kind,
    Machine,
    PipIndexes,
    PypiPackage,
    Source,
    VcsSource,
    VirtualPackage,
)

FORMAT = "envsnap-sidecar"
VERSION = 1
_ARCHIVES = (".conda", ".tar.bz2")


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A conda package: enough to name it after it is gone from its channel."""

    name: str
    version: str
    build: str
    channel: str
    subdir: str
    url: str | None = None
    md5: str | None = None
    sha256: str | None = None
    purls: tuple[str, ...]
    """Its own, then those of the Python distributions in it."""


class Installed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A package of pip's."""

    name: str
    version: str
    source: Source | None = None
    installer: str | None = None
    user_site: bool = False
    purls: tuple[str, ...]


class Sidecar(Struct, frozen=True, kw_only=True):
    """The document."""

    format: str = FORMAT
    version: int = VERSION
    digest: str
    name: str
    kind: Kind
    platform: str
    python: str | None
    machine: Machine
    virtual_packages: tuple[VirtualPackage, ...]
    channels: tuple[str, ...]
    pins: tuple[str, ...]
    indexes: PipIndexes
    conda: tuple[Record, ...]
    pypi: tuple[Installed, ...]


def sidecar(environment: Environment) -> str:
    """The document's text, indented by two, with a newline at the end."""
    made = Sidecar(
        digest=environment.digest,
        name=environment.name,
        kind=environment.kind,
        platform=environment.platform,
        python=environment.python,
        machine=environment.machine,
        virtual_packages=environment.virtual_packages,
        channels=environment.channels,
        pins=environment.pins,
        indexes=environment.indexes,
        conda=tuple(_record(package) for package in environment.conda),
        pypi=tuple(_installed(package) for package in environment.pypi),
    )
    return f"{msgspec.json.format(msgspec.json.encode(made), indent=2).decode()}\n"


def purls(package: CondaPackage | PypiPackage) -> tuple[str, ...]:
    """The names that vulnerability databases and inventories have for a package (purl-spec)."""
    if isinstance(package, PypiPackage):
        return (_purl("pypi", package.name, package.version, _origin(package.source)),)
    found = [
        ("build", package.build),
        ("channel", package.channel),
        ("subdir", package.subdir),
        ("type", next((end[1:] for end in _ARCHIVES if (package.url or "").endswith(end)), "")),
    ]
    # Of several distributions an old record does not say which has a version of its own.
    versions = {
        name: version
        for name, version in package.provides.items()
        if len(package.distributions) == 1 or version != package.version
    }
    return (
        _purl("conda", package.name, package.version, found),
        *(_purl("pypi", name, versions.get(name, ""), ()) for name in package.provides),
    )


def _record(package: CondaPackage) -> Record:
    return Record(
        name=package.name,
        version=package.version,
        build=package.build,
        channel=package.channel,
        subdir=package.subdir,
        url=package.url,
        md5=package.md5,
        sha256=package.sha256,
        purls=purls(package),
    )


def _installed(package: PypiPackage) -> Installed:
    return Installed(
        name=package.name,
        version=package.version,
        source=package.source,
        installer=package.installer,
        user_site=package.user_site,
        purls=purls(package),
    )


def _origin(source: Source | None) -> list[tuple[str, str]]:
    if isinstance(source, VcsSource):
        return [("vcs_url", f"{source.vcs}+{source.url}@{source.commit}")]
    if isinstance(source, ArchiveSource):
        checksums = ",".join(text.replace("=", ":", 1) for text in source.hashes)
        return [("checksum", checksums), ("download_url", source.url)]
    return []


def _purl(kind: str, name: str, version: str, qualifiers: Iterable[tuple[str, str]]) -> str:
    known = "&".join(f"{key}={_encoded(value)}" for key, value in qualifiers if value)
    at = f"@{_encoded(version)}" if version else ""
    return f"pkg:{kind}/{_encoded(name)}{at}{'?' if known else ''}{known}"


def _encoded(text: str) -> str:
    return quote(text, safe=":")
