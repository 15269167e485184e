"""Which server a folder of the journal belongs to, and whether that server runs."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from msgspec import Struct

_SAME_START_S = 2.0
"""The time of the boot is told in whole seconds."""


class Owner(Struct, frozen=True, kw_only=True):
    """A process, named so that another process can look for it."""

    host: str
    boot: str
    """Of this one run of the machine; a container may share it with others."""
    namespace: str
    """In which the process' number means it."""
    pid: int
    started: float
    """Seconds since the boot: the clock may be set meanwhile."""


def this_process() -> Owner:
    pid = os.getpid()
    return Owner(
        host=socket.gethostname(),
        boot=_boot(),
        namespace=_namespace(),
        pid=pid,
        started=_started(pid),
    )


def runs(owner: Owner) -> bool | None:
    """None where it cannot be told from here: on another machine, or in another container."""
    import psutil  # noqa: PLC0415

    if (owner.host, owner.namespace) != (socket.gethostname(), _namespace()):
        return None
    if owner.boot != _boot():
        return False
    try:
        started = _started(owner.pid)
        zombie = psutil.Process(owner.pid).status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
    return not zombie and abs(started - owner.started) < _SAME_START_S


def _started(pid: int) -> float:
    """Raises psutil.Error where it does not run."""
    import psutil  # noqa: PLC0415 - costs a server's start 15 ms

    # The system counts from the boot, whose own time follows the clock: asked for anew.
    boot = psutil.boot_time()
    return psutil.Process(pid).create_time() - boot


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        import psutil  # noqa: PLC0415

        return str(int(psutil.boot_time()))


def _namespace() -> str:
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""
