"""Running git's own command line, so that nothing can ask, hang or stay behind."""

from __future__ import annotations

import asyncio
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

import msgspec
from msgspec import Struct

from jupyter_envsnap.adapters import git_ending
from jupyter_envsnap.core.errors import CommitError, CommitFailed, CommitTimedOut, GitMissing

_ABOUT_ANOTHER_REPOSITORY: Final = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_GLOB_PATHSPECS",
        "GIT_GRAFT_FILE",
        "GIT_ICASE_PATHSPECS",
        "GIT_INDEX_FILE",
        "GIT_INDEX_VERSION",
        "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_LITERAL_PATHSPECS",
        "GIT_NAMESPACE",
        "GIT_NOGLOB_PATHSPECS",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_QUARANTINE_PATH",
        "GIT_SHALLOW_FILE",
        "GIT_TRACE2_PARENT_NAME",
        "GIT_TRACE2_PARENT_SID",
        "GIT_WORK_TREE",
    }
)
"""Inherited where the server was started by git itself, from a hook or an alias."""

_WHERE_A_PROMPT_OPENS: Final = frozenset({"DISPLAY", "GPG_TTY", "WAYLAND_DISPLAY"})
"""The server's own terminal or desktop, where nobody may be sitting."""

_NOBODY_TO_ASK: Final = {
    "GIT_ASKPASS": "",
    "GIT_EDITOR": "true",
    "GIT_TERMINAL_PROMPT": "0",
    "LANGUAGE": "C",
    "LC_ALL": "C.UTF-8",
    "SSH_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
}
"""Also no translated words; a hook still reads and writes UTF-8."""

_QUIETLY: Final = ("-c", "core.fsmonitor=")
"""A watcher of the work tree is a program of the user's, or a process that stays behind."""


class Finished(Struct, frozen=True, kw_only=True):
    """What a git command left."""

    status: int
    out: bytes
    err: str
    failed_hook: str | None

    @property
    def line(self) -> str:
        """Its output as one line; a name in it may hold anything but a final line feed."""
        return os.fsdecode(self.out).removesuffix("\n")

    @property
    def paths(self) -> tuple[str, ...]:
        """Its output under ``-z``."""
        return tuple(os.fsdecode(part) for part in self.out.split(b"\0") if part)


class _TraceEvent(Struct):
    event: str
    sid: str
    child_id: int = -1
    child_class: str = ""
    hook_name: str = ""
    code: int = 0


def _failed_hook(trace: bytes) -> str | None:
    """The hook that ended with a failure, out of git's own trace2 events."""
    hooks: dict[int, str] = {}
    failed = None
    for line in trace.splitlines():
        with suppress(msgspec.DecodeError):
            event = msgspec.json.decode(line, type=_TraceEvent)
            if "/" in event.sid:  # of a git command that a hook ran
                continue
            if event.event == "child_start" and event.child_class == "hook":
                hooks[event.child_id] = event.hook_name
            elif event.event == "child_exit" and event.code and event.child_id in hooks:
                failed = hooks[event.child_id]
    return failed


def _environment(trace: Path, *, writes: bool, literal: bool) -> dict[str, str]:
    dropped = _ABOUT_ANOTHER_REPOSITORY | _WHERE_A_PROMPT_OPENS
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment |= _NOBODY_TO_ASK
    if writes:
        environment["GIT_TRACE2_EVENT"] = str(trace)
    else:
        environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}
    if literal:
        environment["GIT_LITERAL_PATHSPECS"] = "1"
    return environment


async def _start(
    arguments: list[str], environment: dict[str, str], stdin: IO[bytes], *outs: IO[bytes]
) -> asyncio.subprocess.Process:
    out, err = outs
    try:
        return await asyncio.create_subprocess_exec(
            "git",
            *arguments,
            stdin=stdin,
            stdout=out,
            stderr=err,
            env=environment,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise GitMissing(
            "git is not installed on the server, or not on its PATH. The file can be saved"
            " without a commit."
        ) from error
    except NotImplementedError as error:  # the selector loop, which servers use on Windows
        raise GitMissing(
            "This server cannot start git. The file can be saved, and committed in a terminal."
        ) from error
    except OSError as error:
        raise CommitFailed(f"git could not be started: {error.strerror}.") from error


class GitProcess:
    """git, with a limit of time for each command."""

    def __init__(self, *, limit_s: float) -> None:
        self._limit_s = limit_s
        self._starting = asyncio.Lock()
        """To start a process holds the event loop for a moment: one in each of its turns."""

    async def __call__(
        self,
        folder: str,
        *arguments: str,
        stdin: bytes = b"",
        writes: bool = False,
        literal: bool = True,
    ) -> Finished:
        """Run ``git -C folder arguments``.

        ``literal``: no path means more than itself. Hooks inherit that, and their own patterns
        would match nothing: false where they run.

        Files stand in for pipes: a process that a hook leaves behind would hold a pipe open.

        Raises:
            GitMissing, CommitTimedOut, CommitFailed: it could not be started.

        """
        try:
            with tempfile.TemporaryDirectory(
                prefix="envsnap-", ignore_cleanup_errors=True
            ) as scratch:
                files = Path(scratch)
                (files / "in").write_bytes(stdin)
                trace = files / "trace"
                environment = _environment(trace, writes=writes, literal=literal)
                given = [*_QUIETLY, "-C", folder, *arguments]
                status = await self._run(files, given, environment)
                return Finished(
                    status=status,
                    out=(files / "out").read_bytes(),
                    err=(files / "err").read_text(errors="replace"),
                    failed_hook=_failed_hook(trace.read_bytes()) if trace.exists() else None,
                )
        except OSError as error:
            raise CommitFailed(
                f"git needs a temporary file, and none could be made: {error.strerror}."
                " Free some space, then commit."
            ) from error

    async def _run(self, files: Path, arguments: list[str], environment: dict[str, str]) -> int:
        async with self._starting:
            with (
                (files / "in").open("rb") as stdin,
                (files / "out").open("wb") as out,
                (files / "err").open("wb") as err,
            ):
                starting = asyncio.ensure_future(_start(arguments, environment, stdin, out, err))
                try:
                    process = await asyncio.shield(starting)
                except asyncio.CancelledError:
                    # What begins to run while its caller goes away is ended like the rest.
                    with suppress(CommitError):
                        await git_ending.end(await starting)
                    raise
        try:
            return await asyncio.wait_for(process.wait(), self._limit_s)
        except asyncio.TimeoutError:
            raise CommitTimedOut(
                f"git did not finish within {self._limit_s:g} seconds and was stopped. A hook, a"
                " filter or a signing key may be waiting for input: commit in a terminal.",
                limit_s=int(self._limit_s),
            ) from None
        finally:
            if process.returncode is None:
                await git_ending.end(process)
