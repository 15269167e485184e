"""``jupyter envsnap snapshot``: an environment into the history."""

from __future__ import annotations

import asyncio
import secrets
from datetime import datetime, timezone

import msgspec

from jupyter_envsnap.cli import output, targets
from jupyter_envsnap.cli.arguments import Snapshot
from jupyter_envsnap.cli.installed import open_history
from jupyter_envsnap.cli.status import DONE
from jupyter_envsnap.core.model import Reason
from jupyter_envsnap.core.ports import Sourced
from jupyter_envsnap.core.snapshots import snapshot_of
from jupyter_envsnap.core.wire import SnapshotQuery, SnapshotTaken


def run(asked: Snapshot) -> int:
    """Keep it and say so; the exit status.

    Raises:
        EnvSnapError, BrokenPipeError

    """
    taken = asyncio.run(_take(targets.sourced(asked), asked.note))
    for finding in taken.findings:
        output.say(output.told(finding))
    kept = taken.snapshot
    if asked.json:
        output.write(
            msgspec.json.format(msgspec.json.encode(taken), indent=2).decode() + "\n", None
        )
    else:
        output.write(f"{kept.id}\n", None)
    counts = f"{kept.conda_count} conda, {kept.pypi_count} PyPI packages"
    before = taken.unchanged_since
    same = f", unchanged since {before.taken_at.astimezone():%Y-%m-%d %H:%M}" if before else ""
    output.say(f"kept {kept.name}: {counts}{same}")
    return DONE


async def _take(sourced: Sourced, note: str | None) -> SnapshotTaken:
    now = datetime.now(timezone.utc)
    row = snapshot_of(sourced, Reason.CLI, taken_at=now, token=secrets.token_hex(9), note=note)
    async with open_history(make=True) as history:
        last = await history.page(SnapshotQuery(prefix=sourced.prefix, limit=1))
        await history.add(row, sourced.environment)
    return SnapshotTaken(
        snapshot=row,
        unchanged_since=next((each for each in last if each.digest == row.digest), None),
        findings=(*sourced.findings, *sourced.environment.findings),
    )
