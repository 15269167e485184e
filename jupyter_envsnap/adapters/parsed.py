"""What was made of files, kept for as long as they do not change."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from jupyter_envsnap.adapters.prefix_files import SETTLED_NS, Stamp

T = TypeVar("T")


class Parsed(Generic[T]):
    """What was made of files that have not changed since, by path."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Stamp, T]] = {}

    def get(self, path: str, stamp: Stamp, parse: Callable[[], T]) -> T:
        known = self._known.get(path)
        if known is not None and known[0] == stamp:
            return known[1]
        now = time.time_ns()
        made = parse()
        # One written just now may be written again within the same tick of the file system.
        if stamp.mtime_ns < now - SETTLED_NS:
            self._known[path] = (stamp, made)
        else:
            self._known.pop(path, None)
        return made

    def keep_only(self, paths: Iterable[str]) -> None:
        paths = set(paths)
        self._known = {path: known for path, known in self._known.items() if path in paths}
