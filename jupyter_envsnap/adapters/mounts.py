"""Where a folder goes when its container does."""

from __future__ import annotations

import os
from pathlib import Path

_FLEETING = frozenset({"overlay", "aufs", "tmpfs", "ramfs"})
"""File systems that a container's own layers and memory are; proc(5) names them so."""
_MOUNTS = Path("/proc/self/mountinfo")


def fleeting(folder: Path, mounts: Path = _MOUNTS) -> str | None:
    """The kind of file system that does not outlast a container or a restart; None: it stays.

    proc(5): each line of ``mountinfo`` has the mount point fifth, and after a field ``-`` the type.
    Other systems than Linux tell nothing.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    real = os.path.realpath(folder)
    best, kind = "", None
    for line in lines:
        before, separator, after = line.partition(" - ")
        fields = before.split(" ")
        if not separator or len(fields) < 5:
            continue
        point = _unescaped(fields[4])
        within = real == point or real.startswith(point.rstrip("/") + "/")
        # Of two mounts on one point the later one is seen.
        if within and len(point) >= len(best):
            best, kind = point, after.split(" ")[0]
    return kind if kind in _FLEETING else None


def _unescaped(point: str) -> str:
    for code, character in (("040", " "), ("011", "\t"), ("012", "\n"), ("134", "\\")):
        point = point.replace(f"\\{code}", character)
    return point
