"""The values that everything else is about: what is installed in a prefix, and what was kept of it.

All are frozen, ordered when they are made and free of credentials; the same types go over the wire.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Literal

from msgspec import Struct

Kind = Literal["conda", "venv", "system", "remote"]
"""What a prefix is. ``remote``: it lies on another host and was not looked at."""


class Reason(str, Enum):
    """Why a snapshot was taken."""

    MANUAL = "manual"
    KERNEL_START = "kernel-start"
    CHANGED = "changed"
    KERNEL_SHUTDOWN = "kernel-shutdown"
    KERNEL_RESTART = "kernel-restart"
    KERNEL_DIED = "kernel-died"
    SERVER_STOP = "server-stop"
    RECOVERED = "recovered"
    CLI = "cli"
    SAVED = "saved"


IN_PASSING = frozenset({Reason.KERNEL_START, Reason.CHANGED})
"""Taken while a kernel runs, without anybody's wish and without an end."""


class How(str, Enum):
    """Where the answer to "which environment is this kernel's?" came from."""

    METADATA = "metadata"
    """``conda_env_path`` in the kernelspec's metadata, as nb_conda_kernels writes it."""
    RUNNER = "runner"
    """The environment argument of ``nb_conda_kernels.runner``."""
    PROCESS = "process"
    """The process that listens on the kernel's shell port."""
    ENVIRON = "environ"
    """CONDA_PREFIX of that process, where that folder holds ``conda-meta``."""
    KERNELSPEC = "kernelspec"
    """The command in the kernelspec."""
    KERNEL = "kernel"
    """The kernel itself, asked because the user wanted it."""
    CHOSEN = "chosen"
    """The user, among environments that the server found."""
    REMOTE = "remote"
    """Nowhere: the kernel runs on another host."""
    UNKNOWN = "unknown"
    """Nowhere: the kernel names no environment."""


Confidence = Literal["certain", "likely", "unsure"]


class Prefix(Struct, frozen=True, kw_only=True, order=True):
    """The folder of an installed environment."""

    path: str
    """Absolute, symlinks unresolved."""
    kind: Kind
    base: str | None = None
    """The prefix that a venv was made from."""


class Progress(Struct, frozen=True, kw_only=True):
    """How far something is that takes a while."""

    done: int
    total: int


class Finding(Struct, frozen=True, kw_only=True, order=True):
    """Something a reader must know."""

    code: str
    """One of the codes in :mod:`jupyter_envsnap.core.findings`."""
    message: str
    """A sentence that says what is so and what it means."""
    package: str | None = None
    path: str | None = None
    """The file it is about, relative to the prefix."""
    advice: str | None = None
    """What to do, a sentence; None where ``message`` says it."""


class CondaPackage(Struct, frozen=True, kw_only=True, order=True, omit_defaults=True):
    """One record of ``conda-meta``; fields as in conda's PrefixRecord."""

    name: str
    version: str
    build: str
    channel: str
    """Canonical name such as ``conda-forge``, or a URL without credentials; empty if unknown."""
    subdir: str
    build_number: int = 0
    url: str | None = None
    """Where it came from, credentials removed."""
    md5: str | None = None
    sha256: str | None = None
    noarch: str | None = None
    depends: tuple[str, ...] = ()
    requested: tuple[str, ...] = ()
    """The specs that asked for it, by its record or by the history; empty when it was pulled in."""
    distributions: tuple[str, ...] = ()
    """Normalised names (PEP 503) of the Python distributions it installed; ``name==version`` where
    that is another version than the package's own."""

    @property
    def provides(self) -> dict[str, str]:
        """The version of each Python distribution in it, by normalised name."""
        parted = (text.partition("==") for text in self.distributions)
        return {name: version or self.version for name, _, version in parted}


class VcsSource(Struct, frozen=True, kw_only=True, tag="vcs", order=True):
    """PEP 610 ``vcs_info``."""

    vcs: str
    url: str
    commit: str
    revision: str | None = None
    subdirectory: str | None = None
    editable: bool = False
    """It is to be a checkout that python runs from, as it was where it was read."""


class ArchiveSource(Struct, frozen=True, kw_only=True, tag="archive", order=True):
    """PEP 610 ``archive_info`` of a remote archive."""

    url: str
    hashes: tuple[str, ...] = ()
    """``algorithm=digest``, sorted."""
    subdirectory: str | None = None


