"""Files by the path that a shell's user names: anywhere on this machine's disk."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from jupyter_envsnap.adapters import disk, replacing
from jupyter_envsnap.adapters.disk import Place
from jupyter_envsnap.adapters.refusals import refusal
from jupyter_envsnap.core import target
from jupyter_envsnap.core.errors import TargetRefused
from jupyter_envsnap.core.ports import FileState


class LocalFiles:
    """Files as the current folder's user reaches them; implements ``ports.Files``.

    A link is followed to its file, wherever that is: the shell's user may write there anyway.
    """

    def __init__(self, *, any_name: bool = False) -> None:
        """``any_name``: what is read need not be called as an environment file is."""
        self._any_name = any_name

    async def read(self, path: str) -> FileState:
        """A text file, or the state of its absence; raises TargetRefused, TargetNotText."""
        return await asyncio.to_thread(_state, path, any_name=self._any_name)

    async def write(self, path: str, text: str, *, base_digest: str | None) -> FileState:
        """Write where the file still has ``base_digest``.

        Raises TargetChanged, TargetReadOnly, TargetNoSpace, TargetRefused, SaveFailed.
        """
        await _to_the_end(lambda: _write(path, text, base_digest))
        return await self.read(path)

    async def environment_file(self, notebook: str | None) -> str:  # noqa: ARG002 - the port's
        """The environment file that belongs to the current folder, as seen from there."""
        return await asyncio.to_thread(_environment_file)


async def _to_the_end(call: Callable[[], None]) -> None:
    """Run on a thread; return, even cancelled, only when it ended."""
    running = asyncio.ensure_future(asyncio.to_thread(call))
    try:
        await asyncio.shield(running)
    finally:
        await asyncio.wait({running})


def _state(path: str, *, any_name: bool) -> FileState:
    place = _locate(path, any_name=any_name)
    return disk.state(path, disk.read(place), str(place.real))


def _write(path: str, text: str, base_digest: str | None) -> None:
    try:
        replacing.write(_locate(path), text.encode(), base_digest=base_digest)
    except OSError as error:
        raise refusal(path, error) from error


def _locate(path: str, *, any_name: bool = False) -> Place:
    """Where a path leads; raises TargetRefused where no environment file can be."""
    real = _real(path)
    if os.path.isdir(real):  # noqa: PTH112 - Path.is_dir raises where it may not look
        raise TargetRefused(f"{path} is a folder. Name the file.", path=path)
    for each in () if any_name else (Path(path), real):
        target.check_own(each.as_posix())
    try:
        os.scandir(real.parent).close()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise TargetRefused(
            f"There is no folder {real.parent}. Make it first, or choose another path.", path=path
        ) from error
    except OSError:
        pass  # reading the file says what it means; a folder that cannot be listed may take one
    return Place(path=path, root=Path(real.anchor), real=real)


def _real(path: str) -> Path:
    try:
        return Path(os.path.realpath(path))
    except FileNotFoundError as error:  # a relative path, and the current folder is gone
        raise _nowhere(path) from error


def _environment_file() -> str:
    try:
        here = Path.cwd()
    except FileNotFoundError as error:
        raise _nowhere(target.NAMES[0]) from error
    root = Path(here.anchor)
    folder = "/".join(here.relative_to(root).parts)
    found = disk.environment_file(folder, root=root, allow_hidden=True)
    return os.path.relpath(root / found, here)


def _nowhere(path: str) -> TargetRefused:
    return TargetRefused("The current folder was deleted. Go to another one.", path=path)
