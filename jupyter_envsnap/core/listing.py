"""Rows of the history as they are listed: each with what changed since the one before it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct, structs

from jupyter_envsnap.core.diff import Change, EnvironmentDiff
from jupyter_envsnap.core.facts import FactChange
from jupyter_envsnap.core.model import CondaPackage, PypiPackage, Snapshot

_OF_THE_PREFIX = frozenset({"kind", "platform"})
"""Facts that are another only where it is another prefix, whose packages say enough."""


class FirstChange(Struct, frozen=True, kw_only=True):
    """The change that tells most: of a package that somebody asked for, if there is one."""

    name: str
    change: Change | Literal["setting"]
    """``setting``: it is no package but a fact, such as the channels."""
    before: str | None
    """Version; null where there was none, and of a setting."""
    after: str | None


class SnapshotChange(Struct, frozen=True, kw_only=True):
    """What changed since the snapshot before it: of its notebook, without one of its prefix."""

    since: str | None
    """Id of that snapshot; null where there is none."""
    first: FirstChange | None
    """Null: nothing changed that a reader must know."""
    more: int
    """How many changes there are besides."""


class ListedSnapshot(Snapshot, frozen=True, kw_only=True):
    """A row of the history in a list."""

    change: SnapshotChange | None = None
    """Null where it was not compared, or not yet."""


class Extent(Struct, frozen=True, kw_only=True):
    """How much there is of a notebook's, a prefix's or the whole history, whatever the filter."""

    count: int
    since: datetime | None
    """When the oldest was taken; null where there is none."""


def listed(snapshot: Snapshot, change: SnapshotChange | None = None) -> ListedSnapshot:
    """The row, with what changed where that is known."""
    return ListedSnapshot(**structs.asdict(snapshot), change=change)


def change_of(changes: EnvironmentDiff, *, since: str) -> SnapshotChange:
    """What a list tells of the changes since a snapshot."""
    packages = [c for c in changes.packages if c.change != "details"]
    # That somebody asks for it now is less than that it came or went.
    packages.sort(key=lambda c: (c.change == "requested-changed", not c.requested, c.name))
    facts = [fact for fact in changes.facts if _is_told(fact)]
    first = None
    if packages:
        top = packages[0]
        first = FirstChange(
            name=top.name,
            change=top.change,
            before=_version(top.before),
            after=_version(top.after),
        )
    elif facts:
        first = FirstChange(name=facts[0].name, change="setting", before=None, after=None)
    return SnapshotChange(since=since, first=first, more=max(0, len(packages) + len(facts) - 1))


def _is_told(fact: FactChange) -> bool:
    # What the machine is like was not installed.
    return fact.name not in _OF_THE_PREFIX and not fact.name.startswith("__")


def _version(package: CondaPackage | PypiPackage | None) -> str | None:
    return package.version if package else None
