"""What a list of snapshots tells besides the rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from contextlib import suppress

from jupyter_envsnap.adapters import history_codec as codec
from jupyter_envsnap.adapters import history_rows as rows
from jupyter_envsnap.adapters.history_contents import Contents
from jupyter_envsnap.core.listing import Extent
from jupyter_envsnap.core.model import Environment
from jupyter_envsnap.core.ports import Earlier
from jupyter_envsnap.core.wire import SnapshotQuery

# Both are one step in an index: `max` of a row's own number among those of one path.
_BEFORE = """
    SELECT s.id, e.digest FROM snapshot AS s JOIN environment AS e ON e.id = s.environment
    WHERE s.seq = (SELECT max(seq) FROM snapshot WHERE {column} IS ? AND seq < ?)
"""
_BEFORE_IN_NOTEBOOK = _BEFORE.format(column="notebook")
_BEFORE_IN_PREFIX = _BEFORE.format(column="prefix")


def extent(connection: sqlite3.Connection, query: SnapshotQuery) -> Extent:
    """How much there is of a notebook and a prefix; only an index is read."""
    where, values = rows.conditions(rows.whose(query))
    count, oldest = connection.execute(
        f"SELECT count(*), min(s.seq) FROM snapshot AS s WHERE {where}",  # noqa: S608 - our own
        values,
    ).fetchone()
    since = connection.execute("SELECT taken_at FROM snapshot WHERE seq = ?", (oldest,)).fetchone()
    return Extent(count=count, since=rows.moment(since[0]) if since else None)


def earlier(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Earlier]:
    """By id, the snapshot before."""
    found: dict[str, Earlier] = {}
    for snapshot_id in ids:
        row = connection.execute(
            "SELECT seq, notebook, prefix FROM snapshot WHERE id = ?", (snapshot_id,)
        ).fetchone()
        if row is None:
            continue
        seq, notebook, prefix = row
        before = (
            connection.execute(_BEFORE_IN_PREFIX, (prefix, seq))
            if notebook is None
            else connection.execute(_BEFORE_IN_NOTEBOOK, (notebook, seq))
        ).fetchone()
        if before is not None:
            found[snapshot_id] = Earlier(id=before[0], digest=before[1])
    return found


def contents(connection: sqlite3.Connection, digests: Collection[str]) -> dict[str, Environment]:
    """By digest, but those that cannot be read.

    What follows each other has nearly all in common: a package is read once.
    """
    known = Contents(connection)
    found: dict[str, Environment] = {}
    for digest in digests:
        row = connection.execute(
            "SELECT id, kind, python FROM environment WHERE digest = ?", (digest,)
        ).fetchone()
        if row is None:
            continue
        environment_id, kind, python = row
        with suppress(codec.RowDamaged):
            found[digest] = known.environment(
                environment_id, digest=digest, kind=kind, python=python
            )
    return found
