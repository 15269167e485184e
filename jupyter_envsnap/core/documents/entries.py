"""One entry of a file against what is installed: whether it may stay, and else what it becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from jupyter_envsnap.core import names
from jupyter_envsnap.core.documents import pip_sources
from jupyter_envsnap.core.documents.contents import pinned, python_pinned
from jupyter_envsnap.core.documents.declared import CondaEntry, PipEntry, is_address
from jupyter_envsnap.core.graph import Node
from jupyter_envsnap.core.model import CondaPackage, Environment
from jupyter_envsnap.core.pip_lines import PipLine, pip_lines, with_extras
from jupyter_envsnap.core.selection import Selection

# `numpy=1.26.4=py312_0`: what stands before the version, the version, what stands behind it.
_PINNED = re.compile(
    r"(?P<head>[^=<>!~\s\[(#]+\s*==?\s*)(?P<version>[^\s=<>!~,|*\[\]]+)(?:\.?\*)?"
    r"(?:(?P<gap>\s*=\s*|\s+)(?P<build>[^\s=\[\]]+))?\s*"
)
_SPACED = re.compile(
    r"(?P<head>[^=<>!~\s\[(#]+\s+)(?P<version>[^\s=<>!~,|*\[\](#]+)(?:\.?\*)?"
    r"(?:(?P<gap>\s+)(?P<build>[^\s=\[\]]+))?\s*"
)
_HEAD = re.compile(r"(?P<channel>[^\s\[]*::)?(?P<name>[^=<>!~\s\[(@#]+)")
_PIP_PINNED = re.compile(
    r"(?P<head>[^=<>!~;@\s]+(?:\s*\[[^\]]*\])?\s*={2,3}\s*)(?P<version>[^\s;,]+)"
)
_PIP_HEAD = re.compile(r"[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?")
_MARKER_OF_ADDRESS = re.compile(r"\s;")
_HASH = re.compile(r"\s+--hash[=\s]\S+")


class Installed(Struct, frozen=True, kw_only=True):
    """What is there, by the names that an entry of conda's list may have."""

    conda: Mapping[str, CondaPackage]
    owners: Mapping[str, str]
    """Normalised PyPI name → the conda package that has it."""
    knows_conda: bool
    """False: the environment is not conda's, so that it cannot tell what of conda is missing."""


def installed_in(environment: Environment) -> Installed:
    """What is installed; in a venv, python and what pip put there stand in for conda's packages."""
    conda = {package.name.lower(): package for package in environment.conda}
    if environment.kind != "conda":
        stand_ins = {package.name: package.version for package in environment.pypi}
        if environment.python:
            stand_ins["python"] = environment.python
        conda |= {name: _stand_in(name, version) for name, version in stand_ins.items()}
    return Installed(
        conda=conda,
        owners={name: p.name for p in environment.conda for name in p.provides},
        knows_conda=environment.kind == "conda",
    )


class LeftOut(Struct, frozen=True, kw_only=True):
    excluded: frozenset[Node]
    unlisted: frozenset[Node]
    """What the profile does not list."""


def left_out(environment: Environment, selection: Selection) -> LeftOut:
    """What is installed and not in the document, by why it is not."""
    listed: set[Node] = {("conda", p.name) for p in selection.conda}
    listed |= {("pypi", p.name) for p in selection.pypi}
    every: set[Node] = {("conda", p.name) for p in environment.conda}
    every |= {("pypi", p.name) for p in environment.pypi}
    return LeftOut(excluded=selection.excluded, unlisted=frozenset(every - listed))


def pip_lines_of(environment: Environment) -> tuple[PipLine, ...]:
    return pip_lines(environment.pypi, environment.indexes).lines


def is_of_machine(name: str) -> bool:
    """Whether this is a virtual package: nobody installs it, and a file may ask for it."""
    return name.startswith("__")


def conda_text(package: CondaPackage, *, builds: bool) -> str:
    """A new entry for a package."""
    if builds and package.build:
        return f"{package.name}={package.version}={package.build}"
    if package.name == "python" and not package.build:
        return python_pinned(package.version)  # of a venv, and perhaps without its patch level
    return pinned(package.name, package.version)


def is_loose(entry: CondaEntry, package: CondaPackage) -> bool:
    """Whether it was written for more versions than the one that is installed.

    ``=1.26.4`` was not: it names the version in full, though conda would take 1.26.4.1 as well.
    """
    version = entry.spec.version if entry.spec else None
    return version is None or version.removesuffix(".*") != package.version


