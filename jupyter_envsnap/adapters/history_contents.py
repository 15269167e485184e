"""What the history's environments hold, by the ids of their packages."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

from jupyter_envsnap.adapters import history_codec as codec
from jupyter_envsnap.core import names
from jupyter_envsnap.core.model import CondaPackage, Environment, Finding, Kind, PypiPackage
from jupyter_envsnap.core.versions import stands_for

P = TypeVar("P")


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


class Contents:
    """What environments hold; what several have in common is read once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._conda = _Packages(connection, codec.conda_from)
        self._pypi = _Packages(connection, codec.pypi_from)

    def environment(
        self,
        environment_id: int,
        *,
        digest: str,
        kind: Kind,
        python: str | None,
        name: str = "",
        findings: tuple[Finding, ...] = (),
    ) -> Environment:
        """With what its columns and its snapshot say of it; raises RowDamaged."""
        content = content_of(self._connection, environment_id)
        conda, pypi = self._packages(content)
        return Environment(
            digest=digest,
            name=name,
            kind=kind,
            platform=content.platform,
            python=python,
            channels=content.channels,
            conda=conda,
            pypi=pypi,
            variables=content.variables,
            pins=content.pins,
            indexes=content.indexes,
            virtual_packages=content.virtual_packages,
            machine=content.machine,
            findings=findings,
        )

    def _packages(
        self, content: codec.Content
    ) -> tuple[tuple[CondaPackage, ...], tuple[PypiPackage, ...]]:
        with codec.reading():
            return self._conda.of(content.conda), self._pypi.of(content.pypi)

    def is_readable(self, environment_id: int) -> bool:
        """Whether all that an environment holds can be told."""
        try:
            self._packages(content_of(self._connection, environment_id))
        except codec.RowDamaged:
            return False
        return True


class _Packages(dict[int, P]):
    """By the ids of their rows, read at first use."""

    def __init__(self, connection: sqlite3.Connection, decode: Callable[[bytes], P]) -> None:
        super().__init__()
        self._connection = connection
        self._decode = decode

    def of(self, ids: Iterable[int]) -> tuple[P, ...]:
        return tuple(self[package_id] for package_id in ids)

    def __missing__(self, package_id: int) -> P:
        (body,) = _row_of(self._connection, "SELECT body FROM package WHERE id = ?", package_id)
        package = self[package_id] = self._decode(msgspec.convert(body, bytes))
        return package


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
        with suppress(codec.RowDamaged), codec.reading():
            if version is None or stands_for(
                version, codec.version_from(msgspec.convert(body, bytes))
            ):
                yield package_id
