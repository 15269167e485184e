"""git by its own command line: the state around one file, and a commit of exactly that file."""

from __future__ import annotations

import asyncio
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Literal

from msgspec import Struct

from jupyter_envsnap.adapters import git_words
from jupyter_envsnap.adapters.git_process import Finished, GitProcess
from jupyter_envsnap.core import target
from jupyter_envsnap.core.errors import CommitError, CommitFailed, CommitTimedOut
from jupyter_envsnap.core.wire import CommitMade, RepositoryState
from jupyter_envsnap.locks import Locks

_OLDEST = (2, 25)
_HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit")
"""Those that ``git commit`` runs, in its order."""
_OPERATIONS = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "BISECT_LOG": "bisect",
}
"""What lies in a git directory while such a command waits for the user."""


class _Work(Struct, frozen=True, kw_only=True):
    """A file in its work tree."""

    top: str
    git_dir: str
    """That of this work tree, where its index and its HEAD are."""
    path: str
    """Relative to ``top``."""


class _Versions(Struct, frozen=True, kw_only=True):
    """The blobs of one file; None where there is none."""

    head: str | None
    index: str | None
    disk: str | None


def _operation(git_dir: Path) -> str | None:
    for name, operation in _OPERATIONS.items():
        if os.path.lexists(git_dir / name):
            return operation
    return None


def _hooks(folder: Path) -> tuple[str, ...]:
    return tuple(
        name for name in _HOOKS if (folder / name).is_file() and os.access(folder / name, os.X_OK)
    )


