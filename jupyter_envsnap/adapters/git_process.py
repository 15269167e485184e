"""Running git's own command line, so that nothing can ask, hang or stay behind."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from jupyter_envsnap.core.errors import CommitFailed, CommitTimedOut, GitMissing

if TYPE_CHECKING:
    from psutil import Process

_GRACE_S = 1.0
"""Between asking git to end, when it removes its own locks, and making it."""

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

_NOBODY_TO_ASK: Final = {
    "GIT_ASKPASS": "",
    "GIT_EDITOR": "true",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    "SSH_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
}


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


def _environment(*, trace: Path, writes: bool, literal: bool) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in _ABOUT_ANOTHER_REPOSITORY}
    environment = kept | _NOBODY_TO_ASK | {"GIT_TRACE2_EVENT": str(trace)}
    if not writes:
        environment["GIT_OPTIONAL_LOCKS"] = "0"
    if not literal:
        del environment["GIT_LITERAL_PATHSPECS"]
    return environment


def _descendants(pid: int) -> list[Process]:
    # Imported where it is needed: the server starts without it.
    import psutil  # noqa: PLC0415

    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).children(recursive=True)
    return []


def _kill(family: list[Process]) -> None:
    import psutil  # noqa: PLC0415

    for member in family:
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            member.kill()


def _signal_group(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


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


async def _end(process: asyncio.subprocess.Process) -> None:
    """Stop git and all that it started."""
    family = await asyncio.to_thread(_descendants, process.pid)
    _signal_group(process.pid, signal.SIGTERM)
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(process.wait(), _GRACE_S)
    _signal_group(process.pid, signal.SIGKILL)
    _kill(family)
    await process.wait()


class GitProcess:
    """git, with a limit of time for each command."""

    def __init__(self, *, limit_s: float) -> None:
        self._limit_s = limit_s

    async def __call__(
        self,
        folder: str,
        *arguments: str,
        stdin: bytes = b"",
        writes: bool = False,
        literal: bool = True,
    ) -> Finished:
        """Run ``git -C folder arguments``.

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
                environment = _environment(trace=files / "trace", writes=writes, literal=literal)
                status = await self._run(files, ["-C", folder, *arguments], environment)
                trace = files / "trace"
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
        with (
            (files / "in").open("rb") as stdin,
            (files / "out").open("wb") as out,
            (files / "err").open("wb") as err,
        ):
            process = await _start(arguments, environment, stdin, out, err)
        try:
            return await asyncio.wait_for(process.wait(), self._limit_s)
        except asyncio.TimeoutError:
            raise CommitTimedOut(
                f"git did not finish within {self._limit_s:g} seconds and was stopped. A hook or a"
                " signing key may be waiting for input: commit in a terminal.",
                limit_s=int(self._limit_s),
            ) from None
        finally:
            if process.returncode is None:
                await _end(process)
