"""The errors of the domain, one tree; each leaf has a stable code that goes over the wire.

::

    EnvSnapError
    ├── RequestError     what was asked for cannot be
    │   BadRequest  BodyTooLarge  ReferenceInvalid  FormatUnknown  ProfileUnknown
    │   GroupUnknown  OptionRefused  ModeUnknown  PrefixRefused  TooManyRequests
    │   FileNotUnderstood  RevisionUnknown
    ├── KernelError      the kernel has no environment to show
    │   KernelNotFound  KernelStarting  KernelRemote  KernelWithoutEnvironment
    │   KernelBusy  KernelDidNotAnswer
    ├── PrefixError      the folder could not be read as an environment
    │   PrefixMissing  NotAnEnvironment  PrefixUnreadable  ReadTimedOut
    ├── HistoryError     the history could not be used
    │   SnapshotNotFound  HistoryUnavailable
    ├── SaveError        nothing was written
    │   TargetRefused  TargetReadOnly  TargetNotText  TargetChanged  DocumentChanged
    │   TargetNoSpace  CannotUpdate  SaveFailed
    └── CommitError      the file is written, the commit was not made
        NoRepository  BrokenRepository  DubiousOwnership  GitMissing  NoIdentity
        OperationInProgress  IndexLocked  TargetIgnored  TargetSkipped  NothingToCommit
        HookFailed  SigningFailed  CommitTimedOut  CommitFailed
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar


class EnvSnapError(Exception):
    """A condition that a caller can name, explain and answer.

    ``message`` is a sentence for a person and says what to do; ``detail`` holds the facts in it
    for a program. Neither ever carries a credential.
    """

    code: ClassVar[str]

    def __init__(self, message: str, /, **detail: str | int | None) -> None:
        super().__init__(message)
        self.message = message
        self.detail: Mapping[str, str | int | None] = detail


class RequestError(EnvSnapError):
    """What was asked for cannot be."""


class BadRequest(RequestError):
    code = "bad-request"


class BodyTooLarge(RequestError):
    code = "body-too-large"


class ReferenceInvalid(RequestError):
    code = "reference-invalid"


class FormatUnknown(RequestError):
    code = "format-unknown"


class ProfileUnknown(RequestError):
    code = "profile-unknown"


class GroupUnknown(RequestError):
    """A group of packages to leave out that nobody defined."""

    code = "group-unknown"


class OptionRefused(RequestError):
    """Something asked of a profile or a format that it cannot do."""

    code = "option-refused"


class ModeUnknown(RequestError):
    code = "mode-unknown"


class FileNotUnderstood(RequestError):
    """A file that does not say, to us, which environment it means."""

    code = "file-not-understood"


class RevisionUnknown(RequestError):
    """No commit of that name, or without the file."""

    code = "revision-unknown"


class PrefixRefused(RequestError):
    """A prefix that a client named and the server did not find itself."""

    code = "prefix-refused"


class TooManyRequests(RequestError):
    """More requests are under way than the server answers at a time."""

    code = "too-many-requests"


class KernelError(EnvSnapError):
    """The kernel has no environment to show."""


class KernelNotFound(KernelError):
    code = "kernel-not-found"


class KernelStarting(KernelError):
    code = "kernel-starting"


class KernelRemote(KernelError):
    """The kernel runs on another host: nothing here describes its environment."""

    code = "kernel-remote"


class KernelWithoutEnvironment(KernelError):
    code = "kernel-without-environment"


class KernelBusy(KernelError):
    """A kernel is asked only while it is idle: a question would wait behind what it runs."""

    code = "kernel-busy"


class KernelDidNotAnswer(KernelError):
    code = "kernel-did-not-answer"


class PrefixError(EnvSnapError):
    """The folder could not be read as an environment."""


class PrefixMissing(PrefixError):
    code = "prefix-missing"


class NotAnEnvironment(PrefixError):
    code = "not-an-environment"


class PrefixUnreadable(PrefixError):
    code = "prefix-unreadable"


class ReadTimedOut(PrefixError):
    code = "read-timed-out"


class HistoryError(EnvSnapError):
    """The history could not be used."""


class SnapshotNotFound(HistoryError):
    code = "snapshot-not-found"


class SnapshotAmbiguous(HistoryError):
    """A beginning that several ids have."""

    code = "snapshot-ambiguous"


class HistoryUnavailable(HistoryError):
    code = "history-unavailable"


class SettingsNotKept(EnvSnapError):
    """They hold until the server ends."""

    code = "settings-not-kept"


class SaveError(EnvSnapError):
    """Nothing was written."""


class TargetRefused(SaveError):
    code = "target-refused"


class TargetReadOnly(SaveError):
    code = "target-read-only"


class TargetNotText(SaveError):
    code = "target-not-text"


class TargetChanged(SaveError):
    """The file is not the one that the preview showed."""

    code = "target-changed"


class DocumentChanged(SaveError):
    """The environment is not the one that the preview showed."""

    code = "document-changed"


class TargetNoSpace(SaveError):
    code = "target-no-space"


class CannotUpdate(SaveError):
    """The file is written in a way that cannot be changed line by line."""

    code = "cannot-update"


class SaveFailed(SaveError):
    code = "save-failed"


class CommitError(EnvSnapError):
    """The file is written, the commit was not made."""


class NoRepository(CommitError):
    code = "git-no-repository"


class BrokenRepository(CommitError):
    """There is one, and git cannot read it."""

    code = "git-broken-repository"


class GitMissing(CommitError):
    code = "git-missing"


class NoIdentity(CommitError):
    code = "git-no-identity"


class OperationInProgress(CommitError):
    """A merge, rebase, cherry-pick, revert, am or bisect is under way."""

    code = "git-operation-in-progress"


class IndexLocked(CommitError):
    code = "git-index-locked"


class TargetIgnored(CommitError):
    code = "git-target-ignored"


class TargetSkipped(CommitError):
    """git was told to leave changes of this file alone."""

    code = "git-target-skipped"


class DubiousOwnership(CommitError):
    code = "git-dubious-ownership"


class HookFailed(CommitError):
    code = "git-hook-failed"


class SigningFailed(CommitError):
    code = "git-signing-failed"


class CommitTimedOut(CommitError):
    code = "git-timed-out"


class NothingToCommit(CommitError):
    code = "git-nothing-to-commit"


class CommitFailed(CommitError):
    code = "git-failed"


def all_errors() -> Iterator[type[EnvSnapError]]:
    """Every error that has a code, in the order of the tree."""
    todo: list[type[EnvSnapError]] = [EnvSnapError]
    while todo:
        kind = todo.pop(0)
        todo = [*kind.__subclasses__(), *todo]
        if "code" in vars(kind):
            yield kind
