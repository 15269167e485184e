"""What changed between any two of a kernel, a snapshot, a file and a git revision of a file."""

from __future__ import annotations

import asyncio

from msgspec.structs import replace

from jupyter_envsnap.core.comparing import Side, comparable
from jupyter_envsnap.core.diff import diff
from jupyter_envsnap.core.documents import listed
from jupyter_envsnap.core.errors import NoRepository, ReferenceInvalid
from jupyter_envsnap.core.ports import Files, Repositories, Sourced, Sources
from jupyter_envsnap.core.wire import DiffQuery, DiffReply
from jupyter_envsnap.placing import Home
from jupyter_envsnap.writing import Writing

_FILE, _REVISION = "file", "rev"
_LONGEST_SHOWN = 200


class Comparison:
    """Compares what two references stand for."""

    def __init__(
        self, *, sources: Sources, writing: Writing, files: Files, repositories: Repositories
    ) -> None:
        self._sources = sources
        self._writing = writing
        self._files = files
        self._repositories = repositories

    async def diff(self, query: DiffQuery) -> DiffReply:
        """What changed from one to the other.

        Raises:
            RequestError, SaveError (of a file's path), CommitError (of a revision's repository),
            and what reading an environment raises.

        """
        before, after = await asyncio.gather(self._found(query.before), self._found(query.after))
        before, after = await asyncio.gather(
            self._placed(before, after), self._placed(after, before)
        )
        # Thousands of packages, or of lines, would hold the event loop.
        return await asyncio.to_thread(self._compared, query, before, after)

    def _compared(
        self, query: DiffQuery, before: Sourced | Home, after: Sourced | Home
    ) -> DiffReply:
        sides = comparable(_side(before), _side(after), groups=self._writing.groups)
        changes = diff(*sides)
        told = [c for c in changes.packages if c.change != "details"]
        return DiffReply(
            before=query.before,
            after=query.after,
            same=not changes,
            requested=sum(change.requested for change in told),
            indirect=sum(not change.requested for change in told),
            changes=changes,
        )

    async def _placed(self, one: Sourced | Home, other: Sourced | Home) -> Sourced | Home:
        """What runs from a folder here, as that file names it."""
        if isinstance(one, Sourced) and isinstance(other, Home):
            placed = await self._writing.placed(one, other)
            return replace(one, environment=placed.environment)
        return one

    async def _found(self, reference: str) -> Sourced | Home:
        kind, _, rest = reference.partition(":")
        if kind == _FILE:
            return await self._text(rest)
        if kind == _REVISION:
            revision, _, path = rest.partition(":")
            return await self._text_at(revision, path)
        try:
            return await self._sources.source(reference)
        except ReferenceInvalid as error:
            raise ReferenceInvalid(
                "This names nothing to compare. Write kernel:ID, snapshot:ID, file:PATH or"
                " rev:REVISION:PATH.",
                reference=reference[:_LONGEST_SHOWN],
            ) from error

    async def _text(self, path: str) -> Home:
        file = await self._files.read(path)
        if file.text is None:
            raise ReferenceInvalid(f"There is no file {path}.", reference=path[:_LONGEST_SHOWN])
        return Home.of(file)

    async def _text_at(self, revision: str, path: str) -> Home:
        file = await self._files.read(path)
        if file.real_path is None:
            raise NoRepository("This server does not keep its files where git can reach them.")
        text = await self._repositories.text_at(file.real_path, revision)
        return replace(Home.of(file), text=text)


def _side(found: Sourced | Home) -> Side:
    return (
        found.environment
        if isinstance(found, Sourced)
        else listed.parse(found.text or "", found.path)
    )
