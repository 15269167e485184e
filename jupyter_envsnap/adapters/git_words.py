"""What git says when it refuses, as errors with words that say what to do."""

from __future__ import annotations

import re
from collections.abc import Callable

from jupyter_envsnap.adapters.git_process import Finished
from jupyter_envsnap.core.errors import (
    CommitError,
    CommitFailed,
    DubiousOwnership,
    GitMissing,
    HookFailed,
    IndexLocked,
    NoIdentity,
    NoRepository,
    NothingToCommit,
    OperationInProgress,
    SigningFailed,
)

_LONGEST_LINE = 300
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x1f\x7f]")


def no_repository() -> NoRepository:
    return NoRepository(
        "The folder is in no git repository. Run `git init` there, or save without a commit."
    )


def too_old(version: str) -> GitMissing:
    return GitMissing(
        f"git {version} on the server is too old; 2.25 or newer is needed. The file can be saved"
        " without a commit.",
        version=version,
    )


def no_identity() -> NoIdentity:
    return NoIdentity(
        "git does not know who you are. Run `git config --global user.name NAME` and"
        " `git config --global user.email ADDRESS` in a terminal, then commit."
    )


def in_progress(operation: str) -> OperationInProgress:
    return OperationInProgress(
        f"A {operation} is in progress in this repository. Finish or abort it, then commit.",
        operation=operation,
    )


def unmerged() -> OperationInProgress:
    return OperationInProgress(
        "Files in this repository have unresolved conflicts. Resolve them, then commit.",
        operation="merge",
    )


def locked(path: str) -> IndexLocked:
    return IndexLocked(
        "Another git command is at work in this repository, or one was killed. Try again; if"
        f" no git command is running, delete {path}.",
        path=path,
    )


def _dubious(match: re.Match[str]) -> CommitError:
    top = match["top"]
    return DubiousOwnership(
        "git refuses this repository because it belongs to another user. If you trust it, run"
        f" `git config --global --add safe.directory '{top}'` in a terminal.",
        path=top,
    )


_REFUSALS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], CommitError]], ...] = (
    (re.compile(r"dubious ownership in repository at '(?P<top>.*)'"), _dubious),
    (re.compile(r"unsafe repository \('(?P<top>.*)' is owned"), _dubious),
    (
        re.compile(r"not a git repository|must be run in a work tree"),
        lambda _: no_repository(),
    ),
    (
        re.compile(r"Unable to create '(?P<path>.*\.lock)': File exists"),
        lambda match: locked(match["path"]),
    ),
    (
        re.compile(r"tell me who you are|auto-detection is disabled|empty ident name"),
        lambda _: no_identity(),
    ),
    (
        re.compile(r"cannot do a partial commit during a (?P<operation>[\w-]+)"),
        lambda match: in_progress(match["operation"]),
    ),
    (re.compile(r"you have unmerged files|unmerged path"), lambda _: unmerged()),
    (
        re.compile(
            r"(?i)gpg failed to sign|failed to sign|cannot run gpg|couldn't load public key|"
            r"either user\.signingkey or gpg\.ssh\.defaultKeyCommand|unsupported value for gpg"
        ),
        lambda match: SigningFailed(
            "The commit could not be signed, and your settings ask for it. Unlock the key or"
            " commit in a terminal.",
            said=match[0],
        ),
    ),
)


def _lines(text: str) -> list[str]:
    cleaned = (_CONTROL.sub("", line).strip() for line in text.splitlines())
    return [line[:_LONGEST_LINE] for line in cleaned if line]


def refusal(finished: Finished) -> CommitError:
    """Why a git command did not do what it was asked."""
    lines = _lines(finished.err)
    if finished.failed_hook:
        said = lines[-1] if lines else ""
        return HookFailed(
            f"The repository's {finished.failed_hook} hook refused the commit"
            + (f": {said.rstrip('.')}." if said else ".")
            + " The file is saved. Fix what it names, then commit.",
            hook=finished.failed_hook,
            said=said,
        )
    for pattern, error in _REFUSALS:
        match = pattern.search(finished.err)
        if match:
            return error(match)
    if not lines:
        return NothingToCommit("git found nothing to commit.")
    told = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines
    said = told[-1].removeprefix("fatal:").removeprefix("error:").strip()
    return CommitFailed(f"git could not do it: {said}", said=said)