class Git:
    """The repository around a file; implements ``ports.Repositories``."""

    def __init__(self, *, limit_s: float = 20.0) -> None:
        self._run = GitProcess(limit_s=limit_s)
        self._locks = Locks()

    async def state(self, real_path: str) -> RepositoryState:
        """The repository around a file; raises CommitError where no commit can be made now."""
        work = await self._work(real_path)
        await self._check_ready(work)
        versions = await self._versions(work)
        staged = await self._must(
            work.top, "diff", "--cached", "--name-only", "-z", "--no-renames", "--no-ext-diff"
        )
        hooks = await self._must(work.top, "rev-parse", "--git-path", "hooks")
        return RepositoryState(
            top=Path(work.top).name,
            branch=await self._branch(work),
            target=await self._target(work, versions),
            staged_others=sum(path != work.path for path in staged.paths),
            hooks=await asyncio.to_thread(_hooks, Path(work.top, hooks.line)),
        )

    async def commit(self, real_path: str, message: str) -> CommitMade:
        """Commit exactly this file; raises CommitError, and index and HEAD are as they were."""
        if not message.strip():
            raise CommitFailed("The commit message is empty. Write one, then commit.")
        work = await self._work(real_path)
        async with self._locks.of(work.git_dir):
            await self._check_ready(work)
            versions = await self._versions(work)
            name = Path(work.path).name
            if await self._target(work, versions) == "ignored":
                raise target.ignored(name)
            if versions.disk is None or versions.disk == versions.head:
                raise target.nothing_to_commit(name)
            before = await self._head(work)
            await self._commit_only(
                work, message, before=before, tracked=versions.index is not None
            )
            try:
                return await self._made(work, before)
            except CommitError:
                # The commit is there, even where git cannot be asked about it any more.
                commit = await self._head(work) or ""
                return CommitMade(id=commit, short_id=commit[:7], branch=None, message=message)

    async def _commit_only(
        self, work: _Work, message: str, *, before: str | None, tracked: bool
    ) -> None:
        """Move HEAD by one commit of this file, or leave index and HEAD as they were.

        A tracked file gets no ``git add``: that would replace a version which the user staged.
        """
        try:
            if not tracked:
                await self._must(work.top, "add", "-N", "--", work.path, writes=True)
            await self._must(
                work.top,
                # The user's own collection of garbage: not within our limit of time.
                *("-c", "gc.auto=0", "-c", "maintenance.auto=false"),
                *("-c", "user.useConfigOnly=true"),
                *("commit", "-q", "--cleanup=whitespace", "--only", "-F", "-", "--", work.path),
                stdin=message.encode(),
                writes=True,
            )
        except CommitTimedOut:
            # Stopped in a post-commit hook, the commit is there all the same.
            if await self._head(work) == before:
                raise
        finally:
            if not tracked:
                # Where this fails too, why no commit was made is the better answer.
                with suppress(CommitError):
                    await self._undo_add(work, before)

    async def _undo_add(self, work: _Work, before: str | None) -> None:
        """The exact inverse of ``add -N``, unless a commit was made.

        Also on a branch without a commit, and where the user had staged the file's removal;
        ``reset`` would undo that.
        """
        if await self._head(work) == before:
            await self._must(
                work.top, "update-index", "--force-remove", "--", work.path, writes=True
            )

    async def _made(self, work: _Work, before: str | None) -> CommitMade:
        shown = await self._must(
            work.top,
            *("-c", "log.showSignature=false"),
            *("show", "-s", "--no-color", "--format=%H%x00%h%x00%B", "HEAD", "--"),
        )
        commit, short_id, message = shown.out.decode(errors="replace").split("\0", 2)
        since = ("--root", "HEAD") if before is None else (before, "HEAD")
        changed = await self._must(
            work.top,
            *("diff-tree", "-r", "--no-commit-id", "--name-only", "-z", "--no-renames"),
            *(*since, "--"),
        )
        return CommitMade(
            id=commit,
            short_id=short_id,
            branch=await self._branch(work),
            message=message.strip("\n"),
            other_files=tuple(path for path in changed.paths if path != work.path),
        )

    async def _work(self, real_path: str) -> _Work:
        folder = str(Path(real_path).parent)
        version = (await self._must(folder, "--version")).line
        found = re.search(r"(\d+)\.(\d+)", version)
        if found is None or (int(found[1]), int(found[2])) < _OLDEST:
            raise git_words.too_old(version.removeprefix("git version "))
        top = (await self._must(folder, "rev-parse", "--show-toplevel")).line
        git_dir = (await self._must(folder, "rev-parse", "--absolute-git-dir")).line
        if not Path(real_path).is_relative_to(top):  # core.worktree points elsewhere
            raise git_words.no_repository()
        path = Path(real_path).relative_to(top).as_posix()
        return _Work(top=top, git_dir=git_dir, path=path)

    async def _check_ready(self, work: _Work) -> None:
        """Raise why no commit can be made in this repository now."""
        operation = await asyncio.to_thread(_operation, Path(work.git_dir))
        if operation:
            raise git_words.in_progress(operation)
        if (await self._must(work.top, "ls-files", "-u", "-z")).out:
            raise git_words.unmerged()
        lock = Path(work.git_dir, "index.lock")
        if await asyncio.to_thread(os.path.lexists, lock):
            raise git_words.locked(str(lock))
        for who in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
            # git would make an identity up out of the host's name.
            asked = await self._run(work.top, "-c", "user.useConfigOnly=true", "var", who)
            if asked.status:
                raise git_words.no_identity()

    async def _versions(self, work: _Work) -> _Versions:
        head = await self._run(work.top, "rev-parse", "-q", "--verify", f"HEAD:{work.path}")
        index = await self._must(work.top, "ls-files", "-s", "-z", "--", work.path)
        disk = None
        if await asyncio.to_thread(Path(work.top, work.path).is_file):
            disk = (await self._must(work.top, "hash-object", "--", work.path)).line
        return _Versions(
            head=None if head.status else head.line,
            index=index.paths[0].split(" ")[1] if index.paths else None,
            disk=disk,
        )

    async def _target(
        self, work: _Work, versions: _Versions
    ) -> Literal["absent", "untracked", "unchanged", "modified", "staged", "ignored"]:
        if versions.index is None and versions.head is None:
            if await self._is_ignored(work):
                return "ignored"
            return "absent" if versions.disk is None else "untracked"
        if versions.index != versions.head:
            return "staged"
        return "unchanged" if versions.disk == versions.index else "modified"

    async def _is_ignored(self, work: _Work) -> bool:
        # This command knows no literal paths; behind "./" none is magic.
        asked = await self._run(
            work.top, "check-ignore", "-q", "--", f"./{work.path}", literal=False
        )
        if asked.status > 1:
            raise git_words.refusal(asked)
        return asked.status == 0

    async def _head(self, work: _Work) -> str | None:
        """The commit that HEAD is at; None on a branch without one."""
        asked = await self._run(work.top, "rev-parse", "-q", "--verify", "HEAD")
        return None if asked.status else asked.line

    async def _branch(self, work: _Work) -> str | None:
        asked = await self._run(work.top, "symbolic-ref", "-q", "--short", "HEAD")
        return None if asked.status else asked.line

    async def _must(
        self, folder: str, *arguments: str, stdin: bytes = b"", writes: bool = False
    ) -> Finished:
        """Run a command that fails only where there is an error to tell."""
        finished = await self._run(folder, *arguments, stdin=stdin, writes=writes)
        if finished.status:
            raise git_words.refusal(finished)
        return finished
