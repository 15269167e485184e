"""The virtual packages of a platform (CEP 30), as what was detected and the user's word make them.

Where CEP 30 leaves room, or its implementations differ, it is done as conda does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from jupyter_envsnap.core.model import VirtualPackage
from jupyter_envsnap.core.names import displayable

_LINUX = re.compile(r"\d+\.\d+(?:\.\d+)?(?:\.\d+)?")
_OSX = re.compile(r"\d+(?:\.\d+)?")
_WIN = re.compile(r"\d+(?:\.\d+){0,2}")
_VERSION = re.compile(r"[0-9][A-Za-z0-9._!+-]*")
_NAME = re.compile(r"[\w.-]*")
_UNKNOWN = "0"
_ARCHITECTURES = {"64": "x86_64", "32": "x86"}


class Detected(Struct, frozen=True, kw_only=True):
    """What a machine shows of itself; None where it does not."""

    platform: str
    """conda's name of it, such as ``linux-64``."""
    kernel: str | None = None
    """Version of its system: Linux' release, that of macOS or that of Windows."""
    glibc: str | None = None
    cuda: str | None = None
    """The newest that the GPU's driver runs."""
    microarchitecture: str | None = None
    """As archspec names it."""


class _Rule(Struct, frozen=True, kw_only=True):
    """A virtual package whose version may be overridden."""

    name: str
    systems: frozenset[str]
    """It is there on these platforms alone."""
    found: str
    """Field of :class:`Detected`."""
    shape: re.Pattern[str]
    """What of the text is the version."""
    always: bool
    """It is there even where the version is not known."""
    if_emptied: str | None = None
    """Its version where the variable is set to nothing; None: it is not there."""


_EVERYWHERE = frozenset({"linux", "osx", "win"})
_RULES = (
    _Rule(
        name="linux",
        systems=frozenset({"linux"}),
        found="kernel",
        shape=_LINUX,
        always=True,
        if_emptied=_UNKNOWN,
    ),
    _Rule(name="glibc", systems=frozenset({"linux"}), found="glibc", shape=_VERSION, always=False),
    _Rule(name="osx", systems=frozenset({"osx"}), found="kernel", shape=_OSX, always=True),
    _Rule(name="win", systems=frozenset({"win"}), found="kernel", shape=_WIN, always=True),
    _Rule(name="cuda", systems=_EVERYWHERE, found="cuda", shape=_VERSION, always=False),
)


def virtual_packages(
    platform: str, detected: Detected, environ: Mapping[str, str]
) -> tuple[VirtualPackage, ...]:
    """Those of ``platform``, by name; ``CONDA_OVERRIDE_NAME`` in ``environ`` goes before all.

    What was detected on a machine of another system says nothing about this platform.
    """
    made = (*_by_rules(platform, detected, environ), *_archspec(platform, detected, environ))
    return tuple(sorted(made))


def _by_rules(
    platform: str, detected: Detected, environ: Mapping[str, str]
) -> Iterator[VirtualPackage]:
    system = platform.partition("-")[0]
    if system in {"linux", "osx", "freebsd"}:
        yield VirtualPackage(name="__unix", version=_UNKNOWN, build="0")
    same_system = system == detected.platform.partition("-")[0]
    for rule in _RULES:
        if system not in rule.systems:
            continue
        version = _matched(rule, getattr(detected, rule.found)) if same_system else None
        version = version or (_UNKNOWN if rule.always else None)
        build = "0"
        told = _override(rule.name, environ)
        if told is not None:
            told, _, told_build = told.partition("=")
            build = told_build if told_build and _NAME.fullmatch(told_build) else build
            # A word that is no version is nobody's wish.
            version = (_matched(rule, told) or version) if told else rule.if_emptied
        if version is not None:
            yield VirtualPackage(name=f"__{rule.name}", version=version, build=build)


def _archspec(
    platform: str, detected: Detected, environ: Mapping[str, str]
) -> Iterator[VirtualPackage]:
    """Its version is always 1, its build the name of the microarchitecture."""
    same = platform == detected.platform
    build = (detected.microarchitecture if same else None) or _architecture(platform)
    told = _override("archspec", environ)
    if told is not None and _NAME.fullmatch(told):
        build = told
    if build:
        yield VirtualPackage(name="__archspec", version="1", build=build)


def _architecture(platform: str) -> str:
    _, _, machine = platform.partition("-")
    return _ARCHITECTURES.get(machine, machine)


def _override(name: str, environ: Mapping[str, str]) -> str | None:
    told = environ.get(f"CONDA_OVERRIDE_{name.upper()}")
    return None if told is None else displayable(told.strip())


def _matched(rule: _Rule, text: str | None) -> str | None:
    match = rule.shape.match(text or "")
    return match.group() if match else None
