"""What git knows of one file and of the repository around it, asked without changing anything."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path
from typing import Final

from msgspec import Struct

from jupyter_envsnap.adapters import git_words
from jupyter_envsnap.adapters.git_process import Finished, GitProcess
from jupyter_envsnap.core.errors import NoRepository
from jupyter_envsnap.core.names import displayable

_OLDEST: Final = (2, 25)
_HOOKS: Final = (
    "pre-commit",
    "prepare-commit-msg",
    "commit-msg",
    "reference-transaction",
    "post-index-change",
    "post-commit",
)
"""Those that ``git commit`` runs."""
_OPERATIONS: Final = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply/applying": "series of patches (git am)",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "sequencer": "cherry-pick or revert",
    "BISECT_LOG": "bisect",
}
"""What lies in a git directory while such a command waits for the user."""
_PREPARED: Final = ("SQUASH_MSG", "MERGE_MSG")
"""Messages that wait for a commit; any commit removes them."""
_BOUNDARY: Final = "--and-then"
"""``rev-parse`` repeats what it does not know: between answers that may hold line feeds."""
_OBJECT: Final = re.compile(rb"[0-9a-f]{40,64}")


class Work(Struct, frozen=True, kw_only=True):
    """A file in its work tree."""

    top: str
    git_dir: str
    """That of this work tree, where its index and its HEAD are."""
    path: str
    """Relative to ``top``."""

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def lock(self) -> str:
        """What git holds while it writes this work tree's index."""
        return str(Path(self.git_dir, "index.lock"))


class Entry(Struct, frozen=True, kw_only=True):
    """A file in the index."""

    blob: str
    bit: str | None
    """``assume-unchanged`` or ``skip-worktree``, by which git leaves the file alone."""


class Facts(Struct, frozen=True, kw_only=True):
    """All that decides over a commit of one file."""

    operation: str | None
    is_prepared: bool
    has_identity: bool
    commit: str | None
    """That HEAD is at; None on a branch without one."""
    branch: str | None
    hooks: tuple[str, ...]
    staged: tuple[str, ...]
    has_conflicts: bool
    head: str | None
    """The file's blob in that commit."""
    index: Entry | None
    disk: str | None
    """What its blob would be now."""
    is_ignored: bool


class _Head(Struct, frozen=True, kw_only=True):
    hooks: str
    commit: str | None
    blob: str | None


def _waiting(git_dir: Path) -> tuple[str | None, bool]:
    """The command that waits for the user, and whether a commit is prepared."""
    operations = (word for name, word in _OPERATIONS.items() if os.path.lexists(git_dir / name))
    return next(operations, None), any(os.path.lexists(git_dir / name) for name in _PREPARED)


def _executable(folder: Path) -> tuple[str, ...]:
    return tuple(
        name for name in _HOOKS if (folder / name).is_file() and os.access(folder / name, os.X_OK)
    )


def _git_folder_above(folder: Path) -> str | None:
    places = (parent / ".git" for parent in (folder, *folder.parents))
    return next((str(place) for place in places if os.path.lexists(place)), None)


def _entry(finished: Finished) -> Entry | None:
    if not finished.paths:
        return None
    tag, _, blob, _ = finished.paths[0].split(" ", 3)
    bit = "skip-worktree" if tag in "Ss" else "assume-unchanged" if tag.islower() else None
    return Entry(blob=blob, bit=bit)


