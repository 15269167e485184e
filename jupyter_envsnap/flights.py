"""Work that many ask for at the same time, done once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from functools import partial
from typing import Any, Generic, TypeVar

V = TypeVar("V")


class Flights(Generic[V]):
    """Who asks while an answer is on its way shares it; none is kept."""

    def __init__(self) -> None:
        self._open: dict[Hashable, asyncio.Task[V]] = {}
        self._under_way: set[asyncio.Task[V]] = set()

    async def join(self, key: Hashable, begin: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """What ``begin`` returns or raises, for this caller or for one before it."""
        flight = self._open.get(key)
        if flight is None:
            flight = self._open[key] = asyncio.get_running_loop().create_task(begin())
            self._under_way.add(flight)
            flight.add_done_callback(partial(self._land, key))
        # Shielded: a caller who goes away must not take the answer from the others.
        return await asyncio.shield(flight)

    def close(self) -> None:
        """Who asks from now on begins anew: what is on its way does not know of a change."""
        self._open.clear()

    async def stop(self) -> None:
        """End what is under way."""
        flights = tuple(self._under_way)
        for flight in flights:
            flight.cancel()
        if flights:
            await asyncio.wait(flights)

    def _land(self, key: Hashable, flight: asyncio.Task[V]) -> None:
        self._under_way.discard(flight)
        if self._open.get(key) is flight:
            del self._open[key]
