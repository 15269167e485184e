"""What git says when it refuses, as errors with words that say what to do."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

from jupyter_envsnap.adapters.git_process import Finished
from jupyter_envsnap.core.errors import (
    BrokenRepository,
    CommitError,
    CommitFailed,
    CommitTimedOut,
    DubiousOwnership,
    GitMissing,
    HookFailed,
    IndexLocked,
    NoIdentity,
    NoRepository,
    NothingToCommit,
    OperationInProgress,
    SigningFailed,
    TargetSkipped,
)

_LONGEST_LINE = 300
_NOT_THE_REASON = ("fatal:", "[INFO]", "[WARNING]")
"""How git's own last words begin after a hook's, and pre-commit's after its checks."""
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x1f\x7f]")


def no_repository() -> NoRepository:
    return NoRepository(
        "The folder is in no git repository. Run `git init` there, or save without a commit.",
        why="none",
    )


def no_work_tree() -> NoRepository:
    return NoRepository(
        "This git repository keeps its files elsewhere, or keeps none. Choose a folder of a"
        " repository's work tree, or save without a commit."
    )


def broken(said: str) -> BrokenRepository:
    return BrokenRepository(
        f"git cannot read this repository: {_ended(said)} Run `git status` in a terminal to see"
        " more, or save without a commit.",
        said=said,
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
    article = "An" if operation[0] in "aeiou" else "A"
    return OperationInProgress(
        f"{article} {operation} is in progress in this repository. Finish or abort it, then"
        " commit.",
        operation=operation,
    )


def prepared() -> OperationInProgress:
    return OperationInProgress(
        "A commit is prepared in this repository, with a message that another commit would lose."
        " Run `git commit` first; if that finds nothing to commit, `git reset` ends it.",
        operation="prepared commit",
    )


def unmerged() -> OperationInProgress:
    return OperationInProgress(
        "Files in this repository have unresolved conflicts. Resolve them, then commit.",
        operation="conflicts",
    )


def locked(path: str) -> IndexLocked:
    return IndexLocked(
        "Another git command is at work in this repository, or one was killed. Try again; if"
        f" no git command is running, delete {path}.",
        path=path,
    )


_UNSKIP = {
    "assume-unchanged": "--no-assume-unchanged",
    "skip-worktree": "--no-skip-worktree",
}


def skipped(name: str, bit: str) -> TargetSkipped:
    return TargetSkipped(
        f"git was told to leave changes of {name} alone ({bit}). Run"
        f" `git update-index {_UNSKIP[bit]} -- {shlex.quote(name)}` in its folder, then commit.",
        name=name,
        why=bit,
    )


def outside_sparse_checkout() -> TargetSkipped:
    return TargetSkipped(
        "The file lies outside of this repository's sparse checkout, and git takes no new file"
        " there. Run `git sparse-checkout add FOLDER`, or choose another path.",
        why="sparse-checkout",
    )


def after_a_hook(
    error: HookFailed | CommitTimedOut, *, file_changed: bool, stashed: bool
) -> CommitError:
    """The same error, which also tells what the hook left in the work tree."""
    message = error.message
    if file_changed:
        message += " The hook changed the file: look at it again before you commit."
    if stashed:
        message += " The hook left a stash: `git stash pop` brings back what is in it."
    return type(error)(message, **error.detail)


def _dubious(match: re.Match[str]) -> CommitError:
    top = match["top"]
    return DubiousOwnership(
        "git refuses this repository because it belongs to another user. If you trust it, run"
        f" `git config --global --add safe.directory '{top}'` in a terminal.",
        path=top,
    )


def _signing(match: re.Match[str]) -> CommitError:
    said = _CONTROL.sub("", match["said"]).strip(" ?:")
    return SigningFailed(
        f"The commit could not be signed, and your settings ask for it: {_ended(said)} Unlock the"
        " key, or commit in a terminal.",
        said=said,
    )


def _filter(match: re.Match[str]) -> CommitError:
    return CommitFailed(
        f"The filter “{match['name']}”, which this repository asks for, failed. Install what it"
        " needs (for “lfs”: git-lfs), then commit.",
        filter=match["name"],
    )


_REFUSALS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], CommitError]], ...] = (
    (re.compile(r"dubious ownership in repository at '(?P<top>.*)'"), _dubious),
    (re.compile(r"unsafe repository \('(?P<top>.*)' is owned"), _dubious),
    (
        re.compile(r"must be run in a work tree|cannot use bare repository"),
        lambda _: no_work_tree(),
    ),
    (re.compile(r"(?m)^fatal: not a git repository \(or any"), lambda _: no_repository()),
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
            r"(?im)^(?:fatal|error): (?P<said>.*(?:failed to sign|cannot run gpg|no secret key|"
            r"couldn't load public key|load key |agent refused operation|"
            r"either user\.signingkey or gpg\.ssh\.defaultKeyCommand|"
            r"unsupported value for gpg).*)"
        ),
        _signing,
    ),
    (
        re.compile(r"outside of your sparse-checkout definition"),
        lambda _: outside_sparse_checkout(),
    ),
    (re.compile(r"clean filter '(?P<name>.*)' failed"), _filter),
    (
        re.compile(
            # The last such line says most.
            r"(?s:.*)(?m:^)(?:fatal|error): (?P<said>.*(?:not a git repository: |invalid gitfile |"
            r"index file |bad signature |unknown index |bad index |unable to read |bad object |"
            r"bad tree |could not parse |object file |loose object |unable to unpack |inflate: |"
            r"your current branch appears|unable to resolve|cannot lock ref 'HEAD': unable).*)"
        ),
        lambda match: broken(match["said"]),
    ),
)


def _lines(text: str) -> list[str]:
    cleaned = (_CONTROL.sub("", line).strip() for line in text.splitlines())
    told = (line for line in cleaned if not line.startswith(("hint:", "warning:")))
    return [line[:_LONGEST_LINE] for line in told if line]


def _ended(said: str) -> str:
    """A sentence out of what another program said."""
    return said if said.endswith((".", "!", "?")) else f"{said}."


def refusal(finished: Finished) -> CommitError:
    """Why a git command did not do what it was asked."""
    lines = _lines(finished.err)
    if finished.failed_hook:
        own = [line for line in lines if not line.startswith(_NOT_THE_REASON)] or lines
        said = own[-1].removeprefix("- ") if own else ""
        return HookFailed(
            f"The repository's {finished.failed_hook} hook refused the commit"
            + (f": {_ended(said)}" if said else ".")
            + " The file is saved. Fix what it names, then commit.",
            hook=finished.failed_hook,
            said=said,
        )
    for pattern, error in _REFUSALS:
        match = pattern.search(finished.err)
        if match:
            return error(match)
    if not lines and finished.status == 1:
        return NothingToCommit("git found no change to commit.")
    if not lines:
        return CommitFailed(
            f"git ended with status {finished.status} and said nothing. Try it in a terminal.",
            status=finished.status,
        )
    told = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines
    said = told[-1].removeprefix("fatal:").removeprefix("error:").strip()
    return CommitFailed(
        f"git could not do it: {_ended(said)} In a terminal, `git status` may tell more.", said=said
    )
