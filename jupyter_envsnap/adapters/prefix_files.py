"""Looks at files of a prefix: their stamps, and their bytes if they are plain files."""

# pathlib would cost as much as the system calls do.
# ruff: noqa: PTH116

from __future__ import annotations

import os
import stat

from msgspec import Struct

from jupyter_envsnap.core.errors import PrefixUnreadable

# Opening a FIFO for reading waits for its writer, unless asked not to.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
_MOST_BYTES = 256 * 2**20
"""Far above the largest record; reading more would only exhaust the memory."""
SETTLED_NS = 2_000_000_000
"""A file written less than this before it was read may change without a sign."""


class Stamp(Struct, frozen=True, gc=False):
    """What changes when a file is written or replaced."""

    mtime_ns: int
    size: int
    inode: int
    mode: int


Stamps = dict[str, Stamp | None]
"""By name; None for what is listed and cannot be looked at, such as a dangling link."""


def stamp(path: str) -> Stamp | None:
    """The stamp of what lies there, links followed; None where nothing does."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ino, status.st_mode)


def listing(folder: str, *endings: str) -> Stamps:
    """Stamps of the entries with these endings, without hidden ones and pip's leftovers (``~``).

    Raises:
        OSError: the folder cannot be listed.

    """
    found: Stamps = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name.endswith(endings) and name[0] not in ".~":
                try:
                    status = entry.stat()
                except OSError:
                    found[name] = None
                    continue
                found[name] = Stamp(
                    status.st_mtime_ns, status.st_size, status.st_ino, status.st_mode
                )
    return found


def read(path: str, most: int | None = None) -> bytes:
    """The bytes of a plain file, or the first ``most`` of them.

    Raises:
        OSError: among others where it is no plain file; it is never waited for.

    """
    descriptor = os.open(path, _FLAGS)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:
            raise OSError("not a plain file of a sensible size")
        if most is not None:
            return os.read(descriptor, most)
        data = os.read(descriptor, status.st_size + 1)
        if len(data) == status.st_size:
            return data
        parts = [data]
        while data:
            data = os.read(descriptor, 2**20)
            parts.append(data)
        return b"".join(parts)
    finally:
        os.close(descriptor)


def unreadable(name: str, error: OSError) -> PrefixUnreadable:
    """The error for a folder without which nothing can be said."""
    why = error.strerror or "it cannot be read"
    return PrefixUnreadable(
        f"{name} could not be listed: {why}. Make the folder readable, then try again.", path=name
    )
