"""What a format module provides: a name, words for people, and one writer per profile."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from jupyter_envsnap.core.model import CondaPackage, Finding, PypiPackage
from jupyter_envsnap.core.selection import Selection


class Line(Struct, frozen=True):
    """A line of a document, and the package that it is about."""

    text: str
    package: CondaPackage | PypiPackage | None = None
    version: str | None = None
    """Where the line says another than the package's own."""


class Written(Struct, frozen=True, kw_only=True):
    """What a writer makes."""

    lines: tuple[Line, ...]
    findings: tuple[Finding, ...] = ()


class Profile(Struct, frozen=True, kw_only=True):
    """How much a format says, and the writer that says it."""

    name: str
    label: str
    description: str
    write: Callable[[Selection], Written] | None
    """None: not from an environment, but from what conda reads (``as_conda``)."""
    minimal: bool = False
    """It lists only what brings the rest."""


class Format(Struct, frozen=True, kw_only=True):
    """One way of writing an environment."""

    name: str
    label: str
    media_type: str
    filename: str
    """The name such a file usually has."""
    profiles: tuple[Profile, ...]
    """The first is taken where none is named."""
    remembers: bool = False
    """A comment line may say how a document was made."""


def versions(write: Callable[[Selection], Written]) -> Profile:
    return Profile(
        name="versions",
        label="Same platform",
        description="Every package with its version.",
        write=write,
    )


def minimal(write: Callable[[Selection], Written]) -> Profile:
    return Profile(
        name="minimal",
        label="Any platform",
        description="What you asked for, pinned.",
        write=write,
        minimal=True,
    )


def exact(write: Callable[[Selection], Written], description: str) -> Profile:
    return Profile(name="exact", label="This exact build", description=description, write=write)


AS_CONDA = Profile(
    name="conda",
    label="As conda prints it",
    description="The text of conda's own export, letter by letter.",
    write=None,
)


def numbered(lines: tuple[Line, ...]) -> Iterator[tuple[int, Line]]:
    """Each line that is about a package, with its number from 1."""
    number = 1
    for line in lines:
        if line.package is not None:
            yield number, line
        number += 1 + line.text.count("\n")
