"""A kernel's life: from the start of its process to its end, and what is kept of it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from jupyter_envsnap.core.model import How, Prefix, Reason


class Ending(Struct, frozen=True, kw_only=True):
    """How and when a kernel's process ended."""

    reason: Reason
    at: datetime


class Life(Struct, frozen=True, kw_only=True):
    """One process of a kernel, as the journal keeps it until its end is in the history."""

    id: str
    """Of this life alone: a kernel that is restarted begins another."""
    kernel_id: str
    kernel_name: str
    started_at: datetime
    notebook: str | None = None
    """Server path of the first session on the kernel, as of the last look."""
    prefix: Prefix | None = None
    how: How | None = None
    digest: str | None = None
    """Of the environment as it was captured last; None before the first capture."""
    start_digest: str | None = None
    """The same as of the first capture: what its process found when it started."""
    file: str | None = None
    """Server path of the environment file that is to be updated at the end."""
    file_digest: str | None = None
    """sha256 (hex) of that file when it was last seen in accord with its user; None: no file."""
    ending: Ending | None = None
    """None while it lives, and where its server ended without a word."""
    last_seen: datetime | None = None
    """For a life that its server left behind: when that server was last known to run."""


class Pulse(Struct, frozen=True, kw_only=True):
    """What a kernel's manager tells at once."""

    launched_pid: int | None
    """The process that the server started; None before it started one, or where it tells none."""
    alive: bool
    """Whether that process runs, as far as can be told."""
    shutting_down: bool
    """The server is ending it, for good or to start it again."""
