"""The history's file among others: whether it lasts, and what becomes of a damaged one."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from jupyter_envsnap.adapters.history_schema import APPLICATION_ID
from jupyter_envsnap.adapters.mounts import fleeting
from jupyter_envsnap.core.findings import HISTORY_NOT_KEPT, HISTORY_SET_ASIDE, finding
from jupyter_envsnap.core.model import Finding

_log = logging.getLogger(__name__)

_DAMAGED = ".damaged-"
_MAGIC = b"SQLite format 3\0"
_ID_AT = 68
"""https://www.sqlite.org/fileformat2.html: the application's id, four bytes, big-endian."""
_SAID = frozenset({"database disk image is malformed", "file is not a database"})


def findings(path: Path) -> Iterator[Finding]:
    """What a user must know of the file's place."""
    if fleeting(_there(path.parent)) is not None:
        yield finding(HISTORY_NOT_KEPT, path=str(path.parent))
    for each in sorted(path.parent.glob(f"{path.name}{_DAMAGED}*")):
        if each.suffix != "-journal" and not each.name.endswith("-journal"):
            yield finding(HISTORY_SET_ASIDE, path=str(each))


def set_aside(path: Path, error: sqlite3.Error) -> bool:
    """Rename a damaged history, so that a new one can begin; False where it is none of ours."""
    if str(error) not in _SAID or not _is_ours(path):
        return False
    number = 1
    while (aside := path.with_name(f"{path.name}{_DAMAGED}{number}")).exists():
        number += 1
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists():
        journal.replace(aside.with_name(f"{aside.name}-journal"))
    path.replace(aside)
    _log.error("The history %s is damaged. It was renamed to %s.", path, aside.name)
    return True


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        header = file.read(100)
    return header.startswith(_MAGIC) and header[_ID_AT : _ID_AT + 4] == APPLICATION_ID.to_bytes(
        4, "big"
    )


def _there(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next((each for each in (folder, *folder.parents) if each.exists()), folder)