def conda_updated(entry: CondaEntry, package: CondaPackage, *, pin: bool, builds: bool) -> str:
    """The entry as it has to be; the very same where it may stay."""
    spec = entry.spec
    if spec is None:
        return entry.text
    if is_address(entry.text):
        stays = spec.matches(package.version, package.build)
        return entry.text if stays else package.url or conda_text(package, builds=builds)
    in_place = _of_channel(spec.channel, package)
    stays = in_place and spec.matches(package.version, package.build) and _has(package, spec.fields)
    stays = stays and not (pin and is_loose(entry, package))
    if stays and not (builds and package.build and spec.build != package.build):
        return entry.text
    text = entry.text if in_place else _moved(entry.text, package)
    behind = conda_text(package, builds=builds).removeprefix(package.name)
    found = _PINNED.fullmatch(text) or _SPACED.fullmatch(text)
    if found is not None:
        build = _build(found, package, builds=builds)
        if build:
            return found["head"] + package.version + build
        written = _before_version(found["head"], behind, pin=pin)
        # Without the build that stood behind it, one `=` takes more than it did.
        if written is not None and found["build"] is None:
            return written + package.version
    head = _HEAD.match(text)
    return f"{head.group() if head else package.name}{behind}"


def is_loose_pip(entry: PipEntry, line: PipLine) -> bool:
    if entry.kind != "requirement" or entry.url:
        return False
    return not re.fullmatch(r"={2,3}\s*[^*,]+", entry.specifier) and line.package.source is None


def pip_updated(entry: PipEntry, line: PipLine, *, pin: bool) -> str:
    """The entry as it has to be; the very same where it may stay."""
    if not line.can_install or line.text == entry.text:
        return entry.text  # what only this machine has cannot be said better
    is_plain = entry.kind == "requirement" and not entry.url and line.package.source is None
    if is_plain:
        stays = takes(entry.specifier, line.package.version)
        stays = stays and not (pin and is_loose_pip(entry, line))
    else:
        stays = bool(entry.url) and pip_sources.is_same(entry, line, pin=pin)
    return entry.text if stays else _pip_changed(entry, line, is_plain=is_plain)


def _pip_changed(entry: PipEntry, line: PipLine, *, is_plain: bool) -> str:
    at_commit = pip_sources.at_commit(entry, line)
    if at_commit is not None:
        return at_commit
    text = with_extras(line.package, entry.extras).text
    if entry.kind == "editable" or text.startswith("-e "):
        return text
    body, marker = _parted(entry)
    # Hashes are those of another version; what else is about this line stays.
    options = _HASH.sub("", f" {entry.options}".rstrip())
    if not is_plain:
        return f"{text}{f' {marker.lstrip()}' if marker else ''}{options}"
    version = line.package.version
    found = _PIP_PINNED.fullmatch(body)
    if found is not None:
        return f"{found['head']}{version}{marker}{options}"
    head = _PIP_HEAD.match(entry.text)
    return f"{head.group().rstrip() if head else entry.name}=={version}{marker}{options}"


def _parted(entry: PipEntry) -> tuple[str, str]:
    """(what is required, its marker with all that stands before it), without options."""
    text = entry.text.removesuffix(entry.options).rstrip()
    if not entry.marker:
        return text, ""
    found = _MARKER_OF_ADDRESS.search(text) if entry.url else None
    at = found.start() if found else text.index(";")
    body = text[:at].rstrip()
    return body, text[len(body) :]


def _stand_in(name: str, version: str) -> CondaPackage:
    return CondaPackage(name=name, version=version, build="", channel="", subdir="")


def _has(package: CondaPackage, fields: Mapping[str, str]) -> bool:
    """Whether a package is what the brackets of a spec ask for, as far as a record tells."""
    told = {"md5": package.md5, "sha256": package.sha256, "subdir": package.subdir}
    return all(told[key] in {value, None, ""} for key, value in fields.items() if key in told)


def _of_channel(asked: str | None, package: CondaPackage) -> bool:
    return asked is None or not package.channel or names.channel(asked) == package.channel


def _moved(text: str, package: CondaPackage) -> str:
    return f"{package.channel}::{text.rpartition('::')[2]}"


def _before_version(written: str, behind: str, *, pin: bool) -> str | None:
    """The operator stays the person's, but where a pin is asked for.

    None: what they wrote takes less than ``behind``, which is as much as is known.
    """
    if not behind.startswith("=="):
        return re.sub("=+", "=", written) if "=" in written else None
    return re.sub("=+", "==", written) if pin else written


def _build(found: re.Match[str], package: CondaPackage, *, builds: bool) -> str:
    written = found["build"]
    if written is None:
        return f"={package.build}" if builds and package.build else ""
    if "*" in written and re.fullmatch(written.replace("*", ".*"), package.build):
        return f"{found['gap']}{written}"
    return f"{found['gap']}{package.build}" if package.build else ""


def takes(specifier: str, version: str) -> bool:
    try:
        return SpecifierSet(specifier).contains(Version(version), prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return specifier.replace(" ", "").lstrip("=") in {"", version}
