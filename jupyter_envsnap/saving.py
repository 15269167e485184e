"""Saving an environment to the repository: what it would do, and doing it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from hashlib import sha256
from typing import Any

from msgspec import UNSET, UnsetType

from jupyter_envsnap.core import documents
from jupyter_envsnap.core.comparing import of_file
from jupyter_envsnap.core.diff import diff
from jupyter_envsnap.core.documents import listed
from jupyter_envsnap.core.errors import (
    BadRequest,
    CommitError,
    CommitFailed,
    DocumentChanged,
    FileNotUnderstood,
    HistoryError,
    NoRepository,
    SaveFailed,
    TargetChanged,
)
from jupyter_envsnap.core.linediff import line_diff
from jupyter_envsnap.core.message import propose
from jupyter_envsnap.core.model import Reason, Snapshot
from jupyter_envsnap.core.ports import Files, FileState, Repositories, Sourced, Sources
from jupyter_envsnap.core.target import format_of, ignored, joined, nothing_to_commit, parent
from jupyter_envsnap.core.wire import (
    Commit,
    CommitMade,
    DiffLine,
    ErrorReply,
    PreviewRequest,
    RepositoryState,
    SavePreview,
    SaveReply,
    SaveRequest,
)
from jupyter_envsnap.drafting import Draft, Drafting, mode_of
from jupyter_envsnap.locks import Locks
from jupyter_envsnap.writing import Writing

_log = logging.getLogger(__name__)


def _check_message(commit: Commit | UnsetType | None) -> None:
    """Raise BadRequest for a message that git takes from nobody, before anything is written."""
    if isinstance(commit, Commit) and ("\0" in commit.message or not commit.message.strip()):
        raise BadRequest("The commit message is empty.", field="commit.message")


def _reply(error: CommitError | None) -> ErrorReply | None:
    return None if error is None else ErrorReply.of(error)


def _digest(text: str) -> str:
    return sha256(text.encode(errors="surrogateescape")).hexdigest()


def _place(file: FileState) -> str | None:
    """Where a file lies, for comparison only."""
    return None if file.real_path is None else _digest(file.real_path)


def _on_disk(file: FileState) -> str:
    """Where git finds the file; raises NoRepository where it cannot."""
    if file.real_path is None:
        raise NoRepository(
            "This server does not keep its files on a disk, so git cannot reach them. The file can"
            " be saved, and committed from wherever its repository is."
        )
    return file.real_path


def _compare(before: FileState, draft: Draft) -> tuple[tuple[DiffLine, ...], str]:
    """What would change, and a commit message for it."""
    lines = line_diff(before.text or "", draft.text)
    changes = None
    if before.text and before.text != draft.text:
        # Neither a template nor what is no YAML says what it means.
        with suppress(FileNotUnderstood):
            said = listed.parse(before.text, before.path)
            says = listed.parse(draft.text, before.path)
            like = draft.environment
            changes = diff(of_file(said, like), of_file(says, like))
    return lines, propose(changes, draft.environment, path=before.path)


class Saving:
    """Previews and saves; a save never does more than the preview showed."""

    def __init__(
        self, *, sources: Sources, writing: Writing, files: Files, repositories: Repositories
    ) -> None:
        self._sources = sources
        self._drafting = Drafting(writing)
        self._files = files
        self._repositories = repositories
        self._locks = Locks()
        self._running: set[asyncio.Task[SaveReply]] = set()
        self.saved: Callable[[str, str | None], None] | None = None
        """Told the path and the digest of each file that was saved."""

    async def preview(self, request: PreviewRequest) -> SavePreview:
        """What a save would write and what git would say. Writes nothing.

        Raises:
            RequestError, SaveError, and what reading the source raises.

        """
        mode_of(request)
        sourced = await self._sources.source(request.source)
        before = await self._files.read(await self._path(sourced, request))
        draft = await self._drafting.draft(sourced, request, before)
        # Thousands of lines would hold the event loop.
        lines, message = await asyncio.to_thread(_compare, before, draft)
        repository, problem = await self._repository(before, draft.text)
        return SavePreview(
            path=before.path,
            exists=before.text is not None,
            mode=draft.mode,
            format=draft.format,
            profile=draft.profile,
            exclude=draft.exclude,
            without=draft.without,
            loose=draft.loose,
            local=draft.local,
            text=draft.text,
            diff=lines,
            added=sum(line.sign == "+" for line in lines),
            removed=sum(line.sign == "-" for line in lines),
            base_digest=before.digest,
            place_digest=_place(before),
            document_digest=_digest(draft.text),
            message=message,
            repository=repository,
            commit_problem=_reply(problem),
            findings=(*sourced.findings, *draft.findings),
        )

    async def save(self, request: SaveRequest) -> SaveReply:
        """Write the file where it is still the one that was previewed, and commit it if asked.

        Raises:
            RequestError, SaveError, and what reading the source raises; nothing is written then.

        """
        return await self._to_the_end(self._save(request))

    async def update(
        self, sourced: Sourced, path: str, *, base_digest: str | None
    ) -> SaveReply | None:
        """Update the file that nobody asks about, where it is still the one with this digest.

        It is never committed. None: it already says what is there.

        Raises:
            RequestError, SaveError, and what reading the source raises; nothing is written then.

        """
        request = SaveRequest(source="", path=path, base_digest=base_digest)
        before = await self._files.read(path)
        draft = await self._drafting.draft(sourced, request, before)
        if draft.text == before.text:
            return None
        return await self._to_the_end(self._save(request, sourced))

    async def _to_the_end(self, save: Coroutine[Any, Any, SaveReply]) -> SaveReply:
        running = asyncio.get_running_loop().create_task(save)
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        try:
            # A client that goes away must not leave half a commit behind.
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            if not running.cancelled():
                raise
            raise SaveFailed("The server is stopping. Nothing was saved.") from None

    async def stop(self) -> None:
        """End the commits under way: what is saved stays, and each index is as it was."""
        running = tuple(self._running)
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)

    async def _save(self, request: SaveRequest, sourced: Sourced | None = None) -> SaveReply:
        mode_of(request)
        _check_message(request.commit)
        if sourced is None:
            sourced = await self._sources.source(request.source)
        path = await self._path(sourced, request)
        seen = await self._files.read(path)
        # One lock for all names of a file. Held over the commit too: a second save must not slip
        # under the first one's message.
        async with self._locks.of(seen.real_path or path):
            before = await self._files.read(path)
            base = None if request.base_digest is UNSET else request.base_digest
            moved = before.real_path != seen.real_path or (
                request.place_digest not in {UNSET, None, _place(before)}
            )
            if moved or before.digest != base:
                raise TargetChanged(
                    f"{path} changed since the preview. Look at it again, then save.",
                    path=path,
                    digest=before.digest,
                )
            draft = await self._drafting.draft(sourced, request, before)
            if request.document_digest not in {UNSET, _digest(draft.text)}:
                raise DocumentChanged(
                    "The environment changed since the preview. Look at it again, then save."
                )
            written = before.text != draft.text
            after = before
            if written:
                after = await self._files.write(path, draft.text, base_digest=base)
            commit, problem = await self._commit(after, request.commit)
        if self.saved is not None:
            self.saved(path, after.digest)
        return SaveReply(
            path=path,
            written=written,
            digest=after.digest or _digest(draft.text),
            commit=commit,
            commit_problem=_reply(problem),
            snapshot=await self._record(sourced, path, commit),
        )

    async def _path(self, sourced: Sourced, request: PreviewRequest) -> str:
        if request.path is not UNSET and request.path is not None:
            return request.path
        path = await self._files.environment_file(sourced.notebook)
        if request.format in {UNSET, format_of(path, None)}:
            return path
        return joined(parent(path), documents.filename_of(str(request.format)))

    async def _repository(
        self, file: FileState, text: str
    ) -> tuple[RepositoryState | None, CommitError | None]:
        """The repository's state, and why a commit of the file would not be made."""
        try:
            state = await self._repositories.state(_on_disk(file), text)
        except CommitError as error:
            return None, error
        name = file.path.rpartition("/")[2]
        if state.target == "ignored":
            return state, ignored(name)
        if file.text == text and state.target == "unchanged":
            return state, nothing_to_commit(name)
        return state, None

    async def _commit(
        self, file: FileState, asked: Commit | UnsetType | None
    ) -> tuple[CommitMade | None, CommitError | None]:
        if asked is UNSET or asked is None:
            return None, None
        try:
            return await self._repositories.commit(_on_disk(file), asked.message), None
        except CommitError as error:
            return None, error
        except asyncio.CancelledError:
            # The file is written: who asked is told so, and what became of the commit.
            return None, CommitFailed("The server is stopping. No commit was made.")

    async def _record(
        self, sourced: Sourced, path: str, commit: CommitMade | None
    ) -> Snapshot | None:
        note = f"{path}, {commit.short_id}" if commit else path
        try:
            return await self._sources.record(sourced, Reason.SAVED, note)
        except HistoryError as error:
            _log.warning("The save of %s is not in the history: %s", path, error.message)
            return None
