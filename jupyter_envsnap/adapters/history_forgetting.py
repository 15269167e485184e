"""Taking snapshots out of the history, and with them what only they held."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from jupyter_envsnap.adapters.history_codec import RowDamaged
from jupyter_envsnap.adapters.history_contents import packages_of
from jupyter_envsnap.adapters.history_schema import transaction
from jupyter_envsnap.core.errors import SnapshotNotFound
from jupyter_envsnap.core.ports import Retention

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)
_NEWEST_STAY = """
    seq NOT IN (SELECT max(seq) FROM snapshot WHERE notebook IS NOT NULL GROUP BY notebook)
    AND seq NOT IN (SELECT max(seq) FROM snapshot WHERE notebook IS NULL GROUP BY prefix)
"""
_TOO_OLD = f"DELETE FROM snapshot WHERE taken_at < ? AND {_NEWEST_STAY}"  # noqa: S608 - our own
_TOO_MUCH = f"""
    DELETE FROM snapshot WHERE seq <= (
        SELECT seq FROM snapshot ORDER BY seq DESC LIMIT 1 OFFSET ?
    ) AND {_NEWEST_STAY}
"""  # noqa: S608 - our own


def delete(connection: sqlite3.Connection, snapshot_id: str) -> None:
    """Raises SnapshotNotFound."""
    with transaction(connection):
        gone = connection.execute("DELETE FROM snapshot WHERE id = ?", (snapshot_id,)).rowcount
        if not gone:
            raise SnapshotNotFound(f"There is no snapshot {snapshot_id}.", snapshot=snapshot_id)
        _sweep(connection)


def prune(connection: sqlite3.Connection, retention: Retention, now: datetime) -> int:
    """How many were too old or too much; the newest of a notebook stays, whatever its age."""
    gone = 0
    with transaction(connection):
        if retention.days is not None:
            oldest = now - timedelta(days=min(retention.days, (now - _EPOCH).days))
            gone += connection.execute(_TOO_OLD, ((oldest - _EPOCH) // _MICROSECOND,)).rowcount
        if retention.count is not None:
            gone += connection.execute(_TOO_MUCH, (retention.count,)).rowcount
        if gone:
            _sweep(connection)
    return gone


def _sweep(connection: sqlite3.Connection) -> None:
    """Remove what no snapshot refers to any more."""
    unused = "DELETE FROM environment WHERE id NOT IN (SELECT environment FROM snapshot)"
    # One that others are written against stays for as long as they do.
    bases = "id NOT IN (SELECT base FROM environment WHERE base IS NOT NULL)"
    removed = connection.execute(f"{unused} AND {bases}").rowcount
    if removed:
        connection.execute(f"{unused} AND {bases}")  # bases that only those needed
        _sweep_packages(connection)
    connection.execute("DELETE FROM findings WHERE id NOT IN (SELECT findings FROM snapshot)")
    connection.execute(
        "DELETE FROM path WHERE id NOT IN (SELECT prefix FROM snapshot WHERE prefix IS NOT NULL)"
        " AND id NOT IN (SELECT notebook FROM snapshot WHERE notebook IS NOT NULL)"
    )


def _sweep_packages(connection: sqlite3.Connection) -> None:
    held: set[int] = set()
    try:
        for (environment_id,) in connection.execute("SELECT id FROM environment").fetchall():
            held.update(packages_of(connection, environment_id))
    except RowDamaged:
        return  # what one holds that cannot be read may be what it needs to be read again
    every = {package_id for (package_id,) in connection.execute("SELECT id FROM package")}
    _delete_packages(connection, every - held)


def _delete_packages(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    connection.executemany("DELETE FROM package WHERE id = ?", ((each,) for each in ids))
