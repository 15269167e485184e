"""Requests and replies; the OpenAPI document and the page's types are made from these."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from jupyter_envsnap.core.diff import EnvironmentDiff
from jupyter_envsnap.core.errors import EnvSnapError
from jupyter_envsnap.core.listing import Extent, ListedSnapshot
from jupyter_envsnap.core.model import (
    Candidate,
    Confidence,
    Environment,
    Finding,
    How,
    Prefix,
    Progress,
    Reason,
    Snapshot,
)
from jupyter_envsnap.core.names import displayable

Note = Annotated[str, Meta(max_length=1_000)]
Message = Annotated[str, Meta(min_length=1, max_length=20_000)]
Word = Annotated[str, Meta(max_length=64)]
ServerPath = Annotated[str, Meta(max_length=4_096)]
Mode = Literal["update", "replace"]
"""``update`` changes only what changed in a file that is there; ``replace`` writes it anew, and
also makes one that is not there."""
Loose = Literal["keep", "pin"]
"""What an update does with a spec such as ``numpy>=1.24`` that what is installed satisfies."""
NamedBy = Literal["git", "folder", "comment"]
"""How a file names a package that runs from a folder of this machine: by the address and the commit
that others can clone; by the folder's path, which others do not have; or only in a comment."""
Name = Annotated[str, Meta(max_length=200)]
Names = Annotated[tuple[Name, ...], Meta(max_length=200)]
Why = Literal["requested", "leaf", "needed", "python", "pip"]
"""Why a package stands in a document: somebody asked for it; nothing else needs it, so that it
would be missing; others need it; everything runs on it; it installs the others."""


class ErrorReply(Struct, frozen=True, kw_only=True):
    """Every reply that is not a success, and a part of some that are."""

    code: str
    message: str
    detail: dict[str, str | int | None] = {}

    @classmethod
    def of(cls, error: EnvSnapError) -> ErrorReply:
        """The error as it goes over the wire."""
        detail = {
            name: displayable(value) if isinstance(value, str) else value
            for name, value in error.detail.items()
        }
        return cls(code=error.code, message=displayable(error.message), detail=detail)


class Against(Struct, frozen=True, kw_only=True):
    """How far a kernel's environment is from what was written down."""

    name: str
    """Server path of the file, or id of the snapshot."""
    same: bool
    requested: int
    """Changes of packages that somebody asked for, and of facts such as python."""
    indirect: int
    """Changes of packages that were pulled in."""
    problem: ErrorReply | None = None
    """Why it cannot be compared; the numbers say nothing then."""


class DriftNumbers(Struct, frozen=True, kw_only=True):
    file: Against | None
    """Null where no environment file belongs to the notebook yet."""
    snapshot: Against | None
    """Null where none was taken yet."""


class KernelEnvironment(Struct, frozen=True, kw_only=True):
    """Where a running kernel's environment is, and how that was found. Volatile; never cached."""

    kernel_id: str
    kernel_name: str
    display_name: str
    state: str
    notebooks: tuple[str, ...]
    prefix: Prefix | None
    how: How
    confidence: Confidence
    fingerprint: str | None
    """Equal to an earlier one: nothing was installed since. Null where it is not known (yet)."""
    captured_at: datetime | None
    """When the prefix was found."""
    alternatives: tuple[Candidate, ...] = ()
    """Other prefixes that another source names."""
    findings: tuple[Finding, ...] = ()
    """About the prefix itself: what is installed there has findings of its own."""
    problem: ErrorReply | None = None
    """Why there is no prefix, or why it cannot be read."""
    drift: DriftNumbers | None = None
    """Null until it is known."""
    changing: str | None = None
    """What is installing there now: pip, conda, …"""
    first_reading: Progress | None = None
    """How many records have been read, while the prefix is read for the first time."""


class KernelList(Struct, frozen=True, kw_only=True):
    kernels: tuple[KernelEnvironment, ...]


class PrefixChoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    path: ServerPath | None
    """One that the server found; null: as the server itself finds it."""


class KnownPrefix(Struct, frozen=True, kw_only=True):
    """An environment that the server found on its own, whatever runs in it."""

    prefix: Prefix
    name: str
    """What people call it; a plain word, never a path."""
    kernels: tuple[str, ...] = ()
    """Display names of the installed kernels that start in it."""


class KnownPrefixes(Struct, frozen=True, kw_only=True):
    """By name."""

    prefixes: tuple[KnownPrefix, ...]


class ProfileEntry(Struct, frozen=True, kw_only=True):
    name: str
    label: str
    description: str


class FormatEntry(Struct, frozen=True, kw_only=True):
    name: str
    label: str
    media_type: str
    filename: str
    profiles: tuple[ProfileEntry, ...]
    """The first is taken where none is named."""


class GroupEntry(Struct, frozen=True, kw_only=True):
    """Packages that can be left out together."""

    name: str
    packages: tuple[str, ...]
    """Names, or patterns with ``*``."""


