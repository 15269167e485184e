"""Reads one distribution: a dist-info, an egg-info (folder or file) or an egg-link.

Formats: PEP 376, PEP 627 (dist-info), PEP 610 (direct_url.json), setuptools' development mode.
"""

# pathlib would cost as much as the system calls do.
# ruff: noqa: PTH117, PTH118, PTH208

from __future__ import annotations

import os
import re
import stat
from urllib.parse import unquote

import msgspec
from msgspec import Struct

from jupyter_envsnap.adapters import prefix_files
from jupyter_envsnap.adapters.prefix_files import Stamp
from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core import names, redact
from jupyter_envsnap.core.environment import Distribution
from jupyter_envsnap.core.findings import finding
from jupyter_envsnap.core.model import (
    ArchiveSource,
    Finding,
    LocalSource,
    PypiPackage,
    Source,
    VcsSource,
)

ENDINGS = (".dist-info", ".egg-info", ".egg-link")

_HEAD_BYTES = 16_384
"""The header of nearly every METADATA is shorter, its description is not."""
_NAME = re.compile(rb"^Name:[ \t]*([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_VERSION = re.compile(rb"^Version:[ \t]*([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_REQUIRES = re.compile(
    rb"^Requires-Dist:[ \t]*([^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)*)", re.MULTILINE | re.IGNORECASE
)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_HASHED = re.compile(r"[\w-]+=[0-9a-fA-F]+")
_SECTION = re.compile(r"\[([^\]:]*):?(.*)\]")


class _VcsInfo(Struct):
    vcs: str
    commit_id: str
    requested_revision: str | None = None


class _ArchiveInfo(Struct):
    hash: str | None = None
    hashes: dict[str, str] | None = None


class _DirInfo(Struct):
    editable: bool = False


class _DirectUrl(Struct):
    url: str
    vcs_info: _VcsInfo | None = None
    archive_info: _ArchiveInfo | None = None
    dir_info: _DirInfo | None = None
    subdirectory: str | None = None


_DIRECT_URLS = msgspec.json.Decoder(_DirectUrl)


class Unnamed(ValueError):
    """Nothing tells which distribution, or which version of it, this is."""


class _Metadata(Struct, frozen=True, kw_only=True):
    """The header of a METADATA or PKG-INFO."""

    name: str
    version: str
    requires: tuple[str, ...] = ()
    """Without credentials."""
    cleaned: bool = False
    """There were credentials in ``requires``."""


class Found(Struct, frozen=True, kw_only=True):
    """A distribution and what could not be read of it."""

    distribution: Distribution
    findings: tuple[Finding, ...] = ()


def read(prefix: str, path: str, found: Stamp, *, place: int, user_site: bool = False) -> Found:
    """The distribution whose metadata lies at ``path`` (relative to the prefix, or absolute).

    Raises:
        Unnamed, OSError

    """
    full = os.path.join(prefix, path)
    source: Source | None = None
    cleaned = False
    problems: tuple[Finding, ...] = ()
    inside: set[str] = set()
    if path.endswith(".egg-link"):
        metadata, source = _linked(full, path)
    elif stat.S_ISDIR(found.mode):
        inside = set(os.listdir(full))
        metadata = _inside(full, path, inside)
        if "direct_url.json" in inside and path.endswith(".dist-info"):
            source, cleaned, problems = _source(full, path)
    elif path.endswith(".egg-info"):
        metadata = _metadata(full, path)
    else:
        raise Unnamed(path)
    package = PypiPackage(
        name=metadata.name,
        version=metadata.version,
        source=source,
        requested="REQUESTED" in inside,
        installer=_installer(full) if "INSTALLER" in inside else None,
        user_site=user_site,
        requires=metadata.requires,
    )
    distribution = Distribution(
        package=package,
        path=path,
        place=place,
        mtime_ns=found.mtime_ns,
        credentials_removed=cleaned or metadata.cleaned,
    )
    return Found(distribution=distribution, findings=problems)


def _linked(full: str, path: str) -> tuple[_Metadata, Source]:
    """An egg-link holds the folder with the egg-info of a package in development mode."""
    lines = prefix_files.read(full).decode(errors="replace").splitlines()
    folder = lines[0].strip() if lines else ""
    wanted = names.pypi(path.rpartition("/")[2].removesuffix(".egg-link"))
    for entry in sorted(os.listdir(folder)) if os.path.isabs(folder) else ():
        if entry.endswith(".egg-info") and names.of_metadata(entry) == wanted:
            info = os.path.join(folder, entry)
            metadata = _inside(info, entry, set(os.listdir(info)) | {"PKG-INFO"})
            # The line below it says where the project's top is, from the folder with the modules.
            below = lines[1].strip() if len(lines) > 1 else ""
            top = os.path.normpath(os.path.join(folder, below))
            return metadata, LocalSource(path=top, editable=True)
    raise Unnamed(path)


def _inside(full: str, path: str, inside: set[str]) -> _Metadata:
    filename = next((name for name in ("METADATA", "PKG-INFO") if name in inside), None)
    if filename is None:
        # What pip or conda left behind when it took the package away has no RECORD either.
        if "RECORD" not in inside:
            raise Unnamed(path)
        return _checked(b"", path)
    metadata = _metadata(os.path.join(full, filename), path)
    if metadata.requires or "requires.txt" not in inside:
        return metadata
    written = _requires_txt(full)
    requires = tuple(redact.text(text) for text in written)
    return msgspec.structs.replace(metadata, requires=requires, cleaned=requires != written)


def _metadata(full: str, path: str) -> _Metadata:
    """What the metadata file says, and its folder's name where it does not tell."""
    try:
        head = prefix_files.read(full, _HEAD_BYTES)
        if len(head) == _HEAD_BYTES and not _BLANK_LINE.search(head):
            head = prefix_files.read(full)
    except OSError:
        head = b""
    return _checked(_BLANK_LINE.split(head, maxsplit=1)[0], path)


def _checked(head: bytes, path: str) -> _Metadata:
    name, version = _NAME.search(head), _VERSION.search(head)
    name_found = names.pypi(name.group(1).decode(errors="replace")) if name else None
    version_found = (
        names.pypi_version(version.group(1).decode(errors="replace")) if version else None
    )
    name_found = name_found or names.of_metadata(path)
    version_found = version_found or names.version_of_metadata(path)
    if name_found is None or version_found is None:
        raise Unnamed(path)
    written = [" ".join(r.decode(errors="replace").split()) for r in _REQUIRES.findall(head)]
    requires = tuple(redact.text(text) for text in written)
    return _Metadata(
        name=name_found,
        version=version_found,
        requires=requires,
        cleaned=requires != tuple(written),
    )


def _requires_txt(full: str) -> tuple[str, ...]:
    """The older file of setuptools, its sections (``[extra:marker]``) as PEP 508 writes them."""
    try:
        lines = prefix_files.read(os.path.join(full, "requires.txt")).decode(errors="replace")
    except OSError:
        return ()
    found: list[str] = []
    conditions: tuple[str, ...] = ()
    for line in (line.strip() for line in lines.splitlines()):
        if section := _SECTION.fullmatch(line):
            extra, marker = section.groups()
            conditions = (
                *((f"({marker})",) if marker else ()),
                *((f'extra == "{extra}"',) if extra else ()),
            )
        elif line and not line.startswith("#"):
            # A direct reference ends at a space: its address may hold a semicolon.
            condition = f" ; {' and '.join(conditions)}" if conditions else ""
            found.append(f"{line}{condition}")
    return tuple(found)


def _installer(full: str) -> str | None:
    try:
        text = prefix_files.read(os.path.join(full, "INSTALLER"), 100).decode(errors="replace")
    except OSError:
        return None
    return next(iter(text.split()), None)


def _source(full: str, path: str) -> tuple[Source | None, bool, tuple[Finding, ...]]:
    """(source, whether credentials were taken out, what could not be read)."""
    try:
        direct = _DIRECT_URLS.decode(prefix_files.read(os.path.join(full, "direct_url.json")))
    except (OSError, ValueError, RecursionError):
        what = f"The address that `{names.of_metadata(path)}` was installed from"
        where = f"{path}/direct_url.json"
        return None, False, (finding(codes.NOT_CAPTURED, path=where, what=what),)
    url = redact.url(direct.url)
    cleaned = _cleaned(direct)
    source = _source_of(cleaned, url.partition("#")[0], cleaned.subdirectory)
    return source, url != direct.url or cleaned != direct, ()


def _cleaned(direct: _DirectUrl) -> _DirectUrl:
    """Without credentials in what stands beside the address."""
    vcs = direct.vcs_info
    if vcs is not None:
        vcs = _VcsInfo(
            # No addresses: a tag may be `lib@1.2.3`, a branch `feature/t/x`.
            vcs=redact.text(vcs.vcs),
            commit_id=redact.text(vcs.commit_id),
            requested_revision=vcs.requested_revision and redact.text(vcs.requested_revision),
        )
    return msgspec.structs.replace(
        direct,
        vcs_info=vcs,
        subdirectory=redact.url(direct.subdirectory) if direct.subdirectory else None,
    )


def _source_of(direct: _DirectUrl, url: str, subdirectory: str | None) -> Source:
    if direct.dir_info is not None or url.lower().startswith("file:"):
        # Also a repository on this machine: nobody else can clone it.
        return LocalSource(
            path=_local_path(url),
            editable=direct.dir_info is not None and direct.dir_info.editable,
            subdirectory=subdirectory,
        )
    if direct.vcs_info is not None:
        return VcsSource(
            vcs=direct.vcs_info.vcs,
            url=url,
            commit=direct.vcs_info.commit_id,
            revision=direct.vcs_info.requested_revision,
            subdirectory=subdirectory,
        )
    return ArchiveSource(url=url, hashes=_hashes(direct), subdirectory=subdirectory)


def _hashes(direct: _DirectUrl) -> tuple[str, ...]:
    archive = direct.archive_info or _ArchiveInfo()
    found = {f"{kind}={value}" for kind, value in (archive.hashes or {}).items()}
    if not found and archive.hash:
        found.add(archive.hash)
    return tuple(sorted(hashed for hashed in found if _HASHED.fullmatch(hashed)))


def _local_path(url: str) -> str:
    if not url.lower().startswith("file:"):
        return url
    path = unquote(re.sub(r"^file:(?://(?:localhost)?(?=/))?", "", url, flags=re.IGNORECASE))
    return path[1:] if re.match(r"/[A-Za-z]:", path) else path
