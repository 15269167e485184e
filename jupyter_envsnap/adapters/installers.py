"""conda, pip and their like, found among the processes of this machine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from jupyter_envsnap.adapters.reader_thread import ReaderThread, Stuck
from jupyter_envsnap.core.model import Prefix

_LIMIT_S = 3.0
_OF_MANY = frozenset({"conda", "mamba", "micromamba", "pixi", "uv"})
"""These change environments other than the one they run in."""
_VERBS = frozenset({"install", "update", "upgrade", "remove", "uninstall", "create", "sync", "add"})
_BY_PATH = ("-p", "--prefix")
_BY_NAME = ("-n", "--name")
_PIP = frozenset({"pip", "pip3"})


class RunningInstallers:
    """``ports.Installers``: asked only where something has just changed, as it costs a scan."""

    def __init__(self) -> None:
        self._thread = ReaderThread("envsnap-installers", limit_s=_LIMIT_S)

    async def at_work(self, prefix: Prefix) -> str | None:
        try:
            return await self._thread.run(prefix.path, "scan", lambda: _scan(prefix.path))
        except Stuck:
            return None


def _scan(prefix: str) -> str | None:
    import psutil  # noqa: PLC0415 - costs a server's start 15 ms

    me = os.getpid()
    for process in psutil.process_iter():
        if process.pid == me:
            continue
        try:
            found = installer(process.cmdline(), prefix)
        except psutil.Error:
            continue
        if found is not None:
            return found
    return None


def installer(command: Sequence[str], prefix: str) -> str | None:
    """The installer that a command line is of, if it may be changing this prefix."""
    words = [word for word in command[:4] if word]
    names = [os.path.basename(word).removesuffix(".exe") for word in words]  # noqa: PTH119
    if not _VERBS.intersection(command):
        return None
    for name in names[:3]:
        if name in _OF_MANY:
            return name if _may_be_meant(command, prefix) else None
        # pip changes the environment whose python runs it.
        if (name in _PIP or name.startswith("pip3.")) and words[0].startswith(f"{prefix}{os.sep}"):
            return "pip"
    return None


def _may_be_meant(command: Sequence[str], prefix: str) -> bool:
    """Unless the command line names another environment."""
    path, name = _option(command, _BY_PATH), _option(command, _BY_NAME)
    if path is not None and Path(path).is_absolute():
        return os.path.normpath(path) == os.path.normpath(prefix)
    # The root environment's folder is not called as people call it.
    return name is None or name in {"base", "root", os.path.basename(prefix)}  # noqa: PTH119


def _option(command: Sequence[str], names: Sequence[str]) -> str | None:
    """Its value, written as ``-n NAME``, ``--name NAME`` or ``--name=NAME``."""
    for word, following in zip(command, (*command[1:], None), strict=True):
        if word in names:
            return following
        for name in names:
            if word.startswith(f"{name}="):
                return word.removeprefix(f"{name}=")
    return None
