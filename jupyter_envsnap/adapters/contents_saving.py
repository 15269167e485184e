"""A save by way of a contents manager on a local disk: all of it, or the file is as it was."""

from __future__ import annotations

import asyncio
from base64 import decodebytes
from collections.abc import Awaitable, Callable
from contextlib import suppress
from hashlib import sha256

from jupyter_server.utils import ensure_async

from jupyter_envsnap.adapters import disk, replacing
from jupyter_envsnap.adapters.disk import Place
from jupyter_envsnap.adapters.managers import KnownManager, LocalManager, Model, is_known
from jupyter_envsnap.adapters.refusals import refusal
from jupyter_envsnap.core.errors import SaveError, SaveFailed
from jupyter_envsnap.core.ports import FileState


async def save(manager: LocalManager, place: Place, before: FileState, model: Model) -> None:
    """Save over what was there before.

    Raises:
        TargetChanged, TargetReadOnly, TargetNoSpace, SaveFailed

    """
    try:
        if is_known(manager):
            await _save_whole(manager, place, before, model)
        else:
            await _in_place(place, before, model, lambda: manager.save(model, place.path))
    except SaveError:
        raise
    except Exception as error:
        raise refusal(place.path, error) from error


async def _save_whole(manager: KnownManager, place: Place, before: FileState, model: Model) -> None:
    """Do what the manager's ``save`` does, step by step, but write by a rename."""
    manager.run_pre_save_hooks(model=model, path=place.path)
    content = _content(place, model)
    await asyncio.to_thread(replacing.write, place, content, base_digest=before.digest)
    try:
        saved = await ensure_async(manager.get(place.path, content=False))
        manager.run_post_save_hooks(model=saved, os_path=manager._get_os_path(place.path))  # noqa: SLF001
        manager.emit(data={"action": "save", "path": place.path})
    except Exception:
        # Where that fails too, why the save failed is the better answer.
        with suppress(OSError, SaveError):
            await asyncio.to_thread(_take_back, place, content, _bytes(before))
        raise


def _take_back(place: Place, content: bytes, before: bytes | None) -> None:
    """Undo a save that is complete, unless somebody wrote to the file since."""
    if disk.read(place) != content:
        return
    if before is None:
        place.real.unlink()
    else:
        replacing.write(place, before, base_digest=sha256(content).hexdigest())


async def _in_place(
    place: Place,
    before: FileState,
    model: Model,
    write: Callable[[], object | Awaitable[object]],
) -> None:
    """Let the manager write as it does, and put the file back where that fails half-way."""
    copy = place.real.with_name(f".~{place.real.name}")  # that of Jupyter's atomic_writing
    copied = await asyncio.to_thread(copy.exists)
    try:
        await ensure_async(write())
    except Exception:
        with suppress(OSError, SaveError):
            await asyncio.to_thread(
                disk.put_back, place, _bytes(before), begun=_content(place, model), copy=copy
            )
            if not copied:
                await asyncio.to_thread(copy.unlink, missing_ok=True)
        raise


def _bytes(before: FileState) -> bytes | None:
    return None if before.text is None else before.text.encode()


def _content(place: Place, model: Model) -> bytes:
    """The bytes that a model stands for; a hook may have changed it."""
    if model["type"] == "file" and model["format"] == "text":
        return model["content"].encode()
    if model["type"] == "file" and model["format"] == "base64":
        return decodebytes(model["content"].encode())
    raise SaveFailed(
        f"{place.path} could not be written: a hook of the server makes it another kind of file.",
        path=place.path,
    )
