"""The local disk: where a path really lies, and what is there."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from msgspec import Struct, structs

from jupyter_envsnap.adapters.refusals import changed
from jupyter_envsnap.core import target
from jupyter_envsnap.core.errors import TargetNotText, TargetRefused
from jupyter_envsnap.core.ports import FileState

_LARGEST = 1_000_000
"""Bytes; no environment file is larger, and more than this is not shown as a diff."""
_READ = os.O_RDONLY
for _flag in ("O_NONBLOCK", "O_NOFOLLOW", "O_BINARY"):
    _READ |= getattr(os, _flag, 0)


class Place(Struct, frozen=True, kw_only=True):
    """A path on the disk, and how its user calls it."""

    path: str
    root: Path
    """The folder that nothing may lead out of; symlinks resolved."""
    real: Path
    """Below the root, symlinks resolved; nothing need be there."""


def locate(path: str, *, file: Path, root: Path, allow_hidden: bool) -> Place:
    """Where ``file`` lies; raises TargetRefused where that is outside the root or in no folder."""
    try:
        root, folder, real = (Path(os.path.realpath(each)) for each in (root, file.parent, file))
    except OSError as error:  # a link that was replaced while it was followed
        raise changed(path) from error
    if not (folder.is_relative_to(root) and real.is_relative_to(root)):
        raise TargetRefused(
            f"{path} leads out of the server's folder through a link. Choose another path.",
            path=path,
        )
    for each in (folder, real.parent):
        if not _is(stat.S_ISDIR, each, root):
            raise TargetRefused(
                f"There is no folder {each.relative_to(root).as_posix()}. Make it first, or choose"
                " another path.",
                path=path,
            )
    target.check(real.relative_to(root).as_posix(), allow_hidden=allow_hidden)
    return Place(path=path, root=root, real=real)


def read(place: Place) -> bytes | None:
    """The bytes, None where there is no file; raises TargetRefused where it is no plain one."""
    try:
        _check_plain(place, place.real.stat())
        descriptor = os.open(place.real, _READ)
        with open(descriptor, "rb") as file:  # noqa: PTH123 - by its descriptor
            _check_plain(place, os.fstat(descriptor))  # what was looked at may be gone
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise TargetRefused(
            f"{place.path} cannot be read: {error.strerror}.", path=place.path
        ) from error


def state(path: str, content: bytes | None, real_path: str | None) -> FileState:
    """A file as it goes to the use cases; raises TargetNotText."""
    if content is None:
        return FileState(path=path, text=None, digest=None, real_path=real_path)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise TargetNotText(
            f"{path} is not UTF-8 text. Choose another path, or convert it first.", path=path
        ) from None
    return FileState(path=path, text=text, digest=sha256(content).hexdigest(), real_path=real_path)


def overwrite(place: Place, content: bytes, *, base_digest: str | None) -> None:
    """Write a file that has this digest where it lies; a reader may see a part of it meanwhile.

    Raises:
        TargetChanged
        OSError: the disk refuses; the file is as it was.

    """
    before = read(place)
    digest = None if before is None else sha256(before).hexdigest()
    if digest != base_digest:
        raise changed(place.path, digest)
    if before is not None:
        _refill(place, content)
        return
    try:
        with place.real.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise changed(place.path) from error
    except BaseException:
        with suppress(OSError):
            place.real.unlink()
        raise


def refill(file: int, content: bytes) -> None:
    """Give an open file another content, or leave it the one it has.

    Room is made before anything is written over, and nothing is cut off before the end: the old
    content still fits where the disk is full.
    """
    size = os.fstat(file).st_size
    before = _from_start(file, size)
    try:
        _make_room(file, size, len(content))
        _put(file, content)
        os.ftruncate(file, len(content))
        os.fsync(file)
    except BaseException:
        with suppress(OSError):
            _put(file, before)
            os.ftruncate(file, size)
        raise


def put_back(place: Place, before: bytes | None, *, begun: bytes, copy: Path) -> None:
    """Undo a write that failed half-way, unless somebody else wrote to the file.

    Jupyter's ``atomic_writing`` empties the file and does not put its ``copy`` back where only
    the last flush fails, as it does on a full disk.
    """
    now = read(place)
    if now is None or now == before or not begun.startswith(now):
        return
    if before is not None and read(structs.replace(place, real=copy)) == before:
        copy.replace(place.real)
    else:
        _restore(place, before)


def _restore(place: Place, before: bytes | None) -> None:
    if before is None:
        place.real.unlink()
    else:
        _refill(place, before)


def _refill(place: Place, content: bytes) -> None:
    with place.real.open("r+b", buffering=0) as file:
        refill(file.fileno(), content)


def _from_start(file: int, size: int) -> bytes:
    os.lseek(file, 0, os.SEEK_SET)
    return os.read(file, size)


def _put(file: int, content: bytes) -> None:
    os.lseek(file, 0, os.SEEK_SET)
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]


def _make_room(file: int, size: int, needed: int) -> None:
    if needed > size and hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(file, size, needed - size)
        except OSError as error:
            if error.errno not in {errno.EINVAL, errno.EOPNOTSUPP}:  # not for this file system
                raise


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


def _check_plain(place: Place, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise TargetRefused(f"{place.path} is a folder. Choose a file.", path=place.path)
    if not stat.S_ISREG(status.st_mode):
        raise TargetRefused(f"{place.path} is not a plain file.", path=place.path)
    if status.st_size > _LARGEST:
        raise TargetRefused(
            f"{place.path} is too large to be an environment file.", path=place.path
        )


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
