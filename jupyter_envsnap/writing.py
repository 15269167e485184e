"""Making a document of an environment: what its text needs to know besides what is installed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

from msgspec.structs import replace

from jupyter_envsnap.core import documents
from jupyter_envsnap.core import groups as grouping
from jupyter_envsnap.core.documents import Document
from jupyter_envsnap.core.errors import SaveError
from jupyter_envsnap.core.groups import Groups
from jupyter_envsnap.core.local_sources import Placed, folders
from jupyter_envsnap.core.ports import Environments, Files, Sourced
from jupyter_envsnap.core.wire import DocumentQuery, NamedBy
from jupyter_envsnap.placing import Home, Placing
from jupyter_envsnap.recent import Recent


class Writing:
    """Writes environments, wherever they come from and wherever the text goes."""

    def __init__(
        self,
        *,
        environments: Environments,
        placing: Placing,
        files: Files | None = None,
        groups: Groups = grouping.DEFAULTS,
    ) -> None:
        self._environments = environments
        self._placing = placing
        self._files = files
        self.groups = groups
        self._documents: Recent[Document] = Recent(keep=8)

    async def document(
        self,
        sourced: Sourced,
        query: DocumentQuery,
        home: Home | None = None,
        *,
        asked: Mapping[str, NamedBy] | None = None,
    ) -> Document:
        """The text that a query asks for, its findings with it.

        ``home``: the file that it is for; without it, the environment file of the source's
        notebook. ``asked``: as ``placed``.

        Raises:
            RequestError, and what reading the prefix raises.

        """
        if documents.is_as_conda(query) and sourced.place is not None:
            view = await self._environments.as_conda(sourced.place)
            return await asyncio.to_thread(documents.write_as_conda, view, query)
        placed = await self.placed(sourced, home, asked=asked)
        environment = placed.environment
        key = (environment.digest, environment.name, environment.findings, query)
        make = partial(documents.write, environment, query, groups=self.groups)
        return replace(await self._documents.get(key, make), local=placed.local)

    async def placed(
        self,
        sourced: Sourced,
        home: Home | None = None,
        *,
        asked: Mapping[str, NamedBy] | None = None,
    ) -> Placed:
        """The environment as this file names what runs from this machine's folders.

        ``asked``: how it is to name some of them.
        """
        environment = sourced.environment
        if not folders(environment):
            return Placed(environment=environment)
        if home is None:
            home = await self._home_of(sourced.notebook)
        # What a folder is today says nothing of an environment that was kept.
        live = sourced.place is not None
        return await self._placing.place(environment, home, live=live, asked=asked)

    async def stop(self) -> None:
        """End what is under way."""
        await self._placing.stop()

    async def _home_of(self, notebook: str | None) -> Home | None:
        if self._files is None:
            return None
        try:
            return Home.of(await self._files.read(await self._files.environment_file(notebook)))
        except SaveError:
            return None
