"""The history's file: how it is opened, which schema it has, and what its failures mean."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from jupyter_envsnap.core.errors import HistoryUnavailable

APPLICATION_ID = 0x656E7673
"""``envs``: tells our file from a database of something else."""

BUSY_TIMEOUT_S = 2.0

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    # Version 1. What repeats is stored once: packages and environments by digest, paths by id.
    # An environment names its packages by id in a list, because a link row each would cost more
    # than a snapshot may; the list is compressed with that of `base`, which has no base itself,
    # as the dictionary. `name` finds the versions of one package.
    (
        """CREATE TABLE package (
            id INTEGER PRIMARY KEY,
            digest BLOB NOT NULL UNIQUE,
            name TEXT NOT NULL,
            body BLOB NOT NULL
        )""",
        "CREATE INDEX package_by_name ON package (name)",
        """CREATE TABLE environment (
            id INTEGER PRIMARY KEY,
            digest TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            python TEXT,
            conda_count INTEGER NOT NULL,
            pypi_count INTEGER NOT NULL,
            base INTEGER REFERENCES environment (id),
            body BLOB NOT NULL
        )""",
        "CREATE INDEX environment_by_base ON environment (base)",
        """CREATE TABLE findings (
            id INTEGER PRIMARY KEY,
            digest BLOB NOT NULL UNIQUE,
            body BLOB NOT NULL
        )""",
        """CREATE TABLE path (
            id INTEGER PRIMARY KEY,
            path TEXT NOT NULL UNIQUE
        )""",
        # AUTOINCREMENT: a number is never given twice, so what is newer has the greater one.
        """CREATE TABLE snapshot (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            taken_at INTEGER NOT NULL,
            reason TEXT NOT NULL,
            environment INTEGER NOT NULL REFERENCES environment (id),
            findings INTEGER NOT NULL REFERENCES findings (id),
            name TEXT NOT NULL,
            prefix INTEGER REFERENCES path (id),
            notebook INTEGER REFERENCES path (id),
            kernel_id TEXT,
            kernel_name TEXT,
            note TEXT,
            how TEXT
        )""",
        # Each ends in seq, the row's own number: newest first is an index walked backwards.
        "CREATE INDEX snapshot_by_prefix ON snapshot (prefix)",
        "CREATE INDEX snapshot_by_notebook ON snapshot (notebook)",
        "CREATE INDEX snapshot_by_both ON snapshot (prefix, notebook)",
        # Deleting an environment or findings asks who still refers to them.
        "CREATE INDEX snapshot_by_environment ON snapshot (environment)",
        "CREATE INDEX snapshot_by_findings ON snapshot (findings)",
    ),
)
"""The statements that lead from each version of the schema to the next."""

# By message: sqlite3 tells error codes only since Python 3.11.
_MEANINGS = (
    ("database or disk is full", "there is no space left on its disk"),
    ("locked", "another process keeps it locked"),
    ("readonly", "it cannot be written"),
    ("unable to open", "it cannot be opened"),
    ("not a database", "the file is not a database; it was left as it is"),
    ("malformed", "the file is damaged; it was left as it is"),
    ("disk I/O error", "its disk could not be read or written"),
)


def unavailable(path: Path, why: str) -> HistoryUnavailable:
    return HistoryUnavailable(f"The history {path} cannot be used: {why}.", path=str(path))


def explain(path: Path, error: sqlite3.Error) -> HistoryUnavailable:
    """The failure in words."""
    said = str(error)
    return unavailable(path, next((words for part, words in _MEANINGS if part in said), said))


def connect(path: Path) -> sqlite3.Connection:
    """A connection to the history at ``path``; file and folders are made where there are none.

    Raises:
        HistoryUnavailable, sqlite3.Error

    """
    try:
        _make_file(path)
    except OSError as error:
        raise unavailable(path, error.strerror or str(error)) from error
    if not path.is_file():
        raise unavailable(path, "it is not a file")
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    try:
        _prepare(path, connection)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is written inside, or nothing.

    Raises:
        HistoryUnavailable: a newer version has changed the schema since it was opened.

    """
    with _writing(connection):
        version = _number(connection, "user_version")
        if version > len(MIGRATIONS):
            with closing(connection.execute("PRAGMA database_list")) as row:
                path = row.fetchone()[2]
            raise _newer(Path(path), version)
        yield


@contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[None]:
    # IMMEDIATE: of two writers the second waits at once, and not half-way, where SQLite gives up.
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _make_file(path: Path) -> None:
    missing = [folder for folder in path.parents if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
    # An existing file is never opened here: closing it would drop the locks that another
    # connection of this process holds on it.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _prepare(path: Path, connection: sqlite3.Connection) -> None:
    version = _number(connection, "user_version")
    if version > 0 and _number(connection, "application_id") != APPLICATION_ID:
        raise _foreign(path)
    if version > len(MIGRATIONS):
        raise _newer(path, version)
    if version < len(MIGRATIONS):
        _migrate(path, connection)
    # Home folders lie on network mounts, where WAL's shared memory does not work.
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _migrate(path: Path, connection: sqlite3.Connection) -> None:
    with _writing(connection):
        # Read again: another process may have been faster.
        version = _number(connection, "user_version")
        if version == 0 and _holds_tables(connection):
            raise _foreign(path)
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _newer(path: Path, version: int) -> HistoryUnavailable:
    return unavailable(
        path, f"a newer jupyter-envsnap made it (schema {version}, known {len(MIGRATIONS)})"
    )


def _foreign(path: Path) -> HistoryUnavailable:
    return unavailable(path, "it is a database of another program; it was left as it is")


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    with closing(connection.execute(f"PRAGMA {pragma}")) as row:
        number: int = row.fetchone()[0]
    return number


def _holds_tables(connection: sqlite3.Connection) -> bool:
    with closing(connection.execute("SELECT 1 FROM sqlite_master")) as rows:
        return rows.fetchone() is not None
