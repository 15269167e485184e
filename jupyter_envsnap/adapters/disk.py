"""The local disk below the server's folder: where a server path really lies, and what is there."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from jupyter_envsnap.core import target
from jupyter_envsnap.core.errors import TargetRefused

_LARGEST = 1_000_000
"""Bytes; no environment file is larger, and more than this is not shown as a diff."""


class Place(Struct, frozen=True, kw_only=True):
    """A server path on the disk."""

    path: str
    real: Path
    """Symlinks resolved; nothing need be there."""


def locate(path: str, *, file: Path, root: Path, allow_hidden: bool) -> Place:
    """Where ``file`` lies; raises TargetRefused where that is outside the root or in no folder."""
    root, folder, real = (Path(os.path.realpath(each)) for each in (root, file.parent, file))
    if not (folder.is_relative_to(root) and real.is_relative_to(root)):
        raise TargetRefused(
            f"{path} leads out of the server's folder through a link. Choose another path.",
            path=path,
        )
    if not _is(stat.S_ISDIR, folder, root):
        raise TargetRefused(
            f"There is no folder {target.parent(path)}. Make it first, or choose another path.",
            path=path,
        )
    target.check(real.relative_to(root).as_posix(), allow_hidden=allow_hidden)
    return Place(path=path, real=real)


def read(place: Place) -> bytes | None:
    """The bytes, None where there is no file; raises TargetRefused where it is no plain one."""
    try:
        status = place.real.stat()
        if stat.S_ISDIR(status.st_mode):
            raise TargetRefused(f"{place.path} is a folder. Choose a file.", path=place.path)
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for ever
            raise TargetRefused(f"{place.path} is not a plain file.", path=place.path)
        if status.st_size > _LARGEST:
            raise TargetRefused(
                f"{place.path} is too large to be an environment file.", path=place.path
            )
        return place.real.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise TargetRefused(
            f"{place.path} cannot be read: {error.strerror}.", path=place.path
        ) from error


def put_back(place: Place, before: bytes | None, *, copy: Path) -> None:
    """Undo a write that failed half-way.

    Jupyter's ``atomic_writing`` empties the file and does not put its copy back where only the
    last flush fails, as it does on a full disk.
    """
    if read(place) == before:
        return
    if before is None:
        place.real.unlink()
    elif read(Place(path=place.path, real=copy)) == before:
        copy.replace(place.real)
    else:
        place.real.write_bytes(before)


def environment_file(folder: str, *, root: Path, allow_hidden: bool) -> str:
    """The nearest environment file from a folder up to the repository's top, or a new one there.

    Without a repository: in the folder. A folder that is not there stands for those above it.
    """
    root = Path(os.path.realpath(root))
    start = next(
        (each for each in target.folders(folder) if _is(stat.S_ISDIR, root / each, root)), ""
    )
    searched = _up_to_top(start, root)
    for each in searched:
        for path in target.candidates(each):
            hidden = target.is_hidden(path) and not allow_hidden
            if not hidden and _is(stat.S_ISREG, root / path, root):
                return path
    return target.new_file(searched[-1])


def _is(kind: Callable[[int], bool], path: Path, root: Path) -> bool:
    """Whether something of this kind is there and inside the root; what cannot be asked is not."""
    try:
        real = Path(os.path.realpath(path))
        return real.is_relative_to(root) and kind(real.stat().st_mode)
    except (OSError, ValueError):
        return False


def _up_to_top(folder: str, root: Path) -> list[str]:
    """The folders from this one to the repository's top, never above the root."""
    searched: list[str] = []
    for each in target.folders(folder):
        searched.append(each)
        if _is_top(root / each):
            return searched
    return searched if any(_is_top(each) for each in root.parents) else [folder]


def _is_top(folder: Path) -> bool:
    """A folder ``.git``, or the file that stands for it in a worktree and in a submodule."""
    return os.path.lexists(folder / ".git")
