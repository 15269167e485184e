"""Snapshots as rows: one function for each question of :class:`core.ports.History`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Any, TypeVar

import msgspec

from jupyter_envsnap.adapters import history_codec as codec
from jupyter_envsnap.adapters.history_schema import transaction
from jupyter_envsnap.core import names
from jupyter_envsnap.core.errors import SnapshotNotFound
from jupyter_envsnap.core.model import CondaPackage, Environment, Finding, PypiPackage, Snapshot
from jupyter_envsnap.core.wire import SnapshotQuery

P = TypeVar("P")
_Condition = tuple[str, str | int | None]

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)

_FIELDS = (
    ("id", "s.id"),
    ("taken_at", "s.taken_at"),
    ("reason", "s.reason"),
    ("digest", "e.digest"),
    ("name", "s.name"),
    ("kind", "e.kind"),
    ("prefix", "prefix.path"),
    ("python", "e.python"),
    ("conda_count", "e.conda_count"),
    ("pypi_count", "e.pypi_count"),
    ("kernel_id", "s.kernel_id"),
    ("kernel_name", "s.kernel_name"),
    ("notebook", "notebook.path"),
    ("note", "s.note"),
    ("how", "s.how"),
)
_NAMES = tuple(name for name, _ in _FIELDS)
_COLUMNS = ", ".join(column for _, column in _FIELDS)
_TABLES = """
    FROM snapshot AS s
    JOIN environment AS e ON e.id = s.environment
    LEFT JOIN path AS prefix ON prefix.id = s.prefix
    LEFT JOIN path AS notebook ON notebook.id = s.notebook
"""
_SELECT = f"SELECT {_COLUMNS}, e.id {_TABLES}"
_SELECT_ONE = f"""
    SELECT {_COLUMNS}, e.id, findings.body {_TABLES}
    JOIN findings ON findings.id = s.findings WHERE s.id = ?
"""
_BASE = """
    SELECT coalesce(e.base, e.id) FROM snapshot AS s JOIN environment AS e ON e.id = s.environment
    WHERE s.prefix = (SELECT id FROM path WHERE path = ?) ORDER BY s.seq DESC LIMIT 1
"""
_WORTH_A_BASE = 4
"""How much smaller a body must be with a base: with more changed since, it is a new base."""


def add_all(connection: sqlite3.Connection, rows: Iterable[tuple[Snapshot, Environment]]) -> None:
    """Keep all or nothing; what has an id that is there is there already."""
    with transaction(connection):
        for snapshot, environment in rows:
            _add(connection, snapshot, environment)


def _add(connection: sqlite3.Connection, snapshot: Snapshot, environment: Environment) -> None:
    if _id(connection, "SELECT seq FROM snapshot WHERE id = ?", snapshot.id) is None:
        connection.execute(
            "INSERT INTO snapshot (id, taken_at, reason, environment, findings, name, prefix,"
            " notebook, kernel_id, kernel_name, note, how)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                snapshot.id,
                (snapshot.taken_at - _EPOCH) // _MICROSECOND,
                snapshot.reason.value,
                _environment_id(connection, environment, near=snapshot.prefix),
                _findings_id(connection, environment.findings),
                environment.name,
                _path_id(connection, snapshot.prefix),
                _path_id(connection, snapshot.notebook),
                snapshot.kernel_id,
                snapshot.kernel_name,
                snapshot.note,
                None if snapshot.how is None else snapshot.how.value,
            ),
        )


def get(connection: sqlite3.Connection, snapshot_id: str) -> tuple[Snapshot, Environment]:
    """Raises SnapshotNotFound."""
    row = connection.execute(_SELECT_ONE, (snapshot_id,)).fetchone()
    if row is None:
        raise _not_found(snapshot_id)
    *fields, environment_id, findings = row
    snapshot = _snapshot(fields)
    content = codec.content_from(_content(connection, environment_id))
    environment = Environment(
        digest=snapshot.digest,
        name=snapshot.name,
        kind=snapshot.kind,
        platform=content.platform,
        python=snapshot.python,
        channels=content.channels,
        conda=_packages(connection, content.conda, codec.conda_from),
        pypi=_packages(connection, content.pypi, codec.pypi_from),
        variables=content.variables,
        pins=content.pins,
        indexes=content.indexes,
        virtual_packages=content.virtual_packages,
        machine=content.machine,
        findings=codec.findings_from(msgspec.convert(findings, bytes)),
    )
    return snapshot, environment


def page(connection: sqlite3.Connection, query: SnapshotQuery) -> tuple[Snapshot, ...]:
    """Newest first, in the order in which they were added, whatever the clock said."""
    conditions: list[_Condition] = []
    if query.before is not None:
        conditions.append(("s.seq < ?", _seq(connection, query.before)))
    if query.prefix is not None:
        conditions.append(_at_path("prefix", query.prefix))
    if query.notebook is not None:
        conditions.append(_at_path("notebook", query.notebook))
    if query.reason is not None:
        conditions.append(("s.reason = ?", query.reason.value))
    if query.package is not None:
        holds = Holding(connection, query.package, query.version)
        return tuple(islice(_newest(connection, conditions, holds), query.limit))
    return tuple(islice(_newest(connection, conditions), query.limit))


def prefixes(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Each once, by path."""
    found = connection.execute(
        "SELECT path FROM path WHERE id IN (SELECT prefix FROM snapshot) ORDER BY path"
    )
    return tuple(msgspec.convert(path, str) for (path,) in found)


