"""A few ``stat`` calls that tell whether something may have been installed."""

# pathlib would cost as much as the system calls do.
# ruff: noqa: PTH118

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable

from jupyter_envsnap.adapters import prefix_files
from jupyter_envsnap.adapters.prefix_state import RECORDS, SINGLE_FILES
from jupyter_envsnap.core.model import Prefix

_MOST = 500
_NOTHING = "gone"


class Glances:
    """Where to look in each prefix, and what was seen there last.

    conda writes a record and its history for each package; pip, uv and conda make a dist-info
    folder anew: either way the time of the folder changes.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[Prefix, tuple[tuple[str, ...], str]] = OrderedDict()

    def look(self, prefix: Prefix, folders: Callable[[], tuple[str, ...]]) -> str:
        """Another answer than before: something may have changed.

        ``folders`` tells those with packages; asked again only where something changed, as python
        may then be another.

        Raises: what ``folders`` raises.
        """
        paths, before = self._seen.get(prefix, ((), ""))
        now = _stamps(paths)
        if not paths or now != before:
            root = prefix.path
            paths = tuple(os.path.join(root, path) for path in (RECORDS, *SINGLE_FILES, *folders()))
            now = _stamps(paths)
            self._seen[prefix] = paths, now
            if len(self._seen) > _MOST:
                self._seen.popitem(last=False)
        return now


def _stamps(paths: tuple[str, ...]) -> str:
    stamps = (prefix_files.stamp(path) for path in paths)
    return ",".join(_NOTHING if s is None else f"{s.mtime_ns}-{s.inode}-{s.size}" for s in stamps)
