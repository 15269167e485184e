"""What the use cases need from the outside; ``adapters/`` provides it, tests fake it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Literal, Protocol, TypeVar

from msgspec import Struct

from jupyter_envsnap.core.documents.as_conda import CondaView
from jupyter_envsnap.core.listing import Extent
from jupyter_envsnap.core.lives import Life, Pulse
from jupyter_envsnap.core.local_sources import Checkout
from jupyter_envsnap.core.message import Summary
from jupyter_envsnap.core.model import (
    Candidate,
    Environment,
    Finding,
    How,
    KernelFacts,
    Prefix,
    Progress,
    Reason,
    Snapshot,
)
from jupyter_envsnap.core.wire import (
    CommitMade,
    DriftNumbers,
    KnownPrefix,
    RepositoryState,
    SnapshotQuery,
)

KernelChange = Literal["environment", "file", "changing"]
"""Packages came or went; the file or a snapshot it is compared with is another; an installer
began or ended."""


class Clock(Protocol):
    def __call__(self) -> datetime:
        """The time now, in UTC."""


class Kernels(Protocol):
    """The server's kernels, looked at from outside."""

    def ids(self) -> tuple[str, ...]:
        """The kernels that the server has now, running or dead."""

    async def facts(self, kernel_id: str) -> KernelFacts:
        """What can be known of one kernel without asking it.

        Takes at most two seconds, and never the event loop.

        Raises:
            KernelNotFound: the server has no such kernel.

        """

    async def ask(self, kernel_id: str) -> Candidate:
        """Ask the kernel itself; only ever because the user wants it.

        Nothing of it stays: In, Out, the execution count, names and the next ``input()`` are as
        if it had not been asked.

        Raises:
            KernelNotFound, KernelRemote, KernelStarting
            KernelBusy: it is not idle.
            KernelDidNotAnswer: in time, or in words that can be understood.
            KernelWithoutEnvironment: what it named is no environment on this machine.

        """


class Pulses(Protocol):
    """The server's kernels at a glance: cheap enough for every second."""

    def ids(self) -> tuple[str, ...]:
        """The kernels that the server has now, running or dead."""

    async def pulse(self, kernel_id: str) -> Pulse | None:
        """What its manager tells at once; None for a remote kernel and for one that is gone."""

    async def notebooks(self) -> dict[str, tuple[str, ...]]:
        """Server paths of the sessions, by kernel: notebooks first, in the order of opening."""

    def on_death(self, kernel_id: str, tell: Callable[[], None]) -> None:
        """Call where the kernel's own restarter finds it dead, as far as it has one."""


class AtWork(Struct, frozen=True, kw_only=True):
    """An installer that runs."""

    name: str
    sure: bool
    """Whether it is known to change the prefix that was asked about."""


class Installers(Protocol):
    """conda, pip and their like, at work."""

    async def at_work(self, prefix: Prefix) -> AtWork | None:
        """One that is changing the prefix now, or else one that may be."""


class Journal(Protocol):
    """What would be lost with the server: the lives whose ends are not in the history yet.

    No method raises: where nothing can be written, ``findings`` says so.
    """

    async def write(self, life: Life, environment: Environment | None = None) -> None:
        """Keep a life, in the place of what was kept of it, and what was captured in it."""

    async def environment(self, digest: str) -> Environment | None:
        """An environment that a life names; None where it cannot be read."""

    async def remove(self, life_id: str) -> None:
        """Its end is in the history; an environment that no other life names goes too."""

    async def orphans(self) -> tuple[Life, ...]:
        """The lives that servers which are gone left behind; each is given to one server, once."""

    async def beat(self) -> None:
        """Say that this server runs."""

    def findings(self) -> tuple[Finding, ...]:
        """Why nothing is kept, if so."""


class Prefixes(Protocol):
    """The environments on this machine, as far as a server comes across them."""

    async def known(self, also: tuple[str, ...]) -> tuple[KnownPrefix, ...]:
        """Those of the installed kernels, of conda's own list, the server's own, and ``also``.

        ``also``: paths met elsewhere; one that is no environment any more is left out. By name,
        each path once. Takes at most two seconds; what does not answer by then is left out.
        """


