"""Put many snapshots into a history, as a server would: ``HISTORY PREFIX NOTEBOOK COUNT``.

Of ten, three changed something, one was asked for, and the rest happened; the newest is an hour
old.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

from msgspec.structs import replace

from jupyter_envsnap.adapters.history import SqliteHistory
from jupyter_envsnap.core.model import CondaPackage, Environment, Reason, Snapshot
from jupyter_envsnap.core.ports import Sourced
from jupyter_envsnap.core.snapshots import snapshot_of

APART = timedelta(hours=3)
REASONS = (
    Reason.MANUAL,
    Reason.CHANGED,
    Reason.CHANGED,
    Reason.KERNEL_RESTART,
    Reason.KERNEL_RESTART,
    Reason.KERNEL_SHUTDOWN,
    Reason.KERNEL_DIED,
    Reason.SERVER_STOP,
    Reason.RECOVERED,
    Reason.CLI,
)


def main(history: str, prefix: str, notebook: str, count: int) -> None:
    asyncio.run(_fill(SqliteHistory(Path(history)), list(_rows(prefix, notebook, count))))


def _rows(prefix: str, notebook: str, count: int) -> Iterator[tuple[Snapshot, Environment]]:
    newest = datetime.now(timezone.utc) - timedelta(hours=1)
    version = 0
    for number in range(count):
        reason = REASONS[number % len(REASONS)]
        version += reason in {Reason.CHANGED, Reason.CLI}
        environment = _environment(version)
        taken_at = newest - (count - 1 - number) * APART
        sourced = Sourced(environment=environment, prefix=prefix, how=None, notebook=notebook)
        note = f"Number {number}" if reason is Reason.MANUAL else None
        yield (
            snapshot_of(sourced, reason, taken_at=taken_at, token=f"{number:018}", note=note),
            environment,
        )


def _environment(version: int) -> Environment:
    """A release of numpy, and of what comes with it."""
    names = ("numpy", "libblas", "libcblas", "liblapack")
    return Environment(
        digest=f"made-{version}",
        name="climate",
        kind="conda",
        platform="linux-64",
        python="3.12.7",
        channels=("conda-forge",),
        conda=tuple(
            replace(_package(name, f"1.{version}.0"), requested=("numpy",) if not index else ())
            for index, name in enumerate(names)
        ),
    )


def _package(name: str, version: str) -> CondaPackage:
    return CondaPackage(
        name=name, version=version, build="0", channel="conda-forge", subdir="linux-64"
    )


async def _fill(history: SqliteHistory, rows: list[tuple[Snapshot, Environment]]) -> None:
    await history.add_all(rows)
    await history.close()


if __name__ == "__main__":
    main(*sys.argv[1:4], int(sys.argv[4]))
