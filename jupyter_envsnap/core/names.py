"""Names of packages, channels, platforms and environments, in their canonical form."""

from __future__ import annotations

import re

from jupyter_envsnap.core import redact

DEFAULTS = "defaults"

_SEPARATORS = re.compile(r"[-_.]+")
_PYPI_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_PYPI_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.!+_-]*")
_SUBDIR = re.compile(
    r"noarch|(?:linux|osx|win|freebsd|zos|emscripten|wasi)-(?:\d\d|[a-z]+\w*)", re.IGNORECASE
)
_DEFAULTS = re.compile(
    r"(?:https?://(?:repo\.anaconda\.com|repo\.continuum\.io)/)?pkgs/(?:main|r|msys2)"
)
_ALIAS = re.compile(r"https?://conda\.anaconda\.org/")
# What setuptools adds to the name of an egg-info.
_EGG_TAG = re.compile(r"-py\d.*")
_UNKNOWN = frozenset({"", "<unknown>", "unknown", "@"})

_GENERIC_FOLDERS = frozenset({".venv", "venv", "env", ".env", ".conda", ".virtualenv"})
_SYSTEM_FOLDERS = frozenset({"/", "/usr", "/usr/local"})
# conda refuses these in a name; the others would make it a path on some system.
_NOT_IN_A_NAME = re.compile(r"[\s/\\:#\x00-\x1f\x7f]+")


def pypi(name: str) -> str | None:
    """The name as PEP 503 has it; None if it is none."""
    normalised = _SEPARATORS.sub("-", name.strip()).lower()
    return normalised if _PYPI_NAME.fullmatch(normalised) else None


def pypi_version(version: str) -> str | None:
    """The version without the space around it; None if no version could look so."""
    version = version.strip()
    return version if _PYPI_VERSION.fullmatch(version) else None


def is_subdir(text: str) -> bool:
    """Whether this is a platform's folder in a channel, such as ``linux-64``."""
    return _SUBDIR.fullmatch(text) is not None


def channel(name_or_url: str) -> str:
    """A channel's canonical name, or its URL without credentials; empty if it is unknown."""
    found = name_or_url.strip()
    if found in _UNKNOWN:
        return ""
    # A token may be all there is after the host, so that only a slash ends it.
    found = redact.url(f"{found.rstrip('/')}/").rstrip("/")
    base, slash, last = found.rpartition("/")
    if slash and is_subdir(last):
        found = base
    if _DEFAULTS.fullmatch(found):
        return DEFAULTS
    alias = _ALIAS.match(found)
    return found[alias.end() :] if alias else found


def environment(path: str, *, kind: str, is_root: bool = False) -> str:
    """A plain word for the environment in this folder, never a path."""
    if is_root:
        return "base"
    parts = [part for part in re.split(r"[/\\]", path) if part]
    if kind == "system" and "/" + "/".join(parts) in _SYSTEM_FOLDERS:
        return "system"
    if parts[-3:] == [".pixi", "envs", "default"]:
        parts = parts[:-3]
    elif parts and parts[-1] in _GENERIC_FOLDERS:
        parts = parts[:-1]
    last = parts[-1] if parts else ""
    # A dot or hyphen in front would hide the environment, or make its name an option.
    return _NOT_IN_A_NAME.sub("-", last).strip("-").lstrip(".-") or "environment"


def displayable(text: str) -> str:
    """Fit for a reply: what stands for bytes that are no UTF-8 is replaced."""
    return text.encode(errors="replace").decode()


def of_metadata(path: str) -> str | None:
    """The distribution that a dist-info, egg-info or egg-link is of, by the name of its path."""
    stem = path.rpartition("/")[2].rpartition(".")[0]
    return pypi(stem.partition("-")[0])


def version_of_metadata(path: str) -> str | None:
    """The version in the name of a dist-info or egg-info; None where there is none."""
    _, _, rest = path.rpartition("/")[2].rpartition(".")[0].partition("-")
    return pypi_version(_EGG_TAG.sub("", rest))
