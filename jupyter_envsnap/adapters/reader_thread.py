"""One daemon thread for reading, that survives what is stuck.

A read from a dead mount cannot be interrupted: it is given up, its thread is left behind and a new
one goes on with what waits. Not an executor: the interpreter waits for an executor's threads at
exit, and several readers at once would hold the event loop longer than one does.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import TypeVar, cast

T = TypeVar("T")

_IDLE_S = 30
"""A thread that long without work ends; the next read starts another."""

_MOST_LEFT_BEHIND = 8


class Stuck(Exception):
    """The read, or an earlier one of the same subject, did not come back within the limit."""


class _Flight:
    """A call, and the answer that all who asked for it share."""

    def __init__(self, subject: Hashable, call: Callable[[], object]) -> None:
        self.subject = subject
        self.call = call
        self.answer: Future[object] = Future()
        self.started: float | None = None


class ReaderThread:
    """Runs calls in turn; who asks while a call is under way shares its answer."""

    def __init__(self, name: str, *, limit_s: float) -> None:
        self._name = name
        self._limit_s = limit_s
        self._changed = threading.Condition()
        self._waiting: deque[_Flight] = deque()
        self._flights: dict[Hashable, _Flight] = {}
        self._running: _Flight | None = None
        self._thread: threading.Thread | None = None
        self._left_behind: dict[Hashable, threading.Thread] = {}

    async def run(self, subject: Hashable, key: Hashable, call: Callable[[], T]) -> T:
        """What ``call`` returns or raises, asked by this caller or by one before it.

        ``subject`` is what may be stuck as a whole, ``key`` names the call on it.

        Raises:
            Stuck

        """
        flight = self._join(subject, (subject, key), call)
        answer = asyncio.wrap_future(flight.answer)
        try:
            while not answer.done():
                await asyncio.wait({answer}, timeout=self._give_up())
            # A key names one call, so whoever asked first asked for a T too.
            return cast("T", answer.result())
        finally:
            answer.cancel()

    def _join(self, subject: Hashable, key: Hashable, call: Callable[[], object]) -> _Flight:
        with self._changed:
            flight = self._flights.get(key)
            if flight is not None:
                return flight
            # Asking again for what is stuck would leave a thread behind each time.
            self._left_behind = {s: t for s, t in self._left_behind.items() if t.is_alive()}
            if subject in self._left_behind or len(self._left_behind) >= _MOST_LEFT_BEHIND:
                raise Stuck
            flight = self._flights[key] = _Flight(subject, call)
            # Never cancelled from now on: other callers may wait for it.
            flight.answer.set_running_or_notify_cancel()
            flight.answer.add_done_callback(lambda _: self._land(key, flight))
            self._waiting.append(flight)
            self._start()
            self._changed.notify()
            return flight

    def _land(self, key: Hashable, flight: _Flight) -> None:
        with self._changed:
            if self._flights.get(key) is flight:
                del self._flights[key]

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()

    def _give_up(self) -> float:
        """Leave the thread behind if its call is over the limit; seconds until one could be."""
        with self._changed:
            running = self._running
            if running is None or running.started is None:
                return self._limit_s
            left = running.started + self._limit_s - time.monotonic()
            if left > 0:
                return left
            if self._thread is not None:
                self._left_behind[running.subject] = self._thread
            self._running = self._thread = None
            stuck = [f for f in self._waiting if f.subject == running.subject]
            self._waiting = deque(f for f in self._waiting if f.subject != running.subject)
            if self._waiting:
                self._start()
        for flight in (running, *stuck):
            flight.answer.set_exception(Stuck())
        return self._limit_s

    def _work(self) -> None:
        me = threading.current_thread()
        while True:
            with self._changed:
                if self._thread is me and not self._waiting:
                    self._changed.wait(_IDLE_S)
                if self._thread is not me:
                    return
                if not self._waiting:
                    self._thread = None
                    return
                flight = self._running = self._waiting.popleft()
                flight.started = time.monotonic()
            self._answer(me, flight)

    def _answer(self, me: threading.Thread, flight: _Flight) -> None:
        result: object = None
        error: BaseException | None = None
        try:
            result = flight.call()
        except BaseException as raised:  # noqa: BLE001 - raised again where it is awaited
            error = raised
        with self._changed:
            if self._thread is not me:
                return
            self._running = None
        if error is not None:
            flight.answer.set_exception(error)
        else:
            flight.answer.set_result(result)
