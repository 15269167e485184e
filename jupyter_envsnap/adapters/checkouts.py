"""What git knows of a folder that packages run from: which repository, and whether others have it.

Nothing is changed, and no other machine is asked: "pushed" is what the last fetch or push saw.
"""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path
from typing import Final

from jupyter_envsnap.adapters.git_process import Finished, GitProcess
from jupyter_envsnap.core import redact
from jupyter_envsnap.core.errors import CommitError
from jupyter_envsnap.core.local_sources import Checkout
from jupyter_envsnap.core.names import displayable

_LIMIT_S = 5.0
_ORIGIN: Final = "origin"
_URL: Final = re.compile(r"(?:https?|ssh|git|git\+ssh)://\S+", re.IGNORECASE)
# `user@host:path`, without the user only where the host cannot be taken for a name of one's own.
_SCP: Final = re.compile(r"(?:([\w.-]+)@([\w.-]+)|()([\w-]+(?:\.[\w-]+)+)):(?!//)(\S+)")
_KEY: Final = re.compile(r"(remote|branch)\.(.*)\.(url|remote)")
_LEFT_BY_BUILDS: Final = (".egg-info/", "__pycache__/")
"""Whole folders that are untracked, and no part of what was installed."""


class GitCheckouts:
    """:class:`jupyter_envsnap.core.ports.Checkouts` by git's own command line."""

    def __init__(self, *, limit_s: float = _LIMIT_S) -> None:
        self._run = GitProcess(limit_s=limit_s)
        self._limit_s = limit_s

    async def of(self, folder: str, *, only_place: bool = False) -> Checkout | None:
        if not os.path.isabs(folder):  # noqa: PTH117 - a text, not to be looked at
            return None
        asking = self._checkout(folder, only_place=only_place)
        try:
            # Of all questions together: a huge work tree takes its time for each.
            return await asyncio.wait_for(asking, self._limit_s)
        except (CommitError, asyncio.TimeoutError):  # without git or an answer nothing is known
            return None

    async def _checkout(self, folder: str, *, only_place: bool) -> Checkout | None:
        found = await self._run(folder, "rev-parse", "--show-toplevel")
        if found.status or not found.line:
            return None
        top = found.line
        real = Path(await asyncio.to_thread(os.path.realpath, folder))
        if not real.is_relative_to(top):  # core.worktree points elsewhere
            return None
        below = real.relative_to(top).as_posix()
        subdirectory = None if below == "." else displayable(below)
        if only_place:
            url, commit, clean, pushed = None, None, False, False
        else:
            commit = await self._commit(top)
            remote, url = await self._remote(top)
            clean = commit is not None and await self._is_clean(top)
            pushed = commit is not None and await self._is_pushed(top, remote, commit)
        return Checkout(
            top=displayable(top),
            url=url,
            commit=commit,
            clean=clean,
            pushed=pushed,
            subdirectory=subdirectory,
        )

    async def _commit(self, top: str) -> str | None:
        found = await self._run(top, "rev-parse", "-q", "--verify", "HEAD^{commit}")
        return found.line if found.status == 0 else None

    async def _remote(self, top: str) -> tuple[str, str | None]:
        """(name, address that others can clone) of the remote that the branch goes to."""
        branch = await self._run(top, "symbolic-ref", "-q", "--short", "HEAD")
        listed = await self._run(top, "config", "-z", "--get-regexp", r"^(remote|branch)\..")
        urls, upstreams = _remotes(listed)
        named = upstreams.get(branch.line, _ORIGIN)
        remote = named if named in urls or len(urls) != 1 else next(iter(urls))
        # As the user wrote it: their own abbreviations and rewritings are not known to others.
        address = _for_others(urls.get(remote, ""))
        if address is None and remote in urls:
            expanded = await self._run(top, "remote", "get-url", "--", remote)
            address = _for_others(expanded.line) if expanded.status == 0 else None
        return remote, address

    async def _is_clean(self, top: str) -> bool:
        found = await self._run(top, "status", "--porcelain", "-z", "--untracked-files=normal")
        if found.status:
            return False
        return all(entry.endswith(_LEFT_BY_BUILDS) for entry in found.paths)

    async def _is_pushed(self, top: str, remote: str, commit: str) -> bool:
        found = await self._run(
            *(top, "for-each-ref", "--count=1", "--format=%(refname)", f"--contains={commit}"),
            f"refs/remotes/{remote}/",
        )
        return found.status == 0 and bool(found.line)


def _remotes(listed: Finished) -> tuple[dict[str, str], dict[str, str]]:
    """(address of each remote, remote of each branch)."""
    urls: dict[str, str] = {}
    upstreams: dict[str, str] = {}
    for setting in listed.paths if listed.status == 0 else ():
        key, _, value = setting.partition("\n")
        match = _KEY.fullmatch(key)
        if match is None:
            continue
        kind, name, what = match.groups()
        if (kind, what) == ("remote", "url"):
            urls.setdefault(name, value)  # more of them are for pushing
        elif (kind, what) == ("branch", "remote"):
            upstreams[name] = value
    return urls, upstreams


def _for_others(address: str) -> str | None:
    """The URL without credentials; None for a place on this machine or a word of the user's own."""
    address = displayable(address.strip())
    if _URL.fullmatch(address):
        return redact.url(address).replace("git+ssh://", "ssh://")
    match = _SCP.fullmatch(address)
    if match is None:
        return None
    user, host = match[1] or "", match[2] or match[4]
    path = match[5]
    if not path.startswith("/"):
        # Below the home folder, but for the user that the forges have for everybody.
        path = f"/{path}" if user == "git" else f"/~/{path}"
    return redact.url(f"ssh://{f'{user}@' if user else ''}{host}{path}")