def _newest(
    connection: sqlite3.Connection,
    conditions: Iterable[_Condition],
    holds: Callable[[int], bool] | None = None,
) -> Iterator[Snapshot]:
    """One by one: who has enough asks for no more."""
    clauses, values = zip(*conditions, ("1 = ?", 1), strict=True)
    with closing(connection.cursor()) as cursor:
        cursor.execute(f"{_SELECT} WHERE {' AND '.join(clauses)} ORDER BY s.seq DESC", values)
        for *fields, environment_id in cursor:
            if holds is None or holds(environment_id):
                yield _snapshot(fields)


def _at_path(column: str, path: str | None) -> _Condition:
    # A path that was never seen has no id, and nothing equals NULL.
    if path is None:
        return f"s.{column} IS ?", None
    return f"s.{column} = (SELECT id FROM path WHERE path = ?)", path  # noqa: S608 - our own word


def _seq(connection: sqlite3.Connection, snapshot_id: str) -> int:
    seq = _id(connection, "SELECT seq FROM snapshot WHERE id = ?", snapshot_id)
    if seq is None:
        raise _not_found(snapshot_id)
    return seq


def _snapshot(row: Sequence[object]) -> Snapshot:
    fields = dict(zip(_NAMES, row, strict=True))
    taken_at = msgspec.convert(fields["taken_at"], int)
    return msgspec.convert(fields | {"taken_at": _EPOCH + taken_at * _MICROSECOND}, Snapshot)


def _not_found(snapshot_id: str) -> SnapshotNotFound:
    return SnapshotNotFound(f"There is no snapshot {snapshot_id}.", snapshot=snapshot_id)


class Holding:
    """Whether an environment holds a package, asked once of each."""

    def __init__(
        self, connection: sqlite3.Connection, name: str, version: str | None = None
    ) -> None:
        self._connection = connection
        self._wanted = frozenset(_versions(connection, name, version))
        self._known: dict[int, bool] = {}

    def __call__(self, environment_id: int) -> bool:
        if not self._wanted:
            return False
        known = self._known.get(environment_id)
        if known is None:
            known = not self._wanted.isdisjoint(packages_of(self._connection, environment_id))
            self._known[environment_id] = known
        return known


def packages_of(connection: sqlite3.Connection, environment_id: int) -> tuple[int, ...]:
    """The ids of all that an environment holds."""
    content = codec.content_from(_content(connection, environment_id))
    return (*content.conda, *content.pypi)


