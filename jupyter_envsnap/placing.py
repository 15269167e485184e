"""Names what runs from this machine's folders so that others have it, before it is written."""

from __future__ import annotations

import asyncio

from jupyter_envsnap.core.local_sources import Checkout, local_sources, placed
from jupyter_envsnap.core.model import Environment
from jupyter_envsnap.core.ports import Checkouts
from jupyter_envsnap.flights import Flights


class Placing:
    """Asks about the folders that packages run from."""

    def __init__(self, checkouts: Checkouts) -> None:
        self._checkouts = checkouts
        self._asked: Flights[Environment] = Flights()

    async def place(
        self, environment: Environment, folder: str | None, *, live: bool = True
    ) -> Environment:
        """The environment as a document that lies in ``folder`` is to name it; never fails.

        ``folder``: real path on disk; None where the document is not going to be a file.
        ``live``: it was read just now. What a folder is at today says nothing of an older one.
        """
        if not local_sources(environment):
            return environment
        key = (environment.digest, environment.name, environment.findings, folder, live)
        return await self._asked.join(key, lambda: self._place(environment, folder, live=live))

    async def stop(self) -> None:
        """End what is under way."""
        await self._asked.stop()

    async def _place(
        self, environment: Environment, folder: str | None, *, live: bool
    ) -> Environment:
        paths = [source.path for source in local_sources(environment)]
        asked = [self._checkouts.of(path, only_place=not live) for path in paths]
        if folder is not None:
            asked.append(self._checkouts.of(folder, only_place=True))
            paths.append(folder)
        answers = dict(zip(paths, await asyncio.gather(*asked), strict=True))
        found: dict[str, Checkout] = {path: each for path, each in answers.items() if each}
        return placed(environment, found, folder)
