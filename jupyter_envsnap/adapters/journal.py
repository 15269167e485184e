"""The lives whose ends are not in the history yet, on disk: what a killed server leaves behind.

``JOURNAL/SERVER/LIFE.json`` is a life, ``JOURNAL/SERVER/DIGEST.environment`` what was captured in
one, and ``SERVER.json`` says whose folder it is. The folder's own time is the server's last beat.
A folder of a server that is gone is taken by one rename into the own folder, so that two servers
never both have it, and one that is killed meanwhile leaves both behind.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import shutil
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from jupyter_envsnap.adapters import journal_owner
from jupyter_envsnap.adapters.daemon import DaemonThread
from jupyter_envsnap.adapters.journal_owner import Owner
from jupyter_envsnap.core.findings import JOURNAL_OFF, finding
from jupyter_envsnap.core.lives import Life
from jupyter_envsnap.core.model import Environment, Finding

T = TypeVar("T")

_log = logging.getLogger(__name__)

VERSION = 1
SILENT_S = 300.0
"""A server of another machine that gave no sign for so long is taken for gone."""
_LIMIT_S = 5.0
_CLOSE_LIMIT_S = 0.5
_OWNER = "SERVER.json"
_ENVIRONMENT = ".environment"
_LIFE = ".json"
_ADOPTED = "adopted-"
_UNREADABLE = ".unreadable"


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a life."""

    version: int
    life: Life


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
            body = zlib.compress(msgspec.json.encode(environment), 3)
            _put(self._own / f"{environment.digest}{_ENVIRONMENT}", body)
            self._there.add(environment.digest)
        entry = msgspec.json.encode(_Entry(version=VERSION, life=life))
        _put(self._own / f"{life.id}{_LIFE}", entry)
        before = self._digests.get(life.id)
        self._digests[life.id] = life.digest
        self._sweep(before)
        self._problem = None

    def _remove(self, life_id: str) -> None:
        before = self._digests.pop(life_id, None)
        for found in self._found(f"{life_id}{_LIFE}"):
            found.unlink(missing_ok=True)
            if found.parent != self._own:
                self._drop(found.parent)
        self._sweep(before)

    def _found(self, name: str) -> tuple[Path, ...]:
        """In the own folder and in what was taken into it."""
        return tuple(self._own.glob(f"**/{name}")) if self._own.is_dir() else ()

    def _leave(self) -> None:
        with suppress(OSError):
            self._drop(self._own)

    def _drop(self, folder: Path) -> None:
        """Remove a folder that tells of no life any more, and those it was taken into."""
        while folder != self._root:
            if any(_tells(path) for path in folder.rglob("*")):
                return
            shutil.rmtree(folder)
            if self._own in {folder, folder.parent}:
                return
            folder = folder.parent

    def _sweep(self, digest: str | None) -> None:
        """An environment that no life names any more."""
        if digest is not None and digest not in self._digests.values():
            for found in self._found(f"{digest}{_ENVIRONMENT}"):
                found.unlink(missing_ok=True)
            self._there.discard(digest)

    def _environment(self, digest: str) -> Environment | None:
        for found in self._found(f"{digest}{_ENVIRONMENT}"):
            if (environment := _captured(found)) is not None:
                return environment
        return None

    def _beat(self) -> None:
        if self._own.is_dir():
            os.utime(self._own)

    def _open(self) -> None:
        if not self._own.is_dir():
            self._own.mkdir(mode=0o700, parents=True)
            self._owner = self._owner or journal_owner.this_process()
            _put(self._own / _OWNER, msgspec.json.encode(self._owner))
            self._there.clear()

    def _orphans(self) -> tuple[Life, ...]:
        if not self._root.is_dir():
            return ()
        folders = sorted(self._root.iterdir())
        return tuple(life for folder in folders for life in self._taken_up(folder))

    def _taken_up(self, folder: Path) -> tuple[Life, ...]:
        """What a folder tells of a server that is gone; the others are not to be lost with it."""
        try:
            if folder == self._own or not folder.is_dir() or not _is_left(folder):
                return ()
            self._open()
            return self._adopt(folder)
        except FileNotFoundError:
            return ()  # another server was faster
        except OSError as error:
            _log.warning("The journal's %s cannot be taken up: %s", folder, error)
            return ()

    def _adopt(self, folder: Path) -> tuple[Life, ...]:
        taken = self._own / f"{_ADOPTED}{folder.name}"
        last_beat = folder.stat().st_mtime
        folder.rename(taken)
        os.utime(taken, (last_beat, last_beat))
        found = tuple(self._lives_in(taken, last_beat))
        if not found:
            self._drop(taken)
        return found

    def _lives_in(self, folder: Path, last_beat: float) -> Iterator[Life]:
        """Those in a folder and in what its server had taken itself."""
        seen = datetime.fromtimestamp(last_beat, tz=timezone.utc)
        for path in sorted(folder.iterdir()):
            if path.is_dir() and path.name.startswith(_ADOPTED):
                yield from self._lives_in(path, path.stat().st_mtime)
            elif path.suffix == _LIFE and path.name != _OWNER:
                life = _life(path)
                if life is not None:
                    self._digests[life.id] = life.digest
                    yield life if life.ending else replace(life, last_seen=seen)


def _tells(path: Path) -> bool:
    """A life, or what could not be understood."""
    return path.suffix in {_LIFE, _UNREADABLE} and path.name != _OWNER


def _is_left(folder: Path) -> bool:
    """Whether the server whose folder it is does not run any more."""
    try:
        owner = msgspec.json.decode((folder / _OWNER).read_bytes(), type=Owner)
    except (OSError, msgspec.MsgspecError):
        owner = None
    runs = None if owner is None else journal_owner.runs(owner)
    if runs is not None:
        return not runs
    return time.time() - folder.stat().st_mtime > SILENT_S


def _life(path: Path) -> Life | None:
    try:
        entry = msgspec.json.decode(path.read_bytes(), type=_Entry)
    except OSError as error:
        _log.warning("%s cannot be read: %s", path, error)
        return None
    except msgspec.MsgspecError as error:
        _log.warning("A kernel's end is lost, as %s cannot be understood: %s", path, error)
        _set_aside(path)
        return None
    if entry.version != VERSION:
        _log.warning("%s is from another version of jupyter-envsnap and is left alone.", path)
        _set_aside(path)
        return None
    return entry.life


def _captured(path: Path) -> Environment | None:
    try:
        return msgspec.json.decode(zlib.decompress(path.read_bytes()), type=Environment)
    except (zlib.error, msgspec.MsgspecError):
        _set_aside(path)
        return None


def _set_aside(path: Path) -> None:
    path.replace(path.with_name(path.name + _UNREADABLE))


def _put(path: Path, data: bytes) -> None:
    """The whole file or none, also where the machine loses its power."""
    begun = path.with_name(f".{path.name}")
    try:
        with begun.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        begun.replace(path)
    except BaseException:
        begun.unlink(missing_ok=True)
        raise
