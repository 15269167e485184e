"""The row of the history that stands for an environment that was kept."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from jupyter_envsnap.core.model import Reason, Snapshot
from jupyter_envsnap.core.ports import Sourced

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)


_ID = re.compile(r"[0-9a-f]{15,}")


def is_id(text: str) -> bool:
    """Whether it is the id of a snapshot that is or was."""
    return _ID.fullmatch(text) is not None


def snapshot_of(
    sourced: Sourced, reason: Reason, *, taken_at: datetime, token: str, note: str | None = None
) -> Snapshot:
    """A row for what was read; its id sorts by time, and the same token makes the same id."""
    environment = sourced.environment
    return Snapshot(
        id=f"{max(0, (taken_at - _EPOCH) // _MICROSECOND):014x}{token}",
        taken_at=taken_at,
        reason=reason,
        digest=environment.digest,
        name=environment.name,
        kind=environment.kind,
        prefix=sourced.prefix,
        python=environment.python,
        conda_count=len(environment.conda),
        pypi_count=len(environment.pypi),
        kernel_id=sourced.kernel_id,
        kernel_name=sourced.kernel_name,
        notebook=sourced.notebook,
        note=note,
        how=sourced.how,
    )
