"""A file replaced by a rename: a reader sees the old text or the new one, never a part of either.

Every folder is entered by its descriptor and no link is followed, so that nothing that happens
after the look at the file can lead the write elsewhere.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import Final

from jupyter_envsnap.adapters import disk
from jupyter_envsnap.adapters.disk import Place
from jupyter_envsnap.adapters.refusals import changed

_POSSIBLE: Final = os.name == "posix" and {os.open, os.link, os.unlink} <= os.supports_dir_fd
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
# A folder that may be entered need not be readable.
_FOLDER: Final = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0)
_GONE: Final = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EMLINK, errno.EISDIR, errno.ENXIO}
)
"""Something else lies there than did when it was looked at."""
_NOT_HERE: Final = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY})
"""The folder takes no new name, or does not let go of this one (a mounted file)."""


class _InPlace(Exception):
    """Nothing was done: a rename is not to be had here, or would lose something of the file."""


def write(place: Place, content: bytes, *, base_digest: str | None) -> None:
    """Replace a file that has this digest, or make one where there is none (None).

    Owner, group, permissions, extended attributes and other names of a file stay what they are.
    Where a rename would lose one of them, the file is written in place.

    Raises:
        TargetChanged: another file lies there, or none, or the way to it is another.
        OSError: the disk refuses; the file is as it was.

    """
    try:
        _replace(place, content, base_digest)
    except _InPlace:
        if _POSSIBLE and base_digest is not None:
            _overwrite(place, content, base_digest)
        else:
            disk.overwrite(place, content, base_digest=base_digest)


def _replace(place: Place, content: bytes, base_digest: str | None) -> None:
    if not _POSSIBLE:
        raise _InPlace
    with _folder(place) as folder:
        if base_digest is None:
            _create(place, folder, content)
        else:
            _exchange(place, folder, content, base_digest)
        _keep_name(folder)


@contextmanager
def _folder(place: Place) -> Iterator[int]:
    """The file's folder, reached from the root step by step."""
    here = os.open(place.root, _FOLDER)
    try:
        for name in place.real.relative_to(place.root).parts[:-1]:
            with _as_looked_at(place):
                deeper = os.open(name, _FOLDER | _NO_LINK, dir_fd=here)
            os.close(here)
            here = deeper
        yield here
    finally:
        os.close(here)


@contextmanager
def _as_looked_at(place: Place) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _GONE:
            raise changed(place.path) from error
        raise


def _create(place: Place, folder: int, content: bytes) -> None:
    """Make a file that is not there; the umask and the folder decide who may read it."""
    with _beside(folder, mode=0o666) as (name, file):
        _fill(file, content)
        try:
            # Unlike a rename, it fails where a file came up meanwhile.
            os.link(name, place.real.name, src_dir_fd=folder, dst_dir_fd=folder)
        except FileExistsError as error:
            raise changed(place.path) from error
        except OSError as error:  # a file system without hard links
            if _status(place.real.name, folder) is not None:
                raise changed(place.path) from error
            os.replace(name, place.real.name, src_dir_fd=folder, dst_dir_fd=folder)


def _exchange(place: Place, folder: int, content: bytes, base_digest: str) -> None:
    with _opened(place, folder) as old:
        _check(place, folder, old, base_digest)
        if os.fstat(old).st_nlink > 1:
            raise _InPlace  # its other names would stay with the old text
        with _renaming(), _beside(folder, mode=0o600) as (name, new):
            _take_over(old, new)
            _fill(new, content)
            _check(place, folder, old, base_digest)
            os.replace(name, place.real.name, src_dir_fd=folder, dst_dir_fd=folder)


def _overwrite(place: Place, content: bytes, base_digest: str) -> None:
    """Write into the very file that was looked at: whatever else comes to bear its name."""
    with _folder(place) as folder, _opened(place, folder) as file:
        _check(place, folder, file, base_digest)
        disk.refill(file, content)


@contextmanager
def _opened(place: Place, folder: int) -> Iterator[int]:
    """The file; for writing, as a rename alone would also replace one that is read-only."""
    with _as_looked_at(place):
        file = os.open(place.real.name, os.O_RDWR | _NO_LINK, dir_fd=folder)
    try:
        yield file
    finally:
        os.close(file)


def _check(place: Place, folder: int, old: int, base_digest: str) -> None:
    """Raise TargetChanged unless the name still means this file, with this digest."""
    status, now = os.fstat(old), _status(place.real.name, folder)
    same = now is not None and os.path.samestat(status, now) and stat.S_ISREG(status.st_mode)
    digest = sha256(os.pread(old, status.st_size + 1, 0)).hexdigest() if same else None
    if digest != base_digest:
        raise changed(place.path, digest)


def _status(name: str, folder: int) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None


@contextmanager
def _renaming() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _NOT_HERE:
            raise _InPlace from error
        raise


@contextmanager
def _beside(folder: int, *, mode: int) -> Iterator[tuple[str, int]]:
    """A new file in the folder, gone afterwards unless it was renamed."""
    name = f".~envsnap-{secrets.token_hex(8)}"
    file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, mode, dir_fd=folder)
    try:
        yield name, file
    finally:
        os.close(file)
        with suppress(OSError):
            os.unlink(name, dir_fd=folder)


def _fill(file: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]
    os.fsync(file)


def _take_over(old: int, new: int) -> None:
    """Give a new file all that an old one is besides its content; raises _InPlace."""
    before, after = os.fstat(old), os.fstat(new)
    try:
        if (before.st_uid, before.st_gid) != (after.st_uid, after.st_gid):
            os.fchown(new, before.st_uid, before.st_gid)
        _take_over_attributes(old, new)
        if stat.S_IMODE(before.st_mode) != stat.S_IMODE(os.fstat(new).st_mode):
            os.fchmod(new, stat.S_IMODE(before.st_mode))
    except OSError as error:
        raise _InPlace from error


def _take_over_attributes(old: int, new: int) -> None:
    """Extended attributes; access control lists are among them."""
    before, after = _attributes(old), _attributes(new)
    for name in after.keys() - before.keys():
        os.removexattr(new, name)
    for name in before:
        if after.get(name) != before[name]:
            os.setxattr(new, name, before[name])


def _attributes(file: int) -> dict[str, bytes]:
    if not hasattr(os, "listxattr"):
        return {}
    try:
        return {name: os.getxattr(file, name) for name in os.listxattr(file)}
    except OSError:  # the file system knows none
        return {}


def _keep_name(folder: int) -> None:
    """Bring the new name to the disk, where a folder can be flushed."""
    with suppress(OSError):
        file = os.open(".", os.O_RDONLY, dir_fd=folder)
        try:
            os.fsync(file)
        finally:
            os.close(file)
