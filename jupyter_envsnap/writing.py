"""Making a document of an environment: what its text needs to know besides what is installed."""

from __future__ import annotations

import asyncio
from functools import partial

from msgspec.structs import replace

from jupyter_envsnap.core import documents
from jupyter_envsnap.core import groups as grouping
from jupyter_envsnap.core.documents import Document
from jupyter_envsnap.core.errors import SaveError
from jupyter_envsnap.core.groups import Groups
from jupyter_envsnap.core.local_sources import local_sources
from jupyter_envsnap.core.ports import Environments, Files, Sourced
from jupyter_envsnap.core.target import parent
from jupyter_envsnap.core.wire import DocumentQuery
from jupyter_envsnap.placing import Placing
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
        self, sourced: Sourced, query: DocumentQuery, folder: str | None = None
    ) -> Document:
        """The text that a query asks for, its findings with it.

        ``folder``: where it is going to lie, a real path; without it, where the environment file
        of the source's notebook lies.

        Raises:
            RequestError, and what reading the prefix raises.

        """
        if documents.is_as_conda(query) and sourced.place is not None:
            view = await self._environments.as_conda(sourced.place)
            return await asyncio.to_thread(documents.write_as_conda, view, query)
        environment = (await self.placed(sourced, folder)).environment
        key = (environment.digest, environment.name, environment.findings, query)
        make = partial(documents.write, environment, query, groups=self.groups)
        return await self._documents.get(key, make)

    async def placed(self, sourced: Sourced, folder: str | None = None) -> Sourced:
        """The source as a document in this folder names what runs from this machine's folders."""
        environment = sourced.environment
        if not local_sources(environment):
            return sourced
        if folder is None:
            folder = await self._folder_of(sourced.notebook)
        # What a folder is today says nothing of an environment that was kept.
        live = sourced.place is not None
        placed = await self._placing.place(environment, folder, live=live)
        return replace(sourced, environment=placed)

    async def stop(self) -> None:
        """End what is under way."""
        await self._placing.stop()

    async def _folder_of(self, notebook: str | None) -> str | None:
        if self._files is None:
            return None
        try:
            file = await self._files.read(await self._files.environment_file(notebook))
        except SaveError:
            return None
        return parent(file.real_path) if file.real_path else None