class LocalSource(Struct, frozen=True, kw_only=True, tag="local", order=True):
    """A folder, wheel or archive on this machine (PEP 610 ``dir_info`` or a ``file:`` URL)."""

    path: str
    editable: bool = False
    subdirectory: str | None = None
    written: str | None = None
    """How a document names it: its way from there, or its whole path; None: only in a comment."""


Source = VcsSource | ArchiveSource | LocalSource


class PypiPackage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One distribution in site-packages that no conda record owns."""

    name: str
    """Normalised (PEP 503)."""
    version: str
    source: Source | None = None
    """Where it came from, if not from an index."""
    requested: bool = False
    """A REQUESTED file lies in its dist-info (PEP 376)."""
    installer: str | None = None
    user_site: bool = False
    """It lies in the user's home folder, not in the prefix."""
    requires: tuple[str, ...] = ()
    """``Requires-Dist`` of its METADATA (PEP 508), as written there, without credentials."""


class PipIndexes(Struct, frozen=True, kw_only=True, order=True, omit_defaults=True):
    """Where the user's pip looks for packages; addresses without credentials."""

    index_url: str | None = None
    """None: PyPI."""
    extra: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()


class VirtualPackage(Struct, frozen=True, kw_only=True, order=True):
    """A fact of the machine that packages may depend on, such as ``__glibc`` (CEP 30)."""

    name: str
    version: str
    build: str


class Machine(Struct, frozen=True, kw_only=True, order=True, omit_defaults=True):
    """Where an environment was read; no part of what it is."""

    driver: str | None = None
    """Version of the GPU's driver."""
    image: str | None = None
    """Name of the container's image."""


class Environment(Struct, frozen=True, kw_only=True):
    """What is installed in a prefix. Its path and when it was read are not part of it."""

    digest: str
    """sha256 (hex) of the canonical content: all but ``digest``, ``name``, ``virtual_packages``,
    ``machine`` and ``findings``."""
    name: str
    """A plain word, never a path."""
    kind: Kind
    platform: str
    """conda's name of the platform, such as ``linux-64``."""
    python: str | None
    channels: tuple[str, ...] = ()
    """Those that supplied a package, highest priority first."""
    conda: tuple[CondaPackage, ...] = ()
    """By name."""
    pypi: tuple[PypiPackage, ...] = ()
    """By name."""
    variables: dict[str, str] = {}
    """Set on activation (``conda-meta/state``), by name; secret ones left out."""
    pins: tuple[str, ...] = ()
    """Lines of ``conda-meta/pinned``."""
    indexes: PipIndexes = PipIndexes()
    virtual_packages: tuple[VirtualPackage, ...] = ()
    """By name."""
    machine: Machine = Machine()
    findings: tuple[Finding, ...] = ()


class Snapshot(Struct, frozen=True, kw_only=True):
    """An environment kept, without its packages: a row of the history."""

    id: str
    taken_at: datetime
    reason: Reason
    digest: str
    name: str
    kind: Kind
    prefix: str | None
    python: str | None
    conda_count: int
    pypi_count: int
    kernel_id: str | None = None
    kernel_name: str | None = None
    notebook: str | None = None
    """Server path of the notebook or console."""
    note: str | None = None
    how: How | None = None


class Candidate(Struct, frozen=True, kw_only=True):
    """A prefix that one source names."""

    prefix: Prefix
    how: How
    confidence: Confidence


class KernelFacts(Struct, frozen=True, kw_only=True):
    """What is known of a kernel without asking it: the input of :func:`core.prefix.resolve`."""

    kernel_id: str
    kernel_name: str
    display_name: str
    state: str
    """As jupyter_client names it: starting, idle, busy, dead, unknown, …"""
    notebooks: tuple[str, ...] = ()
    """Server paths of the sessions on this kernel: notebooks first, in the order of opening."""
    remote: bool = False
    """Behind a gateway or a provisioner that is not local."""
    candidates: tuple[Candidate, ...] = ()
    """Prefixes in the order of trust, best first."""
    pid: int | None = None
    """The process that listens on the shell port, or the launched one while nothing listens."""
    launched_pid: int | None = None
    """The process that the server started: another one means that the kernel was restarted."""
    listening: bool = False
