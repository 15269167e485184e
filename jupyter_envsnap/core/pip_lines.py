"""The lines that make pip install again what it installed (PEP 508, PEP 610, pip's own options)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from jupyter_envsnap.core.model import (
    ArchiveSource,
    Finding,
    LocalSource,
    PipIndexes,
    PypiPackage,
    VcsSource,
)


class PipLine(Struct, frozen=True, kw_only=True):
    """One package."""

    package: PypiPackage
    text: str
    can_install: bool = True
    """False: ``text`` is for a comment, as only this machine has the package."""


class PipLines(Struct, frozen=True, kw_only=True):
    """What a pip section or a requirements file says."""

    options: tuple[str, ...] = ()
    """Such as ``--extra-index-url …``: they hold for all lines and come first."""
    lines: tuple[PipLine, ...] = ()
    findings: tuple[Finding, ...] = ()


def pip_lines(packages: Sequence[PypiPackage], indexes: PipIndexes) -> PipLines:  # noqa: ARG001
    """The lines of these packages, in their order."""
    return PipLines(lines=tuple(_line(package) for package in packages))


def _line(package: PypiPackage) -> PipLine:
    if isinstance(package.source, LocalSource):
        return PipLine(package=package, text=_left_out(package), can_install=False)
    return PipLine(package=package, text=_requirement(package))


def _left_out(package: PypiPackage) -> str:
    editable = isinstance(package.source, LocalSource) and package.source.editable
    why = (
        "runs from a folder on one machine, install it by hand"
        if editable
        else "was installed from a file on one machine, install it by hand"
    )
    return f"{package.name}=={package.version}: {why}"


def _requirement(package: PypiPackage) -> str:
    """A PEP 508 requirement; a source in the form that pip reads."""
    source = package.source
    if isinstance(source, VcsSource):
        fragment = f"#subdirectory={source.subdirectory}" if source.subdirectory else ""
        return f"{package.name} @ {source.vcs}+{source.url}@{source.commit}{fragment}"
    if isinstance(source, ArchiveSource):
        fragments = [h for h in source.hashes if h.startswith("sha256=")] or list(source.hashes)
        parts = fragments[:1]
        if source.subdirectory:
            parts.append(f"subdirectory={source.subdirectory}")
        return f"{package.name} @ {source.url}{'#' if parts else ''}{'&'.join(parts)}"
    return f"{package.name}=={package.version}"
