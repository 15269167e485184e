"""Ending a git command that takes too long, and all that it started."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psutil import Process

_INTERRUPT_S = 1.5
"""For a hook that put the user's work aside, as pre-commit does, to bring it back."""
_GRACE_S = 0.5
"""For git to remove its own locks."""


def _descendants(pid: int) -> list[Process]:
    # Imported where it is needed: the server starts without it.
    import psutil  # noqa: PLC0415

    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).children(recursive=True)
    return []


def _signal_each(family: Iterable[Process], number: int) -> None:
    import psutil  # noqa: PLC0415

    for member in family:
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            member.send_signal(number)


def _signal_group(group: int, number: int) -> None:
    if sys.platform != "win32":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)


async def _ends(process: asyncio.subprocess.Process, within_s: float) -> None:
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(process.wait(), within_s)


async def end(process: asyncio.subprocess.Process) -> None:
    """Stop a process that leads a group of its own, and its children wherever they are.

    What git runs is interrupted first, and git itself is not: git would pass the signal on, and
    the second one ends a hook that is bringing the user's work back.
    """
    family = await asyncio.to_thread(_descendants, process.pid)
    if sys.platform == "win32":
        process.kill()
        _signal_each(family, signal.SIGTERM)
    else:
        if family:
            _signal_each(family, signal.SIGINT)
            await _ends(process, _INTERRUPT_S)
        if process.returncode is None:
            _signal_group(process.pid, signal.SIGTERM)
            await _ends(process, _GRACE_S)
        _signal_group(process.pid, signal.SIGKILL)
        _signal_each(family, signal.SIGKILL)
    await process.wait()
