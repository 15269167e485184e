"""Reads ``conda-meta``: package records, the variables of ``state`` and the lines of ``pinned``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Raw, Struct
from packaging.version import InvalidVersion, Version

from jupyter_envsnap.core import names, redact
from jupyter_envsnap.core.environment import CondaRecord
from jupyter_envsnap.core.model import CondaPackage

FOLDER = "conda-meta"
CHANNEL = "a channel address"
REQUEST = "a package request"
PIN = "a pinned package"

_UNSET = "***unset***"
"""conda keeps the name of a variable that was unset (conda/core/prefix_data.py)."""


class _PrefixRecord(Struct):
    """The fields of conda's PrefixRecord that are used; tools differ in which they write."""

    name: str
    version: str
    build: str | None = None
    build_number: int | str | None = None
    channel: str | None = None
    subdir: str | None = None
    url: str | None = None
    md5: str | None = None
    sha256: str | None = None
    noarch: str | bool | None = None
    depends: tuple[str, ...] | None = None
    requested_spec: str | None = None
    requested_specs: tuple[str, ...] | None = None
    python_site_packages_path: str | None = None
    # Left undecoded: the paths in these lists are nearly all of a record, and few of them matter.
    files: Raw = Raw()
    paths_data: Raw = Raw()


class _State(Struct):
    env_vars: dict[str, object] = {}


_RECORDS = msgspec.json.Decoder(_PrefixRecord)
_STATES = msgspec.json.Decoder(_State)


class Damaged(ValueError):
    """The bytes are not what the file should hold."""


def parse_record(data: bytes, *, path: str, mtime_ns: int) -> CondaRecord:
    """A package and what it owns, with the credentials taken out.

    Raises:
        Damaged: half-written, not JSON, or without name or version.

    """
    try:
        found = _RECORDS.decode(data)
    except (ValueError, RecursionError) as error:
        raise Damaged(path) from error
    if not found.name or not found.version:
        raise Damaged(path)
    subdir = found.subdir or _subdir_in(found.url or found.channel or "")
    channel, had_credentials = _channel(found.channel or "")
    url = redact.url(found.url) if found.url else None
    if not channel and url:
        channel, _ = _channel(url.rpartition("/")[0])
    requested = found.requested_specs or (found.requested_spec or "",)
    # paths_data says the same at five times the length; some tools write only that.
    lists = found.files if b'"' in bytes(found.files) else found.paths_data
    owns = _metadata_in(lists)
    asked = tuple(redact.text(spec) for spec in requested if spec not in {"", "None"})
    return CondaRecord(
        package=CondaPackage(
            name=found.name,
            version=found.version,
            build=found.build or "",
            channel=channel,
            subdir=subdir,
            build_number=_number(found.build_number),
            url=url,
            md5=found.md5,
            sha256=found.sha256,
            noarch=_noarch(found.noarch),
            depends=tuple(redact.text(spec) for spec in found.depends or ()),
            requested=asked,
            distributions=_distributions(owns, found.version) if owns else (),
        ),
        path=path,
        mtime_ns=mtime_ns,
        owns=owns,
        lists_files=bytes(found.files).startswith(b"[") or b'"' in bytes(lists),
        site_packages=found.python_site_packages_path,
        credentials_in=frozenset(
            place
            for place, there in (
                (CHANNEL, had_credentials or url != (found.url or None)),
                (REQUEST, any(spec not in requested for spec in asked)),
            )
            if there
        ),
    )


def parse_state(data: bytes) -> tuple[dict[str, str], tuple[str, ...]]:
    """(variables set on activation, names of the secret ones left out).

    Raises:
        Damaged

    """
    try:
        variables = _STATES.decode(data).env_vars
    except (ValueError, RecursionError) as error:
        raise Damaged("state") from error
    return _sift({k: str(v) for k, v in variables.items() if v is not None and v != _UNSET})