def _versions(connection: sqlite3.Connection, name: str, version: str | None) -> Iterator[int]:
    """The packages of a name, as conda and as PyPI write it, and of a version if one is asked."""
    spelled = tuple({name, name.lower(), names.pypi(name) or name})
    marks = ", ".join("?" * len(spelled))
    found = connection.execute(
        f"SELECT id, body FROM package WHERE name IN ({marks})",  # noqa: S608 - marks alone
        spelled,
    )
    for package_id, body in found:
        if version is None or codec.version_from(body) == version:
            yield package_id


def _packages(
    connection: sqlite3.Connection, ids: Iterable[int], decode: Callable[[bytes], P]
) -> tuple[P, ...]:
    select = "SELECT body FROM package WHERE id = ?"
    rows = (_row(connection, select, package_id) for package_id in ids)
    return tuple(decode(msgspec.convert(body, bytes)) for (body,) in rows)


def _row(connection: sqlite3.Connection, select: str, key: int) -> tuple[Any, ...]:
    """A row that others refer to."""
    row: tuple[Any, ...] | None = connection.execute(select, (key,)).fetchone()
    if row is None:
        raise sqlite3.DatabaseError(f"malformed: row {key} is gone")
    return row


def _content(connection: sqlite3.Connection, environment_id: int) -> bytes:
    base, body = _row(connection, "SELECT base, body FROM environment WHERE id = ?", environment_id)
    return codec.decompressed(
        msgspec.convert(body, bytes), b"" if base is None else _content(connection, base)
    )


def _environment_id(
    connection: sqlite3.Connection, environment: Environment, *, near: str | None
) -> int:
    known = _id(connection, "SELECT id FROM environment WHERE digest = ?", environment.digest)
    if known is not None:
        return known
    conda = [_package_id(connection, package) for package in environment.conda]
    pypi = [_package_id(connection, package) for package in environment.pypi]
    base, body = _body(connection, codec.content_of(environment, conda, pypi), near)
    return _insert(
        connection,
        "INSERT INTO environment (digest, kind, python, conda_count, pypi_count, base, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        environment.digest,
        environment.kind,
        environment.python,
        len(conda),
        len(pypi),
        base,
        body,
    )


def _body(
    connection: sqlite3.Connection, data: bytes, near: str | None
) -> tuple[int | None, bytes]:
    """Base and body: against what the prefix held before, unless too much of it changed."""
    alone = codec.compressed(data)
    base = None if near is None else _id(connection, _BASE, near)
    if base is not None:
        body = codec.compressed(data, _content(connection, base))
        if len(body) * _WORTH_A_BASE < len(alone):
            return base, body
    return None, alone


def _package_id(connection: sqlite3.Connection, package: CondaPackage | PypiPackage) -> int:
    digest, body = codec.package_of(package)
    known = _id(connection, "SELECT id FROM package WHERE digest = ?", digest)
    if known is not None:
        return known
    insert = "INSERT INTO package (digest, name, body) VALUES (?, ?, ?)"
    return _insert(connection, insert, digest, package.name, body)


def _findings_id(connection: sqlite3.Connection, findings: tuple[Finding, ...]) -> int:
    digest, body = codec.findings_of(findings)
    known = _id(connection, "SELECT id FROM findings WHERE digest = ?", digest)
    if known is not None:
        return known
    return _insert(connection, "INSERT INTO findings (digest, body) VALUES (?, ?)", digest, body)


def _path_id(connection: sqlite3.Connection, path: str | None) -> int | None:
    if path is None:
        return None
    known = _id(connection, "SELECT id FROM path WHERE path = ?", path)
    if known is not None:
        return known
    return _insert(connection, "INSERT INTO path (path) VALUES (?)", path)


def _id(connection: sqlite3.Connection, select: str, key: str | bytes) -> int | None:
    row = connection.execute(select, (key,)).fetchone()
    return None if row is None else msgspec.convert(row[0], int)


def _insert(connection: sqlite3.Connection, statement: str, *values: object) -> int:
    return msgspec.convert(connection.execute(statement, values).lastrowid, int)