class Environments(Protocol):
    """Reading what is installed in a prefix. Nothing under a prefix is ever written."""

    async def read(self, prefix: Prefix) -> Environment:
        """A consistent view of the prefix.

        Raises:
            PrefixMissing, NotAnEnvironment, PrefixUnreadable, ReadTimedOut

        """

    async def as_conda(self, prefix: Prefix) -> CondaView:
        """What conda itself would read for its export.

        Raises:
            OptionRefused: it is no environment of conda's; and as ``read``.

        """

    async def fingerprint(self, prefix: Prefix) -> str:
        """A cheap summary: equal to an earlier one means nothing was installed since.

        Raises: as ``read``.
        """

    def first_reading(self, prefix: Prefix) -> Progress | None:
        """How many records have been read of a prefix that is read for the first time.

        None where that is not under way.
        """

    async def glance(self, prefix: Prefix) -> str:
        """A few ``stat`` calls: another answer means that something may have been installed.

        Raises: as ``read``.
        """


class Retention(Struct, frozen=True, kw_only=True):
    """How much history is kept; None: without an end."""

    days: int | None = None
    count: int | None = None


class Earlier(Struct, frozen=True, kw_only=True):
    """The snapshot before another one."""

    id: str
    digest: str


class History(Protocol):
    """Where snapshots are kept. Every method raises HistoryUnavailable where it cannot."""

    async def add(self, snapshot: Snapshot, environment: Environment) -> None:
        """Keep a snapshot; an environment of the same digest is stored once.

        A second one of the same id is nothing new.
        """

    async def add_all(self, rows: Sequence[tuple[Snapshot, Environment]]) -> None:
        """As ``add``, all of them or none."""

    async def delete(self, snapshot_id: str) -> None:
        """Forget a snapshot, and what only it held.

        Raises SnapshotNotFound.
        """

    async def prune(self, retention: Retention, now: datetime) -> int:
        """Forget what is too old or too much; how many that were.

        The newest of a notebook stays, and of those without a notebook that of a prefix.
        """

    async def findings(self) -> tuple[Finding, ...]:
        """What a user must know of where the history lies; raises nothing."""

    async def get(self, snapshot_id: str) -> tuple[Snapshot, Environment]:
        """Raises SnapshotNotFound."""

    async def page(self, query: SnapshotQuery) -> tuple[Snapshot, ...]:
        """At most ``query.limit`` snapshots, newest first.

        Raises SnapshotNotFound where ``query.before`` names none.
        """

    async def extent(self, query: SnapshotQuery) -> Extent:
        """How much there is of the notebook and the prefix that are asked for."""

    async def earlier(self, ids: Sequence[str]) -> dict[str, Earlier]:
        """By id, the snapshot before: of the same notebook, without one of the same prefix.

        What is the first, or is not there, is left out.
        """

    async def contents(self, digests: Collection[str]) -> dict[str, Environment]:
        """What was installed, by digest; without a name and findings, which each snapshot has."""

    async def annotate(self, snapshot_id: str, note: str | None) -> Snapshot:
        """Give a snapshot another note, or none.

        Raises SnapshotNotFound.
        """

    async def prefixes(self) -> tuple[str, ...]:
        """Every prefix that a snapshot was taken of, each once."""


class FileState(Struct, frozen=True, kw_only=True):
    """A file as the contents manager and the disk have it."""

    path: str
    """Server path, without a leading slash; on the command line as its user writes it."""
    text: str | None
    """None where there is no file."""
    digest: str | None
    """sha256 (hex) of its bytes; None where there is no file."""
    real_path: str | None
    """Where it lies on disk, symlinks resolved; None without a local file system."""


class Files(Protocol):
    """The contents manager, or a shell user's own disk: the only way a file is written."""

    async def read(self, path: str) -> FileState:
        """A text file, or the state of its absence.

        Raises:
            TargetRefused: outside the root by its real path, hidden, a folder, in no folder.
            TargetNotText: not UTF-8.

        """

    async def write(self, path: str, text: str, *, base_digest: str | None) -> FileState:
        """Write the text where the file still has ``base_digest`` (None: is not there).

        One write per real path at a time.

        Raises:
            TargetChanged, TargetReadOnly, TargetNoSpace, TargetRefused, SaveFailed

        """

    async def environment_file(self, notebook: str | None) -> str:
        """Server path of the environment file that belongs to a notebook.

        The nearest existing one from the notebook's folder up to the repository's top, where
        ``binder/`` or ``.binder/`` come before the folder itself; else ``environment.yml`` at the
        top. Without a repository: in the notebook's folder.
        """


