"""Snapshots as rows: one function for each question of :class:`core.ports.History`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import datetime, timedelta, timezone
from itertools import chain, islice

import msgspec

from jupyter_envsnap.adapters import history_codec as codec
from jupyter_envsnap.adapters.history_contents import (
    Contents,
    Holding,
    bytes_of,
)
from jupyter_envsnap.adapters.history_schema import transaction
from jupyter_envsnap.core.errors import SnapshotNotFound
from jupyter_envsnap.core.model import CondaPackage, Environment, Finding, PypiPackage, Snapshot
from jupyter_envsnap.core.snapshots import is_id
from jupyter_envsnap.core.wire import SnapshotQuery

_Value = str | int
_Condition = tuple[str, tuple[_Value, ...]]

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
        contents = Contents(connection)
        for snapshot, environment in rows:
            _add(connection, snapshot, environment, contents)


def _add(
    connection: sqlite3.Connection, snapshot: Snapshot, environment: Environment, contents: Contents
) -> None:
    if _id(connection, "SELECT seq FROM snapshot WHERE id = ?", snapshot.id) is None:
        connection.execute(
            "INSERT INTO snapshot (id, taken_at, reason, environment, findings, name, prefix,"
            " notebook, kernel_id, kernel_name, note, how)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                snapshot.id,
                (snapshot.taken_at - _EPOCH) // _MICROSECOND,
                snapshot.reason.value,
                _environment_id(connection, environment, contents, near=snapshot.prefix),
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
    with codec.reading():
        told = codec.findings_from(msgspec.convert(findings, bytes))
    return snapshot, Contents(connection).environment(
        environment_id,
        digest=snapshot.digest,
        kind=snapshot.kind,
        python=snapshot.python,
        name=snapshot.name,
        findings=told,
    )


def page(connection: sqlite3.Connection, query: SnapshotQuery) -> tuple[Snapshot, ...]:
    """Newest first, in the order in which they were added, whatever the clock said."""
    wanted = [*whose(query)]
    if query.before is not None:
        wanted.append(_older(connection, query.before))
    if query.reason:
        marks = ", ".join("?" * len(query.reason))
        wanted.append((f"s.reason IN ({marks})", tuple(each.value for each in query.reason)))
    if query.package is None:
        return tuple(islice(_newest(connection, wanted), query.limit))
    holds = Holding(connection, query.package, query.version)
    return tuple(islice(_newest(connection, wanted, holds), query.limit)) if holds else ()


def whose(query: SnapshotQuery) -> Iterator[_Condition]:
    """Of which notebook and prefix."""
    # A path that was never seen has no id, and nothing equals NULL.
    if query.prefix is not None:
        yield "s.prefix = (SELECT id FROM path WHERE path = ?)", (query.prefix,)
    if query.notebook is not None:
        yield "s.notebook = (SELECT id FROM path WHERE path = ?)", (query.notebook,)


def conditions(wanted: Iterable[_Condition]) -> tuple[str, tuple[_Value, ...]]:
    """What stands after WHERE, and its values."""
    clauses, values = zip(("1", ()), *wanted, strict=True)
    return " AND ".join(clauses), tuple(chain.from_iterable(values))


def annotate(connection: sqlite3.Connection, snapshot_id: str, note: str | None) -> Snapshot:
    """Raises SnapshotNotFound."""
    with transaction(connection):
        connection.execute("UPDATE snapshot SET note = ? WHERE id = ?", (note, snapshot_id))
        row = connection.execute(f"{_SELECT} WHERE s.id = ?", (snapshot_id,)).fetchone()
        if row is None:
            raise _not_found(snapshot_id)
        return _snapshot(row[:-1])


def prefixes(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Each once, by path."""
    found = connection.execute(
        "SELECT path FROM path WHERE id IN (SELECT prefix FROM snapshot) ORDER BY path"
    )
    return tuple(msgspec.convert(path, str) for (path,) in found)


