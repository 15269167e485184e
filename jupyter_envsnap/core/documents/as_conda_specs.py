"""Specs as conda writes out what it read of them (conda/models/match_spec.py, version.py)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from jupyter_envsnap.core.conda_channels import Naming

_PACKAGE_URL = re.compile(r"(\S+)/([^/\s]+)-([^-/\s]+)-([^-/\s]+)\.(?:conda|tar\.bz2)")
_BRACKETS = re.compile(r".*(\[.*\])")
_FIELD = re.compile(r"""([a-zA-Z0-9_-]+?)=(["']?)([^'"]*?)\2(?:[, ]|$)""")
_PARENTHESES = re.compile(r".*(\(.*\))")
_NAME = re.compile(r"([^ =<>!~]+)([><!=~ ].+)?")
_VERSION_AND_BUILD = re.compile(r"(.+?[^><!,|]?)(?:(?<![=!|,<>~])[ =]([^-=,|<>~]+?))?")
_RANGE = re.compile(r"[><$^|,]")
_RANGE_PARTS = re.compile(r"[|,]|[^()|,]+")
_FIELDS = (
    *("build_number", "track_features", "features", "url", "md5", "sha256"),
    *("license", "license_family", "fn"),
)
"""In the order in which conda writes them."""
_IN_LOWER_CASE = frozenset({"license", "license_family"})


class Request(Struct, frozen=True, kw_only=True):
    """A spec, with what stands before ``::`` apart."""

    spec: str
    """An exact version behind ``==``."""
    channel: str = ""

    @property
    def as_environment(self) -> str:
        """As an environment file has it: one ``=``, no channel."""
        outside, bracket, inside = self.spec.partition("[")
        return outside.replace("==", "=", 1) + bracket + inside

    @property
    def as_requirement(self) -> str:
        return f"{self.channel}::{self.spec}" if self.channel else self.spec


def request(text: str, naming: Naming) -> Request:
    """What conda makes of a spec; one that it refuses stays as it is written."""
    parts = _parts(text)
    if parts is None:
        return Request(spec=text.strip())
    channel, subdir = _channel(parts.channel, naming)
    if "channel" in parts.fields:
        channel, its_subdir = _channel(parts.fields["channel"], naming)
        subdir = its_subdir or subdir
    subdir = parts.fields.get("subdir", subdir)
    version = parts.fields.get("version", parts.version)
    build = parts.fields.get("build", parts.build)
    outside, inside = _outside(version, build)
    is_pattern = "*" in channel
    if subdir and channel and not is_pattern:
        channel = f"{channel}/{subdir}"
    elif subdir:
        inside.insert(0, f"subdir={subdir}")
    if is_pattern:
        inside = [*([f"channel={channel}"] if channel.strip("*") else []), *inside]
        channel = ""
    inside += _others(parts.fields, has_channel=bool(parts.channel or "channel" in parts.fields))
    behind = f"[{','.join(inside)}]" if inside else ""
    return Request(spec=f"{parts.name.lower()}{outside}{behind}", channel=channel)


class _Parts(Struct, frozen=True, kw_only=True):
    name: str
    version: str
    build: str
    channel: str
    fields: Mapping[str, str]


def _parts(text: str) -> _Parts | None:
    text = text.partition("#")[0].partition(" if ")[0].strip()
    package = _PACKAGE_URL.fullmatch(text)
    if package is not None:
        channel, name, version, build = package.groups()
        return _Parts(name=name, version=version, build=build, channel=channel, fields={})
    fields: dict[str, str] = {}
    brackets = _BRACKETS.match(text)
    if brackets is not None:
        text = text.replace(brackets.group(1), "")
        found = _FIELD.finditer(brackets.group(1)[1:-1])
        fields = {match.group(1): match.group(3) for match in found}
    parentheses = _PARENTHESES.match(text)
    if parentheses is not None:
        text = text.replace(parentheses.group(1), "")
    *before, rest = text.rsplit(":", 2)
    match = _NAME.fullmatch(rest.strip())
    if match is None:
        return None
    version, build = _version_and_build((match.group(2) or "").strip())
    return _Parts(
        name=match.group(1),
        version=version,
        build=build,
        channel=before[0] if len(before) == 2 else "",  # channel:namespace:name
        fields=fields,
    )


def _version_and_build(text: str) -> tuple[str, str]:
    found = _VERSION_AND_BUILD.fullmatch(text)
    version, build = found.groups() if found is not None else (text, None)
    version, build = version.replace(" ", ""), (build or "").strip()
    if not version.startswith("=") or version in {"=", "=="}:
        return version, build
    if version.startswith("==") and not build:
        return version[2:], build
    exact = version[1:]
    if re.search(r"[=,|]", exact):
        return version, build
    return exact if build or exact.endswith("*") else f"{exact}*", build


def _channel(written: str, naming: Naming) -> tuple[str, str]:
    """(what conda writes before ``::``, the platform that was named with it)."""
    if not written or "*" in written:
        return written, ""
    return naming.short(written), naming.subdir(written)


def _outside(version: str, build: str) -> tuple[str, list[str]]:
    """(what stands behind the name, what stands in brackets)."""
    version = _ranged(version)
    outside, inside, is_exact = "", [], False
    if not version:
        pass
    elif _RANGE.search(version) or (build and version[:2] in {"!=", "~="}):
        inside.append(f"version='{version}'")
    elif version[:2] in {"!=", "~="}:
        outside = version
    elif version.endswith("*"):
        outside = f"={version.removesuffix('*').removesuffix('.')}"
    else:
        is_exact = True
        outside = version if version.startswith("==") else f"=={version}"
    if not build:
        pass
    elif _RANGE.search(build):
        inside.append(f"build='{build}'")
    elif is_exact and "*" not in build:
        outside = f"{outside}={build}"
    else:
        inside.append(f"build={build}")
    return outside, inside


def _others(fields: Mapping[str, str], *, has_channel: bool) -> Iterator[str]:
    for key in _FIELDS:
        value = fields.get(key)
        if value is None or (key == "url" and has_channel) or (key == "fn" and "url" in fields):
            continue
        if key in _IN_LOWER_CASE:
            value = value.lower()
        elif key in {"track_features", "features"}:
            value = " ".join(sorted(set(value.replace(",", " ").split())))
        yield f"{key}='{value}'" if re.search("[, =]", value) else f"{key}={value}"


def _ranged(version: str) -> str:
    """As conda spells it: ``1.2*`` as ``1.2.*``, and parentheses are lost."""
    if not _RANGE.search(version) and "(" not in version:
        return _one(version.strip())
    return "".join(_one(part.strip()) for part in _RANGE_PARTS.findall(version))


def _one(version: str) -> str:
    if not version.endswith("*") or version == "*" or version[0] in "=<>!~^":
        return version
    return version if "*" in version.rstrip("*") or version.endswith(".*") else f"{version[:-1]}.*"
