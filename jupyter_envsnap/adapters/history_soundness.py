"""Whether the history's environments can be read, looked at where a list is shown."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec
from msgspec.structs import replace

from jupyter_envsnap.adapters import history_codec as codec
from jupyter_envsnap.adapters.history_contents import Contents
from jupyter_envsnap.core.findings import NOT_CAPTURED, finding
from jupyter_envsnap.core.model import Finding

_NEWEST = "SELECT id FROM environment ORDER BY id DESC LIMIT 20"
_NEWEST_FINDINGS = "SELECT body FROM findings ORDER BY id DESC LIMIT 20"
"""An older one says so itself when it is opened."""
_ADVICE = (
    "Each can be read again when it is kept again as it was. A backup of the file may have the"
    " others."
)


class Soundness:
    """Looks again only where something was written since; each connection has its own."""

    def __init__(self) -> None:
        self._looked_at: tuple[int, int] | None = None
        self._is_sound = True

    def findings(self, path: Path, connection: sqlite3.Connection) -> tuple[Finding, ...]:
        """Of the newest environments; the list itself needs none of them. Raises sqlite3.Error."""
        (others,) = connection.execute("PRAGMA data_version").fetchone()
        now = (others, connection.total_changes)
        if now != self._looked_at:
            self._is_sound = _is_sound(connection)
            self._looked_at = now
        if self._is_sound:
            return ()
        told = finding(NOT_CAPTURED, what="The environment of some snapshots", path=str(path))
        return (replace(told, advice=_ADVICE),)


def _is_sound(connection: sqlite3.Connection) -> bool:
    contents = Contents(connection)
    newest = [each for (each,) in connection.execute(_NEWEST).fetchall()]
    try:
        with codec.reading():
            for (body,) in connection.execute(_NEWEST_FINDINGS):
                codec.findings_from(msgspec.convert(body, bytes))
    except codec.RowDamaged:
        return False
    return all(contents.is_readable(each) for each in newest)
