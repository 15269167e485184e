"""What a format module provides: a name, words for people, and one writer per profile."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from jupyter_envsnap.core.model import Environment


class Profile(Struct, frozen=True, kw_only=True):
    """How much a format says, and the writer that says it."""

    name: str
    label: str
    description: str
    write: Callable[[Environment], str]


class Format(Struct, frozen=True, kw_only=True):
    """One way of writing an environment."""

    name: str
    label: str
    media_type: str
    filename: str
    """The name such a file usually has."""
    profiles: tuple[Profile, ...]