class FormatList(Struct, frozen=True, kw_only=True):
    formats: tuple[FormatEntry, ...]
    groups: tuple[GroupEntry, ...] = ()


class DocumentQuery(Struct, frozen=True, kw_only=True):
    format: Word = "environment-yaml"
    profile: Word | None = None
    """Null: the first of the format."""
    exclude: Names = ()
    """Packages that are left out with what only they need."""
    without: Names = ()
    """Groups of packages that are left out where nothing else needs them."""
    from_history: bool = False
    """``--from-history`` of conda; this and what follows only with the profile ``conda``."""
    builds: bool = True
    channels: bool = True
    """False: ``--ignore-channels`` of conda."""


class Entry(Struct, frozen=True, kw_only=True):
    """A package in a document, and why it is there."""

    line: int
    """From 1."""
    kind: Literal["conda", "pypi"]
    name: str
    version: str
    why: Why
    because: tuple[str, ...] = ()
    """The specs that asked for it, or the packages that need it."""


class GitAddress(Struct, frozen=True, kw_only=True):
    """What git knows of a folder that a package runs from."""

    url: str
    """Of the remote, without credentials."""
    commit: str
    clean: bool
    """Nothing in the folder's repository differs from that commit."""
    pushed: bool
    """The remote has that commit, as far as this machine knows."""


class LocalPackage(Struct, frozen=True, kw_only=True):
    """A package from a folder of this machine that is not in the repository of the file."""

    name: str
    folder: str
    git: GitAddress | None
    """Null where there is no address, or the package is not what the folder has now."""
    named: NamedBy
    """How the file names it."""
    options: tuple[NamedBy, ...]
    """How it could."""


class Outline(Struct, frozen=True, kw_only=True):
    """What a document says, line by line, and what its reader must know."""

    format: str
    profile: str
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    """Of the environment and of the document; how it was found has findings of its own."""
    local: tuple[LocalPackage, ...] = ()


class DiffQuery(Struct, frozen=True, kw_only=True):
    """References: ``kernel:ID``, ``snapshot:ID``, ``file:PATH`` or ``rev:REVISION:PATH``."""

    before: Annotated[str, Meta(max_length=5_000)]
    after: Annotated[str, Meta(max_length=5_000)]


class DiffReply(Struct, frozen=True, kw_only=True):
    """What changed; against a file, as far as the file can say it."""

    before: str
    after: str
    same: bool
    """Nothing changed that a reader must know."""
    requested: int
    """Changes of packages that somebody asked for."""
    indirect: int
    """Changes of packages that were pulled in."""
    changes: EnvironmentDiff


class SnapshotRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kernel_id: Annotated[str, Meta(max_length=200)]
    note: Note | UnsetType | None = UNSET


