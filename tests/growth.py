"""How long work takes as it grows, on a machine that has other things to do."""

from __future__ import annotations

import time
from collections.abc import Callable

_SMALL, _LARGE = 300, 3_000
_SLACK = 3
"""Ten times the packages may take thirty times as long; with their square it would be a hundred."""


def assert_linear(prepared: Callable[[int], Callable[[], object]]) -> None:
    """That ten times as much takes no more than some ten times as long.

    ``prepared``: the work for so many, made ready. Processor time of this thread is compared, the
    best of several, so that what else runs does not count.
    """
    small, large = _best(prepared(_SMALL), times=7), _best(prepared(_LARGE), times=3)
    assert large < _SLACK * (_LARGE / _SMALL) * small, f"{small:.4f} s, then {large:.4f} s"


def _best(work: Callable[[], object], *, times: int) -> float:
    def once() -> float:
        started = time.thread_time()
        work()
        return time.thread_time() - started

    return min(once() for _ in range(times))