def _newest(
    connection: sqlite3.Connection,
    wanted: Iterable[_Condition],
    holds: Callable[[int], bool] | None = None,
) -> Iterator[Snapshot]:
    """One by one: who has enough asks for no more."""
    where, values = conditions(wanted)
    with closing(connection.cursor()) as cursor:
        cursor.execute(f"{_SELECT} WHERE {where} ORDER BY s.seq DESC", values)
        for *fields, environment_id in cursor:
            if holds is None or holds(environment_id):
                yield _snapshot(fields)


def _older(connection: sqlite3.Connection, snapshot_id: str) -> _Condition:
    """Than this one; where it was deleted since, than the time that its id tells."""
    seq = _id(connection, "SELECT seq FROM snapshot WHERE id = ?", snapshot_id)
    if seq is not None:
        return "s.seq < ?", (seq,)
    if not is_id(snapshot_id):
        raise _not_found(snapshot_id)
    return "s.id < ?", (snapshot_id,)


def _snapshot(row: Sequence[object]) -> Snapshot:
    fields = dict(zip(_NAMES, row, strict=True))
    return msgspec.convert(fields | {"taken_at": moment(fields["taken_at"])}, Snapshot)


def moment(taken_at: object) -> datetime:
    """As the column has it."""
    return _EPOCH + msgspec.convert(taken_at, int) * _MICROSECOND


def _not_found(snapshot_id: str) -> SnapshotNotFound:
    return SnapshotNotFound(f"There is no snapshot {snapshot_id}.", snapshot=snapshot_id)


def _environment_id(
    connection: sqlite3.Connection,
    environment: Environment,
    contents: Contents,
    *,
    near: str | None,
) -> int:
    known = _id(connection, "SELECT id FROM environment WHERE digest = ?", environment.digest)
    if known is not None and contents.is_readable(known):
        return known
    conda = [_package_id(connection, package) for package in environment.conda]
    pypi = [_package_id(connection, package) for package in environment.pypi]
    content = codec.content_of(environment, conda, pypi)
    if known is not None:
        _heal(connection, known, content)
        return known
    base, body = _body(connection, content, near)
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


def _heal(connection: sqlite3.Connection, environment_id: int, data: bytes) -> None:
    """Write an environment again, and against it those that were written against it before."""
    others = connection.execute("SELECT id FROM environment WHERE base = ?", (environment_id,))
    bodies = []
    for (other,) in others.fetchall():
        with suppress(codec.RowDamaged), codec.reading():
            bodies.append((codec.compressed(bytes_of(connection, other), data), other))
    healed = "UPDATE environment SET base = NULL, body = ? WHERE id = ?"
    connection.execute(healed, (codec.compressed(data), environment_id))
    connection.executemany("UPDATE environment SET body = ? WHERE id = ?", bodies)


def _body(
    connection: sqlite3.Connection, data: bytes, near: str | None
) -> tuple[int | None, bytes]:
    """Base and body: against what the prefix held before, unless too much of it changed."""
    alone = codec.compressed(data)
    base = None if near is None else _id(connection, _BASE, near)
    if base is not None:
        with suppress(codec.RowDamaged), codec.reading():
            body = codec.compressed(data, bytes_of(connection, base))
            if len(body) * _WORTH_A_BASE < len(alone):
                return base, body
    return None, alone


def _package_id(connection: sqlite3.Connection, package: CondaPackage | PypiPackage) -> int:
    digest, body = codec.package_of(package)
    known = _id(connection, "SELECT id FROM package WHERE digest = ?", digest)
    if known is not None:
        heal = "UPDATE package SET body = ? WHERE id = ? AND body IS NOT ?"
        connection.execute(heal, (body, known, body))
        return known
    insert = "INSERT INTO package (digest, name, body) VALUES (?, ?, ?)"
    return _insert(connection, insert, digest, package.name, body)


def _findings_id(connection: sqlite3.Connection, findings: tuple[Finding, ...]) -> int:
    digest, body = codec.findings_of(findings)
    known = _id(connection, "SELECT id FROM findings WHERE digest = ?", digest)
    if known is not None:
        heal = "UPDATE findings SET body = ? WHERE id = ? AND body IS NOT ?"
        connection.execute(heal, (body, known, body))
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
