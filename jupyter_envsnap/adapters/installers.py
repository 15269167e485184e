"""conda, pip and their like, found among the processes of this machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from jupyter_envsnap.adapters.installing import Call, installer
from jupyter_envsnap.adapters.reader_thread import ReaderThread, Stuck
from jupyter_envsnap.core.model import Prefix
from jupyter_envsnap.core.ports import AtWork

if TYPE_CHECKING:
    import psutil

T = TypeVar("T")

_LIMIT_S = 3.0


class RunningInstallers:
    """``ports.Installers``: asked only where something has just changed, as it costs a scan."""

    def __init__(self) -> None:
        self._thread = ReaderThread("envsnap-installers", limit_s=_LIMIT_S)

    async def at_work(self, prefix: Prefix) -> AtWork | None:
        try:
            return await self._thread.run(prefix.path, "scan", lambda: _scan(prefix.path))
        except Stuck:
            return None


def _scan(prefix: str) -> AtWork | None:
    import psutil  # noqa: PLC0415 - costs a server's start 15 ms

    unsure = None
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        found = _installer(process, prefix)
        if found is not None and found.sure:
            return found
        unsure = unsure or found
    return unsure


def _installer(process: psutil.Process, prefix: str) -> AtWork | None:
    command = _told(process.cmdline)
    # Most processes are none: only what may be one is asked for more.
    if not command or installer(Call(command=command), prefix) is None:
        return None
    environ, folder = _told(process.environ), _told(process.cwd)
    return installer(Call(command=command, environ=environ, folder=folder or None), prefix)


def _told(ask: Callable[[], T]) -> T | None:
    import psutil  # noqa: PLC0415

    try:
        return ask()
    except (psutil.Error, OSError):
        return None
