"""git by its own command line: the state around one file, and a commit of exactly that file."""

from __future__ import annotations

import asyncio
import os
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

from jupyter_envsnap.adapters import git_signing, git_words
from jupyter_envsnap.adapters.git_facts import Facts, GitFacts, Work
from jupyter_envsnap.adapters.git_made import GitMade
from jupyter_envsnap.adapters.git_process import GitProcess
from jupyter_envsnap.core import target
from jupyter_envsnap.core.errors import (
    CommitError,
    CommitFailed,
    CommitTimedOut,
    HookFailed,
    IndexLocked,
    RevisionUnknown,
    TargetNotText,
)
from jupyter_envsnap.core.names import displayable
from jupyter_envsnap.core.own_edits import own_edits
from jupyter_envsnap.core.wire import CommitMade, DiffLine, RepositoryState
from jupyter_envsnap.locks import Locks

_REVISION: Final = re.compile(r"(?!-)[\w./@^~{}+-]{1,200}")
"""As people name commits; no option, no path, no range."""
_MOST_BYTES: Final = 10_000_000
_PREVIEW_WAITS_S: Final = 0.5
_COMMIT_WAITS_S: Final = 2.0
"""For another git command to end, which holds the lock of the index for a moment."""
_LOOKS_EVERY_S: Final = 0.02
_LARGEST_COMPARED: Final = 1_000_000


async def _lock_gone(work: Work, deadline: float) -> bool:
    while await asyncio.to_thread(os.path.lexists, work.lock):
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(_LOOKS_EVERY_S)
    return True


def _check(work: Work, facts: Facts, *, is_locked: bool) -> None:
    """Raise why no commit can be made in this repository now."""
    if facts.operation:
        raise git_words.in_progress(facts.operation)
    if facts.has_conflicts:
        raise git_words.unmerged()
    if facts.is_prepared:
        raise git_words.prepared()
    if is_locked:
        raise git_words.locked(work.lock)
    if not facts.has_identity:
        raise git_words.no_identity()
    if facts.index and facts.index.bit and facts.disk is not None:
        raise git_words.skipped(work.name, facts.index.bit)


def _target(
    facts: Facts,
) -> Literal["absent", "untracked", "unchanged", "modified", "staged", "ignored"]:
    if facts.is_ignored:
        return "ignored"
    index = facts.index.blob if facts.index else None
    if index is None and facts.head is None:
        return "absent" if facts.disk is None else "untracked"
    if index != facts.head:
        return "staged"
    return "unchanged" if facts.disk == index else "modified"


def _own_edits(work: Work, committed: bytes, new: str) -> tuple[DiffLine, ...]:
    try:
        disk = Path(work.top, work.path).read_bytes()
    except FileNotFoundError:
        disk = b""
    if len(disk) > _LARGEST_COMPARED:
        return ()
    try:
        return own_edits(committed=committed.decode(), disk=disk.decode(), new=new)
    except UnicodeDecodeError:
        return ()


def _unknown(revision: str) -> RevisionUnknown:
    shown = displayable(revision[:80])
    return RevisionUnknown(
        f"There is no such file in “{shown}”. Name a branch, a tag or a commit that has it.",
        revision=shown,
    )


