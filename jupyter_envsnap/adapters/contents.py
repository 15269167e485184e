"""The server's contents manager: where files are read and the only way they are written."""

from __future__ import annotations

import asyncio
from pathlib import Path

from jupyter_server.utils import ensure_async
from tornado.web import HTTPError

from jupyter_envsnap.adapters import contents_saving, disk
from jupyter_envsnap.adapters.disk import Place
from jupyter_envsnap.adapters.managers import LocalManager, Manager, Model, is_local
from jupyter_envsnap.adapters.refusals import changed, refusal
from jupyter_envsnap.core import target
from jupyter_envsnap.core.errors import TargetNotText, TargetRefused
from jupyter_envsnap.core.ports import FileState
from jupyter_envsnap.locks import Locks


def _locate(manager: LocalManager, path: str) -> Place:
    try:
        file = manager._get_os_path(path)  # noqa: SLF001 - where it will itself write
    except (HTTPError, ValueError) as error:
        raise TargetRefused("This is not a path below the server's folder.", path=path) from error
    root, hidden = Path(manager.root_dir), manager.allow_hidden
    return disk.locate(path, file=Path(file), root=root, allow_hidden=hidden)


class Contents:
    """Files by way of the contents manager; implements ``ports.Files``."""

    def __init__(self, manager: Manager) -> None:
        self._manager = manager
        self._locks = Locks()

    async def read(self, path: str) -> FileState:
        """A text file, or the state of its absence; raises TargetRefused, TargetNotText."""
        place = await self._place(path)
        if place is None:
            return await self._read_remote(path)
        return disk.state(path, await asyncio.to_thread(disk.read, place), str(place.real))

    async def write(self, path: str, text: str, *, base_digest: str | None) -> FileState:
        """Write where the file still has ``base_digest``.

        Raises TargetChanged, TargetReadOnly, TargetNoSpace, TargetRefused, TargetNotText,
        SaveFailed.
        """
        place = await self._place(path)
        real_path = None if place is None else str(place.real)
        async with self._locks.of(real_path or path):
            before = await self.read(path)
            if (before.digest, before.real_path) != (base_digest, real_path):
                raise changed(path, before.digest)
            await self._save(place, before, {"type": "file", "format": "text", "content": text})
            return await self.read(path)

    async def environment_file(self, notebook: str | None) -> str:
        """Server path of the environment file that belongs to a notebook."""
        folder = target.folder_of(notebook)
        hidden = bool(self._manager.allow_hidden)
        if is_local(self._manager):
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

    async def _place(self, path: str) -> Place | None:
        """Where it lies on the disk; None where the manager keeps its files elsewhere."""
        target.check(path, allow_hidden=self._manager.allow_hidden)
        if is_local(self._manager):
            return await asyncio.to_thread(_locate, self._manager, path)
        return None

    async def _save(self, place: Place | None, before: FileState, model: Model) -> None:
        if place is not None and is_local(self._manager):
            await contents_saving.save(self._manager, place, before, model)
            return
        try:
            await ensure_async(self._manager.save(model, before.path))
        except Exception as error:
            raise refusal(before.path, error) from error

    async def _read_remote(self, path: str) -> FileState:
        folder = target.parent(path)
        if folder and not await ensure_async(self._manager.dir_exists(folder)):
            raise TargetRefused(f"There is no folder {folder}. Make it first.", path=path)
        if await ensure_async(self._manager.dir_exists(path)):
            raise TargetRefused(f"{path} is a folder. Choose a file.", path=path)
        if not await ensure_async(self._manager.file_exists(path)):
            return disk.state(path, None, None)
        try:
            model = await ensure_async(self._manager.get(path, type="file", format="text"))
        except HTTPError as error:
            raise TargetNotText(f"{path} cannot be read as text.", path=path) from error
        return disk.state(path, model["content"].encode(), None)