class SnapshotNote(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    note: Note | None


class SnapshotTaken(Struct, frozen=True, kw_only=True):
    snapshot: Snapshot
    unchanged_since: Snapshot | None
    """The snapshot before it, of the same environment, if nothing changed since."""
    findings: tuple[Finding, ...]


class SnapshotQuery(Struct, frozen=True, kw_only=True):
    notebook: ServerPath | None = None
    prefix: ServerPath | None = None
    package: Annotated[str, Meta(max_length=200)] | None = None
    """Only those that hold it."""
    version: Annotated[str, Meta(max_length=200)] | None = None
    """Of ``package``; 1.26 stands for 1.26.4, too."""
    reason: Annotated[tuple[Reason, ...], Meta(max_length=20)] = ()
    """Only those that were kept for one of these."""
    before: Annotated[str, Meta(max_length=200)] | None = None
    """Id of a snapshot: only older ones."""
    limit: Annotated[int, Meta(ge=1, le=500)] = 50


class SnapshotPage(Struct, frozen=True, kw_only=True):
    """Newest first."""

    snapshots: tuple[ListedSnapshot, ...]
    next: str | None
    """``before`` of the next page."""
    kept: Extent | None = None
    """Of the notebook and the prefix that were asked for; told with the first page only."""
    findings: tuple[Finding, ...] = ()
    """About where the history lies."""


class Drift(Struct, frozen=True, kw_only=True):
    """What a kernel's environment has become since it was written down."""

    kernel_id: str
    name: str
    """What the environment is called."""
    numbers: DriftNumbers
    file: DiffReply | None
    """From the file to the kernel; null where there is none that can be compared."""
    snapshot: DiffReply | None
    """From the last snapshot to the kernel."""
    findings: tuple[Finding, ...] = ()
    changing: str | None = None
    """What is installing there now: pip, conda, …"""


OnShutdown = Literal["off", "history", "file"]
"""When a kernel ends: nothing, a snapshot, or that and the notebook's environment file."""
OnChange = Literal["off", "history"]
"""When something was installed while a kernel runs."""
Days = Annotated[int, Meta(ge=1, le=100_000)]
Count = Annotated[int, Meta(ge=1, le=100_000_000)]


class SettingsChoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the user chose; absent: as the server is set up."""

    on_shutdown: OnShutdown | UnsetType = UNSET
    on_change: OnChange | UnsetType = UNSET
    keep_days: Days | UnsetType | None = UNSET
    keep_count: Count | UnsetType | None = UNSET


class Settings(Struct, frozen=True, kw_only=True):
    """What is done without being asked."""

    on_shutdown: OnShutdown
    on_change: OnChange
    keep_days: Days | None
    """How long a snapshot is kept; null: for ever."""
    keep_count: Count | None
    """How many are kept; null: all."""
    chosen: SettingsChoice = SettingsChoice()
    """Which of these the user chose."""


class SnapshotDetail(Struct, frozen=True, kw_only=True):
    snapshot: Snapshot
    environment: Environment


class PreviewRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    source: Annotated[str, Meta(max_length=4_200)]
    """``kernel:ID`` or ``snapshot:ID``."""
    path: ServerPath | UnsetType | None = UNSET
    """Server path of the file; chosen by the server if absent."""
    format: Word | UnsetType = UNSET
    """Absent: by the name of the file."""
    profile: Word | UnsetType | None = UNSET
    exclude: Names | UnsetType = UNSET
    without: Names | UnsetType = UNSET
    """Absent, as ``profile`` and ``exclude``: as the file records it."""
    mode: Word | UnsetType = UNSET
    """Absent: ``update`` where the file exists."""
    loose: Loose | UnsetType = UNSET
    local: Annotated[dict[Name, NamedBy], Meta(max_length=200)] | UnsetType = UNSET
    """By package; one that is absent, or cannot be named so, is named as the file does."""


class Commit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    message: Message


class SaveRequest(PreviewRequest, frozen=True, kw_only=True, forbid_unknown_fields=True):
    base_digest: Annotated[str, Meta(max_length=64)] | UnsetType | None = UNSET
    """``base_digest`` of the preview; absent or null: there must be no file yet."""
    place_digest: Annotated[str, Meta(max_length=64)] | UnsetType | None = UNSET
    """``place_digest`` of the preview: if given, no link put in the way since is followed."""
    document_digest: Annotated[str, Meta(max_length=64)] | UnsetType = UNSET
    """``document_digest`` of the preview: if given, exactly that text is written or nothing."""
    commit: Commit | UnsetType | None = UNSET


class DiffLine(Struct, frozen=True, kw_only=True):
    sign: Literal[" ", "+", "-"]
    text: str
    old: int | None
    """Line number before, from 1; null for an added line."""
    new: int | None
    terminated: bool = True
    """False: the text ends with it, without a newline."""


class RepositoryState(Struct, frozen=True, kw_only=True):
    """The git repository around the target, as far as it matters for committing that one file."""

    top: str
    """Name of the work tree's top folder."""
    branch: str | None
    """Null when HEAD is detached."""
    target: Literal["absent", "untracked", "unchanged", "modified", "staged", "ignored"]
    """What git says of the file before it is saved."""
    staged_others: int
    """Other files that are staged: they stay staged and are not committed."""
    hooks: tuple[str, ...]
    """Commit hooks that will run."""
    signs: bool
    """The user's settings ask for signed commits."""
    own_edits: tuple[DiffLine, ...]
    """Lines that change from the last commit to the text to be saved and that are so on the disk
    already: the user's own edits, not in the preview's diff, which go along in the commit."""


class SavePreview(Struct, frozen=True, kw_only=True):
    path: str
    exists: bool
    mode: Mode
    format: str
    profile: str
    exclude: tuple[str, ...]
    without: tuple[str, ...]
    loose: tuple[str, ...]
    """Packages whose spec in the file is looser than what is installed and was kept."""
    local: tuple[LocalPackage, ...] = ()
    text: str
    diff: tuple[DiffLine, ...]
    added: int
    removed: int
    base_digest: str | None
    """sha256 (hex) of the bytes of the file now; null where there is none."""
    place_digest: str | None
    """Stands for where the file lies, links followed; null without a local file system."""
    document_digest: str
    """sha256 (hex) of ``text`` as UTF-8."""
    message: str
    """A proposed commit message."""
    repository: RepositoryState | None
    commit_problem: ErrorReply | None
    """Why a commit cannot be made now; the file can be saved all the same."""
    findings: tuple[Finding, ...]


class CommitMade(Struct, frozen=True, kw_only=True):
    id: str
    short_id: str
    branch: str | None
    message: str
    other_files: tuple[str, ...] = ()
    """Paths that a hook added to the commit."""
    findings: tuple[Finding, ...] = ()
    """What a hook did besides."""


class SaveReply(Struct, frozen=True, kw_only=True):
    path: str
    written: bool
    """False where the file already had this text."""
    digest: str
    commit: CommitMade | None
    commit_problem: ErrorReply | None
    """Why no commit was made although one was asked for. The file stays saved."""
    snapshot: Snapshot | None
    """The row in the history that records this save; null where the history is unavailable."""
