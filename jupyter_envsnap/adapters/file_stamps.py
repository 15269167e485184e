"""Whether files changed, by one ``stat`` each."""

from __future__ import annotations

from collections.abc import Iterable

from jupyter_envsnap.adapters import prefix_files
from jupyter_envsnap.adapters.reader_thread import ReaderThread, Stuck

_LIMIT_S = 2.0


class FileStamps:
    """``ports.Stamps`` on this machine's disks."""

    def __init__(self) -> None:
        self._thread = ReaderThread("envsnap-files", limit_s=_LIMIT_S)

    async def of(self, paths: Iterable[str]) -> dict[str, str]:
        asked = tuple(sorted(set(paths)))
        if not asked:
            return {}
        try:
            return await self._thread.run(
                "files", asked, lambda: {path: str(prefix_files.stamp(path)) for path in asked}
            )
        except Stuck:
            return {}
