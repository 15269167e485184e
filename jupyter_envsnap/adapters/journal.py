"""The lives whose ends are not in the history yet, on disk: what a killed server leaves behind.

``JOURNAL/SERVER/LIFE.json`` is a life, ``JOURNAL/SERVER/DIGEST.environment`` what was captured in
one, and ``SERVER.json`` says whose folder it is. The folder's own time is the server's last beat.
A folder of a server that is gone is taken by one rename into the own folder, so that two servers
never both have it, and one that is killed meanwhile leaves both behind. Then its files are moved
to the own ones. What cannot be understood goes to ``JOURNAL/unreadable``.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from jupyter_envsnap.adapters import journal_owner
from jupyter_envsnap.adapters.daemon import DaemonThread
from jupyter_envsnap.adapters.journal_files import (
    ADOPTED,
    OWNER,
    UNREADABLE,
    absorb,
    captured,
    environment_at,
    life_at,
    put,
    put_environment,
    put_life,
    tells,
)
from jupyter_envsnap.adapters.journal_owner import Owner
from jupyter_envsnap.core.findings import JOURNAL_OFF, finding
from jupyter_envsnap.core.lives import Life
from jupyter_envsnap.core.model import Environment, Finding

T = TypeVar("T")

_log = logging.getLogger(__name__)

SILENT_S = 300.0
"""A server of another machine that gave no sign for so long is taken for gone."""
_LIMIT_S = 5.0
_CLOSE_LIMIT_S = 0.5


class FolderJournal:
    """``ports.Journal`` in the folder ``path``, made at the first write."""

    def __init__(self, path: Path, *, owner: Owner | None = None) -> None:
        self._root = path
        self._own = path / secrets.token_hex(8)
        self._owner = owner
        self._thread = DaemonThread("envsnap-journal")
        self._digests: dict[str, str | None] = {}
        """Of each life that is written, the environment that it names."""
        self._there: set[str] = set()
        """Environments that are written."""
        self._problem: str | None = None

    async def write(self, life: Life, environment: Environment | None = None) -> None:
        await self._run(lambda: self._write(life, environment), None)

    async def environment(self, digest: str) -> Environment | None:
        return await self._run(lambda: self._environment(digest), None)

    async def remove(self, life_id: str) -> None:
        await self._run(lambda: self._remove(life_id), None)

    async def orphans(self) -> tuple[Life, ...]:
        return await self._run(self._orphans, ())

    async def beat(self) -> None:
        await self._run(self._beat, None)

    async def close(self) -> None:
        """Leave nothing behind where nothing is owed."""
        await self._thread.stop(self._leave, limit_s=_CLOSE_LIMIT_S)

    def findings(self) -> tuple[Finding, ...]:
        if self._problem is None:
            return ()
        return (finding(JOURNAL_OFF, path=str(self._root), why=self._problem),)

    async def _run(self, call: Callable[[], T], otherwise: T) -> T:
        try:
            answer = await asyncio.wait_for(self._thread.run(call), _LIMIT_S)
        except (OSError, asyncio.TimeoutError) as error:
            problem = getattr(error, "strerror", None) or "its disk does not answer"
            if self._problem != problem:
                _log.warning("The journal %s cannot be used: %s", self._root, problem)
            self._problem = problem
            return otherwise
        return answer

    def _write(self, life: Life, environment: Environment | None) -> None:
        self._open()
        if environment is not None and environment.digest not in self._there:
            put_environment(self._own, environment)
            self._there.add(environment.digest)
        put_life(self._own, life)
        before = self._digests.get(life.id)
        self._digests[life.id] = life.digest
        self._sweep(before)
        self._problem = None

    def _remove(self, life_id: str) -> None:
        before = self._digests.pop(life_id, None)
        life_at(self._own, life_id).unlink(missing_ok=True)
        self._sweep(before)

    def _leave(self) -> None:
        with suppress(OSError):
            if self._own.is_dir() and not tells(self._own):
                shutil.rmtree(self._own)

    def _sweep(self, digest: str | None) -> None:
        """An environment that no life names any more."""
        if digest is not None and digest not in self._digests.values():
            environment_at(self._own, digest).unlink(missing_ok=True)
            self._there.discard(digest)

    def _environment(self, digest: str) -> Environment | None:
        return captured(self._root, environment_at(self._own, digest))

    def _beat(self) -> None:
        if self._own.is_dir():
            os.utime(self._own)

    def _open(self) -> None:
        if not self._own.is_dir():
            self._own.mkdir(mode=0o700, parents=True)
            self._owner = self._owner or journal_owner.this_process()
            put(self._own / OWNER, msgspec.json.encode(self._owner))
            self._there.clear()

    def _orphans(self) -> tuple[Life, ...]:
        if not self._root.is_dir():
            return ()
        for folder in sorted(self._root.iterdir()):
            self._take(folder)
        # Also what could not be taken up the last time.
        return tuple(
            life for taken in sorted(self._own.glob(f"{ADOPTED}*")) for life in self._absorb(taken)
        )

    def _take(self, folder: Path) -> None:
        """Make the folder of a server that is gone the own one's."""
        if folder == self._own or folder.name == UNREADABLE or not folder.is_dir():
            return
        try:
            if _is_left(folder):
                self._open()
                folder.rename(self._own / f"{ADOPTED}{folder.name}")
        except FileNotFoundError:
            pass  # another server was faster
        except OSError as error:
            _log.warning("The journal's %s cannot be taken up: %s", folder, error)

    def _absorb(self, taken: Path) -> tuple[Life, ...]:
        """The lives in it; what one folder does not give is not to keep the others."""
        try:
            lives = absorb(self._root, taken, self._own, self._digests)
        except OSError as error:
            _log.warning("The journal's %s cannot be taken up: %s", taken, error)
            return ()
        self._digests.update((life.id, life.digest) for life in lives)
        return lives


def _is_left(folder: Path) -> bool:
    """Whether the server whose folder it is does not run any more."""
    try:
        owner = msgspec.json.decode((folder / OWNER).read_bytes(), type=Owner)
    except (OSError, msgspec.MsgspecError):
        owner = None
    runs = None if owner is None else journal_owner.runs(owner)
    if runs is not None:
        return not runs
    return time.time() - folder.stat().st_mtime > SILENT_S
