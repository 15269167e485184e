"""Snapshots kept in one SQLite file, behind :class:`core.ports.History`."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import zlib
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from jupyter_envsnap.adapters import history_forgetting as forgetting
from jupyter_envsnap.adapters import history_listing as listing
from jupyter_envsnap.adapters import history_place
from jupyter_envsnap.adapters import history_rows as rows
from jupyter_envsnap.adapters.daemon import DaemonThread
from jupyter_envsnap.adapters.history_codec import RowDamaged
from jupyter_envsnap.adapters.history_schema import connect, explain, unavailable
from jupyter_envsnap.adapters.history_soundness import Soundness
from jupyter_envsnap.core.errors import HistoryUnavailable
from jupyter_envsnap.core.listing import Extent
from jupyter_envsnap.core.model import Environment, Finding, Snapshot
from jupyter_envsnap.core.ports import Earlier, Retention
from jupyter_envsnap.core.wire import SnapshotQuery

T = TypeVar("T")

ANSWER_TIMEOUT_S = 15.0
"""Longer than SQLite waits for a lock; a disk that is slower than this is as good as gone."""
CLOSE_TIMEOUT_S = 1.0


class SqliteHistory:
    """The history in the file ``path``, opened at first use.

    The file belongs to one connection on one thread. After a failure the next call opens it anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = DaemonThread("envsnap-history")
        self._connection: sqlite3.Connection | None = None
        self._opened: os.stat_result | None = None
        self._closed = False
        self._soundness = Soundness()

    async def add(self, snapshot: Snapshot, environment: Environment) -> None:
        """Keep a snapshot; an environment of the same digest is stored once."""
        await self.add_all([(snapshot, environment)])

    async def add_all(self, kept: Sequence[tuple[Snapshot, Environment]]) -> None:
        """All of them or none; what has an id that is there is there already."""
        await self._ask(lambda connection: rows.add_all(connection, kept))

    async def delete(self, snapshot_id: str) -> None:
        """Raises SnapshotNotFound."""
        await self._ask(lambda connection: forgetting.delete(connection, snapshot_id))

    async def prune(self, retention: Retention, now: datetime) -> int:
        """Forget what is too old or too much; how many that were."""
        return await self._ask(lambda connection: forgetting.prune(connection, retention, now))

    async def findings(self) -> tuple[Finding, ...]:
        """Where it does not last, what was set aside, and what cannot be read."""
        if self._closed:
            return ()
        look = self._thread.run(lambda: (*history_place.findings(self._path), *self._unread()))
        try:
            return await asyncio.wait_for(look, ANSWER_TIMEOUT_S)
        except (OSError, asyncio.TimeoutError):
            return ()

    async def get(self, snapshot_id: str) -> tuple[Snapshot, Environment]:
        """Raises SnapshotNotFound."""
        return await self._ask(lambda connection: rows.get(connection, snapshot_id))

    async def page(self, query: SnapshotQuery) -> tuple[Snapshot, ...]:
        """Newest first, in the order in which they were added, whatever the clock said."""
        return await self._ask(lambda connection: rows.page(connection, query))

    async def extent(self, query: SnapshotQuery) -> Extent:
        """How much there is of the notebook and the prefix that are asked for."""
        return await self._ask(lambda connection: listing.extent(connection, query))

    async def earlier(self, ids: Sequence[str]) -> dict[str, Earlier]:
        """By id, the snapshot before: of the same notebook, without one of the same prefix."""
        return await self._ask(lambda connection: listing.earlier(connection, ids))

    async def contents(self, digests: Collection[str]) -> dict[str, Environment]:
        """What was installed, by digest."""
        return await self._ask(lambda connection: listing.contents(connection, digests))

    async def annotate(self, snapshot_id: str, note: str | None) -> Snapshot:
        """Give it another note, or none; raises SnapshotNotFound."""
        return await self._ask(lambda connection: rows.annotate(connection, snapshot_id, note))

    async def prefixes(self) -> tuple[str, ...]:
        """Every prefix that a snapshot was taken of, by path."""
        return await self._ask(rows.prefixes)

    async def close(self) -> None:
        """Let go of the file, within a second."""
        self._closed = True
        await self._thread.stop(self._drop, limit_s=CLOSE_TIMEOUT_S)

    async def _ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        if self._closed:
            raise unavailable(self._path, "it was closed")
        try:
            return await asyncio.wait_for(
                self._thread.run(lambda: self._answer(question)), ANSWER_TIMEOUT_S
            )
        except asyncio.TimeoutError as error:
            raise unavailable(self._path, "its disk does not answer") from error

    def _answer(self, question: Callable[[sqlite3.Connection], T]) -> T:
        try:
            try:
                return question(self._open())
            except sqlite3.DatabaseError as error:
                self._drop()
                if not history_place.set_aside(self._path, error):
                    raise
                return question(self._open())
        except sqlite3.Error as error:
            self._drop()
            raise explain(self._path, error) from error
        except (RowDamaged, zlib.error, msgspec.MsgspecError) as error:
            self._drop()
            raise unavailable(self._path, "the file is damaged; it was left as it is") from error
        except OSError as error:
            self._drop()
            raise unavailable(self._path, error.strerror or "its disk does not answer") from error
        except HistoryUnavailable:
            self._drop()
            raise

    def _unread(self) -> tuple[Finding, ...]:
        if self._connection is None:
            return ()
        with suppress(sqlite3.Error):
            return self._soundness.findings(self._path, self._connection)
        return ()

    def _open(self) -> sqlite3.Connection:
        if self._connection is not None and not self._is_replaced():
            return self._connection
        self._drop()
        self._connection = connect(self._path)
        self._soundness = Soundness()
        self._opened = self._path.stat()
        return self._connection

    def _is_replaced(self) -> bool:
        # A file that was deleted or replaced under an open connection would still take snapshots,
        # and nobody would ever see them again.
        try:
            now = self._path.stat()
        except OSError:
            return True
        return self._opened is None or not os.path.samestat(self._opened, now)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
