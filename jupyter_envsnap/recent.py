"""The last few values of a costly, pure function."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Recent(Generic[V]):
    """Makes each value once, on a thread, also while many ask for it at the same time."""

    def __init__(self, *, keep: int) -> None:
        self._keep = keep
        self._values: OrderedDict[Hashable, asyncio.Future[V]] = OrderedDict()

    async def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of ``key``, or what ``make`` raises; a failure is not kept."""
        value = self._values.get(key)
        if value is None:
            value = asyncio.ensure_future(asyncio.to_thread(make))
            value.add_done_callback(lambda made: self._forget_failure(key, made))
            self._values[key] = value
            if len(self._values) > self._keep:
                self._values.popitem(last=False)
        self._values.move_to_end(key)
        # Shielded: one caller who gives up must not take the value from the others.
        return await asyncio.shield(value)

    def _forget_failure(self, key: Hashable, made: asyncio.Future[V]) -> None:
        if (made.cancelled() or made.exception() is not None) and self._values.get(key) is made:
            del self._values[key]
