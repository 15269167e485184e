"""Work that Ctrl-C or a kill ends in order: once, and with everything put away."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


def run(work: Coroutine[Any, Any, T]) -> T:
    """What the work returns; a signal cancels it, further ones do not disturb its end.

    Raises what the work raises, and SystemExit with what a shell reports after a signal.
    """
    return asyncio.run(_interruptible(work))


async def _interruptible(work: Coroutine[Any, Any, T]) -> T:
    loop = asyncio.get_running_loop()
    task = loop.create_task(work)
    caught: list[int] = []

    def stop(number: int) -> None:
        if not caught:
            caught.append(number)
            task.cancel()

    for name in _NAMES:
        number = getattr(signal, name, None)
        # What is ignored stays so (nohup). Windows' loop takes no handlers.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            with suppress(NotImplementedError, RuntimeError):
                loop.add_signal_handler(number, stop, number)
    try:
        return await task
    except asyncio.CancelledError:
        if caught:
            raise SystemExit(128 + caught[0]) from None
        raise