def values_of_state(
    data: bytes,
) -> tuple[dict[str, str | float | bool | None], tuple[str, ...]]:
    """As ``parse_state``, in the order of the file; what is no text stays what it is.

    Raises:
        Damaged

    """
    try:
        found = _STATES.decode(data).env_vars
    except (ValueError, RecursionError) as error:
        raise Damaged("state") from error
    plain = {k: v if isinstance(v, str | float | int | None) else str(v) for k, v in found.items()}
    secret = tuple(n for n, v in plain.items() if v != _UNSET and redact.is_secret(n, str(v)))
    return {n: v for n, v in plain.items() if v != _UNSET and n not in secret}, secret


def parse_pinned(data: bytes) -> tuple[tuple[str, ...], bool]:
    """(lines that are neither empty nor a comment, whether credentials were taken out of them)."""
    lines = (line.strip() for line in data.decode(errors="replace").splitlines())
    pins = [line for line in lines if line and not line.startswith("#")]
    cleaned = tuple(redact.text(line) for line in pins)
    return cleaned, cleaned != tuple(pins)


def is_root(prefix: Path) -> bool:
    """Whether this is the prefix that the others were made from: ``base``."""
    if prefix.parent.name == "envs":  # conda may be installed there too
        return False
    return (prefix / "condabin").is_dir() or (
        (prefix / "envs").is_dir() and (prefix / "pkgs").is_dir()
    )


def _sift(variables: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    secret = tuple(n for n, value in variables.items() if redact.is_secret(n, value))
    return {n: value for n, value in variables.items() if n not in secret}, secret


@lru_cache(maxsize=64)  # a prefix has few channels and thousands of records
def _channel(written: str) -> tuple[str, bool]:
    """(canonical name, whether there were credentials in it)."""
    with_end = f"{written.rstrip('/')}/"
    return names.channel(written), redact.url(with_end) != with_end


def _subdir_in(url: str) -> str:
    parts = reversed(url.split("/"))
    return next((part for part in parts if names.is_subdir(part)), "")


def _number(value: int | str | None) -> int:
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() else 0
    return value or 0


def _noarch(value: str | bool | None) -> str | None:
    if isinstance(value, bool):
        return "generic" if value else None
    return value


def _metadata_in(undecoded: Raw) -> dict[str, str]:
    """The distribution of each ``…/site-packages/NAME.dist-info`` (or egg-info) in undecoded JSON.

    One inside a package, as setuptools vendors them, is not one of site-packages.
    """
    lists = bytes(undecoded)
    found: set[bytes] = set()
    at = lists.find(b"-info")
    while at >= 0:
        start, end = lists.rfind(b'"', 0, at) + 1, at + 5
        path = lists[start:end]
        if path.endswith((b".dist-info", b".egg-info")) and lists[end : end + 1] in b'/"\\':
            found.add(path)
        at = lists.find(b"-info", end)
    paths = sorted(_unescaped(path) for path in found)
    return {
        path: names.of_metadata(path) or path
        for path in paths
        if path.rpartition("/")[0].endswith("site-packages")
    }


def _distributions(owns: Mapping[str, str], version: str) -> tuple[str, ...]:
    """Without what has no name that PyPI could have, and stands for itself."""
    found: dict[str, str] = {}
    for path, name in owns.items():
        own = names.version_of_metadata(path)
        is_another = own is not None and _is_another(own, version)
        if name != path and (is_another or name not in found):
            found[name] = f"{name}=={own}" if is_another else name
    return tuple(found[name] for name in sorted(found))


def _is_another(version: str, other: str) -> bool:
    """Whether PEP 440 tells two versions apart; one that it does not know says nothing."""
    if version == other:
        return False
    try:
        found = Version(version)
    except InvalidVersion:
        return False
    try:
        return found != Version(other)
    except InvalidVersion:
        return True


def _unescaped(path: bytes) -> str:
    if b"\\" not in path:
        return path.decode(errors="replace")
    try:
        return msgspec.json.decode(b'"' + path + b'"', type=str).replace("\\", "/")
    except msgspec.MsgspecError:
        return ""
