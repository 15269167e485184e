"""The server's contents manager: where files are read and the only way they are written."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Awaitable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Protocol, TypedDict, TypeGuard

from jupyter_server.services.contents.fileio import FileManagerMixin
from jupyter_server.utils import ensure_async
from tornado.web import HTTPError

from jupyter_envsnap.adapters import disk
from jupyter_envsnap.core import target
from jupyter_envsnap.core.errors import (
    SaveError,
    SaveFailed,
    TargetChanged,
    TargetNoSpace,
    TargetNotText,
    TargetReadOnly,
    TargetRefused,
)
from jupyter_envsnap.core.ports import FileState
from jupyter_envsnap.locks import Locks

_READ_ONLY = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


class _Model(TypedDict):
    """A text file, as a contents manager takes it."""

    type: str
    format: str
    content: str


class Manager(Protocol):
    """What is used of jupyter_server's ContentsManager; a method may be async or not."""

    @property
    def allow_hidden(self) -> bool: ...
    def dir_exists(self, path: str) -> bool | Awaitable[bool]: ...
    def file_exists(self, path: str) -> bool | Awaitable[bool]: ...
    def get(
        self, path: str, content: bool = ..., type: str = ..., format: str = ...
    ) -> _Model | Awaitable[_Model]: ...
    def save(self, model: _Model, path: str) -> object | Awaitable[object]: ...


class _LocalManager(Manager, Protocol):
    """One that keeps its files below a folder of the local disk."""

    @property
    def root_dir(self) -> str: ...
    def _get_os_path(self, path: str) -> str: ...


def _is_local(manager: Manager) -> TypeGuard[_LocalManager]:
    return isinstance(manager, FileManagerMixin)


def _locate(manager: _LocalManager, path: str) -> disk.Place:
    try:
        file = manager._get_os_path(path)  # noqa: SLF001 - where it will itself write
    except (HTTPError, ValueError) as error:
        raise TargetRefused("This is not a path below the server's folder.", path=path) from error
    root, hidden = Path(manager.root_dir), manager.allow_hidden
    return disk.locate(path, file=Path(file), root=root, allow_hidden=hidden)


def _state(path: str, content: bytes | None, real_path: str | None) -> FileState:
    if content is None:
        return FileState(path=path, text=None, digest=None, real_path=real_path)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise TargetNotText(
            f"{path} is not UTF-8 text. Choose another path, or convert it first.", path=path
        ) from None
    return FileState(path=path, text=text, digest=sha256(content).hexdigest(), real_path=real_path)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those behind it: the contents manager wraps them in a 500."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _save_error(path: str, error: Exception) -> SaveError:
    """What the contents manager's refusal means."""
    codes = {cause.errno for cause in _causes(error) if isinstance(cause, OSError)}
    if codes & _NO_SPACE:
        return TargetNoSpace(
            f"There is no space left to write {path}. Free some, then save again.", path=path
        )
    forbidden = isinstance(error, HTTPError) and error.status_code == 403
    if forbidden or codes & _READ_ONLY:
        return TargetReadOnly(
            f"{path} cannot be written: the file or its folder is read-only. Choose another path.",
            path=path,
        )
    reason = error.log_message if isinstance(error, HTTPError) else None
    return SaveFailed(f"{path} could not be written: {reason or type(error).__name__}.", path=path)


class Contents:
    """Files by way of the contents manager; implements ``ports.Files``."""

    def __init__(self, manager: Manager) -> None:
        self._manager = manager
        self._locks = Locks()

    async def read(self, path: str) -> FileState:
        """A text file, or the state of its absence; raises TargetRefused, TargetNotText."""
        target.check(path, allow_hidden=self._manager.allow_hidden)
        if _is_local(self._manager):
            place = await asyncio.to_thread(_locate, self._manager, path)
            content = await asyncio.to_thread(disk.read, place)
            return _state(path, content, str(place.real))
        return await self._read_remote(path)

    async def write(self, path: str, text: str, *, base_digest: str | None) -> FileState:
        """Write where the file still has ``base_digest``.

        Raises TargetChanged, TargetReadOnly, TargetNoSpace, TargetRefused, TargetNotText,
        SaveFailed.
        """
        async with self._locks.of(await self._one(path)):
            before = await self.read(path)
            if before.digest != base_digest:
                raise TargetChanged(
                    f"{path} changed since the preview. Look at it again, then save.",
                    path=path,
                    digest=before.digest,
                )
            await self._save(before, {"type": "file", "format": "text", "content": text})
            return await self.read(path)

    async def environment_file(self, notebook: str | None) -> str:
        """Server path of the environment file that belongs to a notebook."""
        folder = target.folder_of(notebook)
        hidden = bool(self._manager.allow_hidden)
        if _is_local(self._manager):
            root = Path(self._manager.root_dir)
            return await asyncio.to_thread(
                disk.environment_file, folder, root=root, allow_hidden=hidden
            )
        for path in target.candidates(folder):
            if (hidden or not target.is_hidden(path)) and await ensure_async(
                self._manager.file_exists(path)
            ):
                return path
        return target.new_file(folder)

    async def _save(self, before: FileState, model: _Model) -> None:
        """Save, or leave what was there before."""
        copy = None if before.real_path is None else _copy(before.real_path)
        copied = copy is not None and await asyncio.to_thread(copy.exists)
        try:
            await ensure_async(self._manager.save(model, before.path))
        except Exception as error:
            if copy is not None:
                # Where that fails too, why the file could not be saved is the better answer.
                with suppress(OSError, TargetRefused):
                    await asyncio.to_thread(_put_back, before, copy, keep=copied)
            raise _save_error(before.path, error) from error

    async def _one(self, path: str) -> str:
        """A name for the file that is the same by whichever link it is reached."""
        target.check(path, allow_hidden=self._manager.allow_hidden)
        if _is_local(self._manager):
            return str((await asyncio.to_thread(_locate, self._manager, path)).real)
        return path

    async def _read_remote(self, path: str) -> FileState:
        folder = target.parent(path)
        if folder and not await ensure_async(self._manager.dir_exists(folder)):
            raise TargetRefused(f"There is no folder {folder}. Make it first.", path=path)
        if await ensure_async(self._manager.dir_exists(path)):
            raise TargetRefused(f"{path} is a folder. Choose a file.", path=path)
        if not await ensure_async(self._manager.file_exists(path)):
            return _state(path, None, None)
        try:
            model = await ensure_async(self._manager.get(path, type="file", format="text"))
        except HTTPError as error:
            raise TargetNotText(f"{path} cannot be read as text.", path=path) from error
        return _state(path, model["content"].encode(), None)


def _copy(real_path: str) -> Path:
    """Where Jupyter's ``atomic_writing`` keeps the file that it replaces."""
    path = Path(real_path)
    return path.with_name(f".~{path.name}")


def _put_back(before: FileState, copy: Path, *, keep: bool) -> None:
    """Leave the file as it was, and no copy of it that was not there."""
    content = None if before.text is None else before.text.encode()
    disk.put_back(
        disk.Place(path=before.path, real=Path(before.real_path or "")), content, copy=copy
    )
    if not keep:
        copy.unlink(missing_ok=True)