class Repositories(Protocol):
    """git, asked and used by its own command line."""

    async def state(self, real_path: str, text: str) -> RepositoryState:
        """The repository around a file that is about to become ``text``.

        Raises:
            CommitError: why a commit of this file cannot be made now.

        """

    async def text_at(self, real_path: str, revision: str) -> str:
        """The file as it was in a commit, which a branch, a tag or an id names.

        Raises:
            RevisionUnknown: there is no such commit, or not this file in it.
            TargetNotText: it is no UTF-8.
            CommitError: there is no repository.

        """

    async def commit(self, real_path: str, message: str) -> CommitMade:
        """Commit exactly this file.

        Raises:
            CommitError: no commit was made; index and work tree are as they were before.

        """


class Checkouts(Protocol):
    """git, asked about folders that packages run from."""

    async def of(self, folder: str, *, only_place: bool = False) -> Checkout | None:
        """The repository that a folder lies in; None where it lies in none or git does not say.

        Takes seconds at most. ``only_place``: where it lies, and nothing of its state.
        """


class Location(Struct, frozen=True, kw_only=True):
    """The best answer so far to where a kernel's environment is."""

    facts: KernelFacts
    """As of the last look; for a dead kernel with the candidates of when it lived."""
    captured_at: datetime | None
    """When the first candidate was found."""


class Locations(Protocol):
    """Remembers where each kernel's environment is, also after it died."""

    def ids(self) -> tuple[str, ...]:
        """The kernels that the server has now, running or dead."""

    def known(self, kernel_id: str) -> Location | None:
        """As of the last look, without another one."""

    async def locate(self, kernel_id: str) -> Location:
        """Look again, and fall back on what was seen while the kernel lived.

        Raises:
            KernelNotFound

        """

    async def all(self) -> tuple[Location, ...]:
        """Every kernel of the server, in the order of their ids."""

    async def ask(self, kernel_id: str) -> Location:
        """Ask the kernel itself; the answer stands until its process ends.

        Raises: as ``Kernels.ask``.
        """

    async def choose(self, kernel_id: str, prefix: Prefix | None) -> Location:
        """Take the user's word for where the kernel is, or take that back (None).

        Raises:
            KernelNotFound, KernelRemote

        """


class Sourced(Struct, frozen=True, kw_only=True):
    """An environment and where it came from: what a REF stands for."""

    environment: Environment
    prefix: str | None
    how: How | None
    kernel_id: str | None = None
    kernel_name: str | None = None
    notebook: str | None = None
    """Server path of the first session on the kernel."""
    place: Prefix | None = None
    """Where it is installed now; None for what was kept."""
    findings: tuple[Finding, ...] = ()
    """About where it came from, besides those of the environment."""


class Sources(Protocol):
    """Environments by reference; the service provides it for saving."""

    async def source(self, reference: str) -> Sourced:
        """What ``kernel:ID`` or ``snapshot:ID`` stands for.

        Raises:
            ReferenceInvalid, and what reading it raises.

        """

    async def record(self, sourced: Sourced, reason: Reason, note: str | None) -> Snapshot | None:
        """Keep it in the history; None where none is kept."""


class KernelNews(Struct, frozen=True, kw_only=True):
    """What is known of a kernel as of the last look at its environment."""

    drift: DriftNumbers | None = None
    changing: str | None = None
    """What is installing there now: pip, conda, …"""
    findings: tuple[Finding, ...] = ()


class News(Protocol):
    """The last looks, kept in memory."""

    def of(self, kernel_id: str) -> KernelNews:
        """Nothing, of a kernel that nobody looked at."""


T = TypeVar("T")


class Kept(Protocol[T]):
    """One value that outlasts the server."""

    async def read(self) -> T | None:
        """None where nothing was kept, or where it cannot be read."""

    async def write(self, value: T) -> None:
        """Raises SettingsNotKept."""


class Stamps(Protocol):
    """Files at a glance."""

    async def of(self, paths: Iterable[str]) -> dict[str, str]:
        """By real path: another answer than before means another file. Empty where none comes."""


class Told(Protocol):
    """Whoever listens: hints only, nothing secret and no lists."""

    def snapshot_taken(self, snapshot: Snapshot) -> None:
        """A row came into the history."""

    def kernel_changed(
        self,
        kernel_id: str,
        change: KernelChange,
        drift: DriftNumbers | None,
        summary: Summary | None,
    ) -> None:
        """Something about a kernel's environment is not as it was."""
