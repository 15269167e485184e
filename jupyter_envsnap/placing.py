"""Names what runs from this machine's folders so that others have it, before it is written."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from msgspec import Struct

from jupyter_envsnap.core.local_sources import (
    Checkout,
    Placed,
    folders,
    placed,
    said_by_folder,
)
from jupyter_envsnap.core.model import Environment
from jupyter_envsnap.core.ports import Checkouts, FileState
from jupyter_envsnap.core.target import parent
from jupyter_envsnap.core.wire import NamedBy
from jupyter_envsnap.flights import Flights


class Home(Struct, frozen=True, kw_only=True):
    """The file that a document is made for."""

    path: str
    """Its name, by which it is understood."""
    folder: str | None
    """The real path of where it lies; None where that is no disk."""
    text: str | None = None
    """None where there is none yet."""

    @classmethod
    def of(cls, file: FileState) -> Home:
        """A file as it is now."""
        folder = parent(file.real_path) if file.real_path else None
        return cls(path=file.path, folder=folder, text=file.text)


class Placing:
    """Asks about the folders that packages run from."""

    def __init__(self, checkouts: Checkouts) -> None:
        self._checkouts = checkouts
        self._asked: Flights[Placed] = Flights()

    async def place(
        self,
        environment: Environment,
        home: Home | None,
        *,
        live: bool = True,
        asked: Mapping[str, NamedBy] | None = None,
    ) -> Placed:
        """The environment as this file is to name it; never fails.

        ``home``: None where the document is not going to be a file.
        ``live``: it was read just now. What a folder is at today says nothing of an older one.
        """
        if not folders(environment):
            return Placed(environment=environment)
        wanted = tuple(sorted((asked or {}).items()))
        key = (environment.digest, environment.name, environment.findings, home, live, wanted)
        return await self._asked.join(
            key, lambda: self._place(environment, home, live=live, asked=dict(wanted))
        )

    async def stop(self) -> None:
        """End what is under way."""
        await self._asked.stop()

    async def _place(
        self, environment: Environment, home: Home | None, *, live: bool, asked: dict[str, NamedBy]
    ) -> Placed:
        folder = None if home is None else home.folder
        paths = list(dict.fromkeys(source.path for source in folders(environment).values()))
        asking = [self._checkouts.of(path, only_place=not live) for path in paths]
        if folder is not None:
            asking.append(self._checkouts.of(folder, only_place=True))
            paths.append(folder)
        answers = dict(zip(paths, await asyncio.gather(*asking), strict=True))
        found: dict[str, Checkout] = {path: each for path, each in answers.items() if each}
        said: frozenset[str] = frozenset()
        if home is not None and home.text:
            said = await asyncio.to_thread(said_by_folder, environment, home.text, home.path)
        return placed(environment, found, folder, said=said, asked=asked)