class GitFacts:
    """git's answers, each in as few processes as it takes."""

    def __init__(self, run: GitProcess) -> None:
        self._run = run
        self._is_new_enough = False

    async def must(
        self,
        folder: str,
        *arguments: str,
        stdin: bytes = b"",
        writes: bool = False,
        literal: bool = True,
    ) -> Finished:
        """Run a command that fails only where there is an error to tell."""
        finished = await self._run(folder, *arguments, stdin=stdin, writes=writes, literal=literal)
        if finished.status:
            raise git_words.refusal(finished)
        return finished

    async def work(self, real_path: str) -> Work:
        """The work tree that a file lies in; raises CommitError where there is none."""
        folder = str(Path(real_path).parent)
        await self._check_version(folder)
        try:
            answer = await self.must(
                folder, "rev-parse", "--show-toplevel", _BOUNDARY, "--absolute-git-dir"
            )
        except NoRepository:
            place = await asyncio.to_thread(_git_folder_above, Path(folder))
            if place is None or not await self._is_damaged(place):
                raise
            raise git_words.broken(f"{place} is damaged") from None
        top, _, git_dir = answer.line.partition(f"\n{_BOUNDARY}\n")
        if not Path(real_path).is_relative_to(top):  # core.worktree points elsewhere
            raise git_words.no_work_tree()
        path = Path(real_path).relative_to(top).as_posix()
        return Work(top=top, git_dir=git_dir, path=path)

    async def facts(self, work: Work) -> Facts:
        """Raises CommitError where git cannot read the repository."""
        task = asyncio.get_running_loop().create_task
        waiting = task(asyncio.to_thread(_waiting, Path(work.git_dir)))
        identity = task(self._has_identity(work))
        asked_head = task(self._head(work))
        staged = task(self._staged(work))
        entry = task(self.entry(work))
        disk = task(self.disk(work))
        branch = task(self.branch(work))
        questions = (waiting, identity, asked_head, staged, entry, disk, branch)
        # Where one fails, none is left running.
        await asyncio.gather(*questions, return_exceptions=True)
        head = asked_head.result()
        operation, is_prepared = waiting.result()
        index = entry.result()
        return Facts(
            operation=operation,
            is_prepared=is_prepared,
            has_identity=identity.result(),
            commit=head.commit,
            branch=branch.result(),
            hooks=await asyncio.to_thread(_executable, Path(work.top, head.hooks)),
            staged=tuple(path for status, path in staged.result() if status != "U"),
            has_conflicts=any(status == "U" for status, _ in staged.result()),
            head=head.blob,
            index=index,
            disk=disk.result(),
            is_ignored=index is None and await self._is_ignored(work),
        )

    async def entry(self, work: Work) -> Entry | None:
        """The file in the index."""
        return _entry(await self.must(work.top, "ls-files", "-s", "-v", "-z", "--", work.path))

    async def disk(self, work: Work) -> str | None:
        """The blob that git would make of the file as it is; None where there is no file."""
        if not await asyncio.to_thread(Path(work.top, work.path).is_file):
            return None
        return (await self.must(work.top, "hash-object", "--", work.path)).line

    async def head(self, work: Work) -> str | None:
        """The commit that HEAD is at; None on a branch without one."""
        return await self.resolved(work, "HEAD")

    async def resolved(self, work: Work, name: str) -> str | None:
        asked = await self._run(work.top, "rev-parse", "-q", "--verify", name)
        return None if asked.status else asked.line

    async def branch(self, work: Work) -> str | None:
        asked = await self._run(work.top, "symbolic-ref", "-q", "--short", "HEAD")
        return None if asked.status else displayable(asked.line)

    async def signs(self, work: Work) -> bool:
        """Whether the user's settings ask for signed commits."""
        asked = await self._run(work.top, "config", "--type=bool", "--get", "commit.gpgSign")
        if asked.status > 1:
            raise git_words.refusal(asked)
        return asked.line == "true"

    async def settings(self, work: Work, pattern: str) -> list[tuple[str, str]]:
        """The settings whose names match, in their order; the last one of a name holds."""
        asked = await self._run(work.top, "config", "-z", "--get-regexp", pattern)
        rows = (row.partition("\n") for row in asked.paths)
        return [(name, value) for name, _, value in rows]

    async def is_filtered(self, work: Work) -> bool:
        """Whether git keeps something else than what is on disk."""
        asked = await self.must(
            work.top, "check-attr", "-z", "filter", "working-tree-encoding", "--", work.path
        )
        return not set(asked.paths[2::3]) <= {"unspecified", "unset"}

    async def blob(self, work: Work, blob: str, *, at_most: int) -> bytes | None:
        """A blob's bytes; None where there are more of them than asked for."""
        size = await self.must(work.top, "cat-file", "-s", blob)
        if int(size.line) > at_most:
            return None
        return (await self.must(work.top, "cat-file", "blob", blob)).out

    async def _check_version(self, folder: str) -> None:
        if self._is_new_enough:
            return
        version = (await self.must(folder, "--version")).line
        found = re.search(r"(\d+)\.(\d+)", version)
        if found is None or (int(found[1]), int(found[2])) < _OLDEST:
            raise git_words.too_old(version.removeprefix("git version "))
        self._is_new_enough = True

    async def _is_damaged(self, place: str) -> bool:
        asked = await self._run(str(Path(place).parent), "rev-parse", "--resolve-git-dir", place)
        return asked.status != 0

    async def _has_identity(self, work: Work) -> bool:
        # git would make an identity up out of the host's name.
        asked = await asyncio.gather(
            *(
                self._run(work.top, "-c", "user.useConfigOnly=true", "var", who)
                for who in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT")
            )
        )
        return not any(finished.status for finished in asked)

    async def _head(self, work: Work) -> _Head:
        # Fails at the first that is not there, after what came before it.
        asked = await self._run(
            work.top,
            *("rev-parse", "--git-path", "hooks", _BOUNDARY),
            *("HEAD", "HEAD^{tree}", f"HEAD:{work.path}"),
        )
        hooks, answered, rest = asked.out.partition(f"\n{_BOUNDARY}\n".encode())
        if not answered:
            raise git_words.refusal(asked)
        commit, tree, blob, *_ = [
            line.decode() if _OBJECT.fullmatch(line) else None
            for line in (*rest.split(b"\n"), b"", b"", b"")
        ]
        if commit and not tree:
            raise git_words.broken(f"the commit {commit[:7]}, which HEAD is at, is missing")
        return _Head(hooks=os.fsdecode(hooks), commit=commit, blob=blob)

    async def _staged(self, work: Work) -> list[tuple[str, str]]:
        """Status letter and path of everything that the index has otherwise than HEAD."""
        asked = await self.must(
            work.top, "diff", "--cached", "--name-status", "-z", "--no-renames", "--no-ext-diff"
        )
        return list(zip(asked.paths[0::2], asked.paths[1::2], strict=True))

    async def _is_ignored(self, work: Work) -> bool:
        # This command knows no literal paths; behind "./" none is magic.
        asked = await self._run(
            work.top, "check-ignore", "-q", "--", f"./{work.path}", literal=False
        )
        if asked.status > 1:
            raise git_words.refusal(asked)
        return asked.status == 0
