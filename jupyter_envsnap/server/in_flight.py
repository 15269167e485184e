"""How many requests are answered at a time: one more is told to come back, not queued."""

from __future__ import annotations

from jupyter_envsnap.core.errors import TooManyRequests

MOST = 200
"""An open page has five under way at most, and a hundred pages are a course at one server."""
RETRY_AFTER_S = 1


class InFlight:
    """The requests that are being answered now."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._requests: set[object] = set()

    def enter(self, request: object) -> None:
        """Let a request in; raises TooManyRequests where there are as many as can be."""
        if len(self._requests) >= self._most:
            raise TooManyRequests(
                "The server is answering too many requests at once. Try again in a moment.",
                most=self._most,
                retry_after_s=RETRY_AFTER_S,
            )
        self._requests.add(request)

    def leave(self, request: object) -> None:
        """It is over; also for one that was not let in, and more than once."""
        self._requests.discard(request)
