"""What the history's environments hold, by the ids of their packages."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec

from jupyter_envsnap.adapters import history_codec as codec
from jupyter_envsnap.core import names
from jupyter_envsnap.core.versions import stands_for


def content_of(connection: sqlite3.Connection, environment_id: int) -> codec.Content:
    """What an environment says, its packages by the ids of their rows; raises RowDamaged."""
    with codec.reading():
        return codec.content_from(bytes_of(connection, environment_id))


def bytes_of(connection: sqlite3.Connection, environment_id: int) -> bytes:
    """Its bytes, as they were before they were written against those of another."""
    base, body = _row_of(
        connection, "SELECT base, body FROM environment WHERE id = ?", environment_id
    )
    return codec.decompressed(
        msgspec.convert(body, bytes), b"" if base is None else bytes_of(connection, base)
    )


def package_body(connection: sqlite3.Connection, package_id: int) -> object:
    """A package as it was written."""
    (body,) = _row_of(connection, "SELECT body FROM package WHERE id = ?", package_id)
    return body


def _row_of(connection: sqlite3.Connection, select: str, key: int) -> tuple[Any, ...]:
    """A row that others refer to."""
    found: tuple[Any, ...] | None = connection.execute(select, (key,)).fetchone()
    if found is None:
        raise codec.RowDamaged(f"row {key} is gone")
    return found


def packages_of(connection: sqlite3.Connection, environment_id: int) -> tuple[int, ...]:
    """The ids of all that an environment holds; raises RowDamaged."""
    content = content_of(connection, environment_id)
    return (*content.conda, *content.pypi)


def is_readable(connection: sqlite3.Connection, environment_id: int) -> bool:
    """Whether what an environment holds can be told."""
    try:
        packages_of(connection, environment_id)
    except codec.RowDamaged:
        return False
    return True


class Holding:
    """Whether an environment holds a package, asked once of each."""

    def __init__(
        self, connection: sqlite3.Connection, name: str, version: str | None = None
    ) -> None:
        self._connection = connection
        self._wanted = frozenset(_versions(connection, name, version))
        self._known: dict[int, bool] = {}

    def __bool__(self) -> bool:
        """Whether any environment can."""
        return bool(self._wanted)

    def __call__(self, environment_id: int) -> bool:
        known = self._known.get(environment_id)
        if known is None:
            known = self._holds(environment_id)
            self._known[environment_id] = known
        return known

    def _holds(self, environment_id: int) -> bool:
        with suppress(codec.RowDamaged):
            return not self._wanted.isdisjoint(packages_of(self._connection, environment_id))
        return False


def _versions(connection: sqlite3.Connection, name: str, version: str | None) -> Iterator[int]:
    """The packages of a name, as conda and as PyPI write it, and of a version if one is asked."""
    spelled = tuple({name, name.lower(), names.pypi(name) or name})
    marks = ", ".join("?" * len(spelled))
    found = connection.execute(
        f"SELECT id, body FROM package WHERE name IN ({marks})",  # noqa: S608 - marks alone
        spelled,
    )
    for package_id, body in found:
        if version is None or stands_for(version, codec.version_from(body)):
            yield package_id
