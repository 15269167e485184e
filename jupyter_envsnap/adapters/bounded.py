"""Calls that may hang on a dead mount, run aside and given up after a while."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


class BoundedCalls:
    """One call at a time, each on a daemon thread of its own, for at most ``limit_s`` seconds.

    A call that is given up keeps its thread until it returns. Its subject is left alone meanwhile,
    so that a stuck mount costs one thread per subject, and nothing at exit.
    """

    def __init__(self, name: str, *, limit_s: float) -> None:
        self._name = name
        self._limit_s = limit_s
        self._turn = asyncio.Semaphore(1)
        self._running: dict[str, threading.Thread] = {}

    async def run(self, subject: str, call: Callable[[], T]) -> T | None:
        """What ``call`` returns or raises; None where it, or the calls before it, take too long."""
        try:
            return await asyncio.wait_for(self._run(subject, call), self._limit_s)
        except asyncio.TimeoutError:
            return None

    async def _run(self, subject: str, call: Callable[[], T]) -> T | None:
        async with self._turn:
            thread = self._running.get(subject)
            if thread is not None and thread.is_alive():
                return None
            future: Future[T] = Future()
            thread = threading.Thread(
                target=_settle, args=(future, call), name=self._name, daemon=True
            )
            self._running[subject] = thread
            thread.start()
            # Left in the table where this is cancelled: then the thread may be stuck.
            answer = asyncio.wrap_future(future)
            await asyncio.wait({answer})
            del self._running[subject]
            return answer.result()


def _settle(future: Future[T], call: Callable[[], T]) -> None:
    try:
        result = call()
    except BaseException as error:  # noqa: BLE001 - raised where it is awaited
        future.set_exception(error)
    else:
        future.set_result(result)
