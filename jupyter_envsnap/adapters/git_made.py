"""What became of a commit: what it holds, and what hooks made of it."""

from __future__ import annotations

import asyncio
import re
from textwrap import shorten
from typing import Final

from msgspec import Struct

from jupyter_envsnap.adapters.git_facts import Facts, GitFacts, Work
from jupyter_envsnap.core import findings
from jupyter_envsnap.core.errors import CommitError
from jupyter_envsnap.core.findings import finding
from jupyter_envsnap.core.model import Finding
from jupyter_envsnap.core.names import displayable
from jupyter_envsnap.core.wire import CommitMade

_NAMED: Final = 20
"""Of the paths that a hook added, in a sentence; the commit lists them all."""
_LONGEST_MESSAGE: Final = 300


class _Shown(Struct, frozen=True, kw_only=True):
    commit: str
    short_id: str
    message: str


class _Changed(Struct, frozen=True, kw_only=True):
    mode: str
    blob: str


def cleaned(message: str) -> str:
    """A message as ``git commit --cleanup=whitespace`` keeps it."""
    lines = "\n".join(line.rstrip(" \t\r\v\f") for line in message.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")


def _sentence(paths: tuple[str, ...]) -> str:
    named = ", ".join(paths[:_NAMED])
    return named if len(paths) <= _NAMED else f"{named} and {len(paths) - _NAMED} more"


class GitMade:
    """Looks at a commit once it is there."""

    def __init__(self, ask: GitFacts) -> None:
        self._ask = ask

    async def made(
        self, work: Work, message: str, *, before: Facts, stopped_after_s: float | None
    ) -> CommitMade:
        """The commit of the file; ``before``: what was so when it was begun."""
        told: list[Finding] = []
        if stopped_after_s is not None:
            told.append(finding(findings.HOOK_STOPPED, seconds=f"{stopped_after_s:g}"))
        try:
            return await self._looked_at(work, message, before, told)
        except CommitError:
            # The commit is there, even where git cannot be asked about it any more.
            commit = await self._ask.head(work) or ""
            return CommitMade(
                id=commit,
                short_id=commit[:7],
                branch=before.branch,
                message=message,
                findings=tuple(told),
            )

    async def _looked_at(
        self, work: Work, message: str, before: Facts, told: list[Finding]
    ) -> CommitMade:
        commit = await self._ours(work, before)
        task = asyncio.get_running_loop().create_task
        show = task(self._shown(work, commit))
        changes = task(self._changes(work, commit))
        asked_branch = task(self._ask.branch(work))
        disk = task(self._ask.disk(work))
        await asyncio.gather(show, changes, asked_branch, disk, return_exceptions=True)
        shown, changed = show.result(), changes.result()
        other_files = tuple(displayable(path) for path in changed if path != work.path)
        if other_files:
            undo = "git reset --soft HEAD~1" if before.commit else "git update-ref -d HEAD"
            files = _sentence(other_files)
            told.append(finding(findings.HOOK_ADDED_FILES, files=files, undo=undo))
        target = changed.get(work.path)
        if target is None or {target.blob, disk.result()} != {before.disk}:
            told.append(finding(findings.HOOK_CHANGED_FILE, path=work.path))
            await self._take_into_index(work, target, before)
        if shown.message != cleaned(message):
            words = shorten(shown.message, _LONGEST_MESSAGE, placeholder=" …")
            told.append(finding(findings.HOOK_CHANGED_MESSAGE, words=words))
        return CommitMade(
            id=shown.commit,
            short_id=shown.short_id,
            branch=asked_branch.result(),
            message=shown.message,
            other_files=other_files,
            findings=tuple(told),
        )

    async def _take_into_index(self, work: Work, made: _Changed | None, before: Facts) -> None:
        """Let the index have the file as it was committed.

        ``git commit --only`` leaves there what it was given: the hook's change would be staged
        the other way round, and undone by the next commit.
        """
        entry = await self._ask.entry(work)
        if made is None or made.blob == before.disk or entry is None or entry.blob != before.disk:
            return
        row = f"{made.mode} {made.blob}\t{work.path}\0"
        await self._ask.must(
            *(work.top, "update-index", "-z", "--index-info"),
            stdin=row.encode(errors="surrogateescape"),
            writes=True,
        )

    async def _ours(self, work: Work, before: Facts) -> str:
        """The commit that was made, also where another one was made just before or after it."""
        since = "HEAD" if before.commit is None else f"{before.commit}..HEAD"
        asked = await self._ask.must(
            work.top, "rev-list", "--reverse", "--first-parent", since, "--", work.path
        )
        return asked.line.partition("\n")[0] or "HEAD"

    async def _shown(self, work: Work, commit: str) -> _Shown:
        shown = await self._ask.must(
            work.top,
            *("-c", "log.showSignature=false"),
            *("show", "-s", "--no-color", "--encoding=UTF-8", "--format=%H%x00%h%x00%B"),
            *(commit, "--"),
        )
        name, short_id, message = shown.out.decode(errors="replace").split("\0", 2)
        return _Shown(commit=name, short_id=short_id, message=message.strip("\n"))

    async def _changes(self, work: Work, commit: str) -> dict[str, _Changed]:
        """Everything that differs between a commit and the one before it, by path."""
        asked = await self._ask.must(
            work.top,
            *("diff-tree", "-r", "--no-commit-id", "--raw", "-z", "--no-renames", "--no-abbrev"),
            *("--root", commit, "--"),
        )
        changed = {}
        for row, path in zip(asked.paths[0::2], asked.paths[1::2], strict=True):
            _, mode, _, blob, _ = row.split(" ")
            changed[path] = _Changed(mode=mode, blob=blob)
        return changed
