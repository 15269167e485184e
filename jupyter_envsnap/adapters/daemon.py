"""One daemon thread that runs calls in turn, so that the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")
_Calls = SimpleQueue[Callable[[], None] | None]


class DaemonThread:
    """Calls run one after the other, in the order they came.

    Not an executor: the interpreter waits for an executor's thread at exit, and one that is stuck
    on a dead mount would hold it for ever.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._calls: _Calls | None = None

    async def run(self, call: Callable[[], T]) -> T:
        """What ``call`` returns or raises. Cancelled before its turn, it is not run at all."""
        if self._calls is None:
            self._calls = SimpleQueue()
            threading.Thread(
                target=_work, args=(self._calls,), name=self._name, daemon=True
            ).start()
        return await asyncio.wrap_future(_put(self._calls, call))

    async def stop(self, last: Callable[[], None], *, limit_s: float) -> None:
        """End the thread after the calls that wait and ``last``; return after ``limit_s`` anyhow.

        A thread that was never started is not started for it. The next ``run`` starts a new one.
        """
        calls, self._calls = self._calls, None
        if calls is not None:
            done = asyncio.wrap_future(_put(calls, last))
            calls.put(None)
            await asyncio.wait({done}, timeout=limit_s)


def _put(calls: _Calls, call: Callable[[], T]) -> Future[T]:
    future: Future[T] = Future()

    def settle() -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            result = call()
        except BaseException as error:  # noqa: BLE001 - raised where it is awaited
            future.set_exception(error)
        else:
            future.set_result(result)

    calls.put(settle)
    return future


def _work(calls: _Calls) -> None:
    while (call := calls.get()) is not None:
        call()