class Git:
    """The repository around a file; implements ``ports.Repositories``."""

    def __init__(self, *, limit_s: float = 20.0) -> None:
        self._limit_s = limit_s
        self._ask = GitFacts(GitProcess(limit_s=limit_s))
        self._made = GitMade(self._ask)
        self._locks = Locks()

    async def state(self, real_path: str, text: str) -> RepositoryState:
        """The repository around a file; raises CommitError where no commit can be made now."""
        work = await self._ask.work(real_path)
        facts = await self._ready(work, waits_s=_PREVIEW_WAITS_S)
        return RepositoryState(
            top=displayable(Path(work.top).name),
            branch=facts.branch,
            target=_target(facts),
            staged_others=sum(path != work.path for path in facts.staged),
            hooks=facts.hooks,
            signs=await self._ask.signs(work),
            own_edits=await self._taken_along(work, facts, text),
        )

    async def text_at(self, real_path: str, revision: str) -> str:
        """The file as it was in a commit; raises RevisionUnknown, TargetNotText, CommitError."""
        if not _REVISION.fullmatch(revision):
            raise _unknown(revision)
        work = await self._ask.work(real_path)
        blob = await self._ask.resolved(work, f"{revision}^{{commit}}:{work.path}")
        text = None if blob is None else await self._ask.blob(work, blob, at_most=_MOST_BYTES)
        if text is None:
            raise _unknown(revision)
        try:
            return text.decode()
        except UnicodeDecodeError as error:
            raise TargetNotText(f"{work.name} was no text there.", path=work.path) from error

    async def commit(self, real_path: str, message: str) -> CommitMade:
        """Commit exactly this file; raises CommitError, and index and HEAD are as they were."""
        if not message.strip():
            raise CommitFailed("The commit message is empty. Write one, then commit.")
        work = await self._ask.work(real_path)
        async with self._locks.of(work.git_dir):
            facts = await self._ready(work, waits_s=_COMMIT_WAITS_S)
            if facts.is_ignored:
                raise target.ignored(work.name)
            if facts.disk is None or facts.disk == facts.head:
                raise target.nothing_to_commit(work.name)
            ended = await self._commit_only(work, message, facts)
            return await self._made.made(
                work,
                message,
                before=facts,
                stopped_after_s=None if ended else self._limit_s,
            )

    async def _ready(self, work: Work, *, waits_s: float) -> Facts:
        """The facts, once no other command is writing them; raises why no commit can be made."""
        is_locked = not await _lock_gone(work, time.monotonic() + waits_s)
        facts = await self._ask.facts(work)
        _check(work, facts, is_locked=is_locked)
        return facts

    async def _taken_along(self, work: Work, facts: Facts, text: str) -> tuple[DiffLine, ...]:
        """The user's own edits of the file, as far as both sides of them can be read."""
        if facts.head is None or facts.head == facts.disk or await self._ask.is_filtered(work):
            return ()
        committed = await self._ask.blob(work, facts.head, at_most=_LARGEST_COMPARED)
        if committed is None:
            return ()
        return await asyncio.to_thread(_own_edits, work, committed, text)

    async def _commit_only(self, work: Work, message: str, facts: Facts) -> bool:
        """Move HEAD by one commit of this file, or leave index and HEAD as they were.

        A tracked file gets no ``git add``: that would replace a version which the user staged.
        False where the commit is made, but not all that runs after it had ended.
        """
        stash = await self._stash(work, facts)
        try:
            if facts.index is None:
                await self._write(work, "add", "-N", "--", work.path)
            with git_signing.unasked(await git_signing.gnupg(self._ask, work)) as signing:
                await self._write(
                    work,
                    # The user's own collection of garbage: not within our limit of time.
                    *("-c", "gc.auto=0", "-c", "maintenance.auto=false"),
                    *("-c", "user.useConfigOnly=true", "-c", "i18n.commitEncoding=UTF-8"),
                    *signing,
                    *("commit", "-q", "--cleanup=whitespace", "--only", "-F", "-"),
                    *("--", f":(literal){work.path}"),
                    stdin=message.encode(),
                    literal=False,
                )
        except CommitError as error:
            # Stopped in a post-commit hook, the commit is there all the same.
            if await self._is_made(work, facts):
                return not isinstance(error, CommitTimedOut)
            if not isinstance(error, CommitTimedOut | HookFailed):
                raise
            raise git_words.after_a_hook(
                error,
                file_changed=await self._ask.disk(work) != facts.disk,
                stashed=await self._stash(work, facts) != stash,
            ) from error
        finally:
            if facts.index is None:
                # Where this fails too, why no commit was made is the better answer.
                with suppress(CommitError):
                    await self._undo_add(work, facts)
        return True

    async def _is_made(self, work: Work, facts: Facts) -> bool:
        """Whether the file was committed since. HEAD alone may have been moved by anyone."""
        return await self._ask.resolved(work, f"HEAD:{work.path}") != facts.head

    async def _stash(self, work: Work, facts: Facts) -> str | None:
        return await self._ask.resolved(work, "refs/stash") if facts.hooks else None

    async def _undo_add(self, work: Work, facts: Facts) -> None:
        """The exact inverse of ``add -N``, unless a commit was made.

        Also on a branch without a commit, and where the user had staged the file's removal;
        ``reset`` would undo that.
        """
        if not await self._is_made(work, facts):
            await self._write(work, "update-index", "--force-remove", "--", work.path)

    async def _write(
        self, work: Work, *arguments: str, stdin: bytes = b"", literal: bool = True
    ) -> None:
        """Run a command that writes the index, as soon as no other one does."""
        deadline = time.monotonic() + _COMMIT_WAITS_S
        while True:
            try:
                await self._ask.must(
                    work.top, *arguments, stdin=stdin, writes=True, literal=literal
                )
            except IndexLocked as error:  # noqa: PERF203 - a few times at most
                # git takes this lock before it runs any hook; others it takes after them.
                is_index = Path(str(error.detail["path"])).name == Path(work.lock).name
                if not is_index or not await _lock_gone(work, deadline):
                    raise
                if time.monotonic() > deadline:
                    raise
            else:
                return
