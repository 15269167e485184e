"""What changed between any two of a kernel, a snapshot, a file and a git revision of a file."""

from __future__ import annotations

import asyncio

from jupyter_envsnap.core import groups as grouping
from jupyter_envsnap.core.comparing import Side, comparable
from jupyter_envsnap.core.diff import diff
from jupyter_envsnap.core.documents import declared
from jupyter_envsnap.core.errors import NoRepository, ReferenceInvalid
from jupyter_envsnap.core.groups import Groups
from jupyter_envsnap.core.ports import Files, Repositories, Sources
from jupyter_envsnap.core.wire import DiffQuery, DiffReply

_FILE, _REVISION = "file", "rev"
_LONGEST_SHOWN = 200


class Comparison:
    """Compares what two references stand for."""

    def __init__(
        self,
        *,
        sources: Sources,
        files: Files,
        repositories: Repositories,
        groups: Groups = grouping.DEFAULTS,
    ) -> None:
        self._sources = sources
        self._files = files
        self._repositories = repositories
        self._groups = groups

    async def diff(self, query: DiffQuery) -> DiffReply:
        """What changed from one to the other.

        Raises:
            RequestError, SaveError (of a file's path), CommitError (of a revision's repository),
            and what reading an environment raises.

        """
        before, after = await asyncio.gather(self._side(query.before), self._side(query.after))
        # Thousands of packages would hold the event loop.
        return await asyncio.to_thread(self._compared, query, before, after)

    def _compared(self, query: DiffQuery, before: Side, after: Side) -> DiffReply:
        changes = diff(*comparable(before, after, groups=self._groups))
        told = [c for c in changes.packages if c.change != "details"]
        return DiffReply(
            before=query.before,
            after=query.after,
            same=not changes,
            requested=sum(change.requested for change in told),
            indirect=sum(not change.requested for change in told),
            changes=changes,
        )

    async def _side(self, reference: str) -> Side:
        kind, _, rest = reference.partition(":")
        if kind == _FILE:
            return declared.parse(await self._text(rest))
        if kind == _REVISION:
            revision, _, path = rest.partition(":")
            return declared.parse(await self._text_at(revision, path))
        try:
            return (await self._sources.source(reference)).environment
        except ReferenceInvalid as error:
            raise ReferenceInvalid(
                "This names nothing to compare. Write kernel:ID, snapshot:ID, file:PATH or"
                " rev:REVISION:PATH.",
                reference=reference[:_LONGEST_SHOWN],
            ) from error

    async def _text(self, path: str) -> str:
        file = await self._files.read(path)
        if file.text is None:
            raise ReferenceInvalid(f"There is no file {path}.", reference=path[:_LONGEST_SHOWN])
        return file.text

    async def _text_at(self, revision: str, path: str) -> str:
        file = await self._files.read(path)
        if file.real_path is None:
            raise NoRepository("This server does not keep its files where git can reach them.")
        return await self._repositories.text_at(file.real_path, revision)
