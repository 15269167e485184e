"""``jupyter envsnap history``: what was kept, newest first."""

from __future__ import annotations

import asyncio
import os

import msgspec

from jupyter_envsnap.cli import output
from jupyter_envsnap.cli.arguments import History
from jupyter_envsnap.cli.installed import open_history
from jupyter_envsnap.cli.status import DONE
from jupyter_envsnap.core.change_words import columns, plain
from jupyter_envsnap.core.errors import BadRequest
from jupyter_envsnap.core.listing import listed
from jupyter_envsnap.core.model import Finding, Reason, Snapshot
from jupyter_envsnap.core.wire import SnapshotPage, SnapshotQuery

SHORT_ID = 18
"""The time to the microsecond and four digits more."""
_WORDS = {
    Reason.MANUAL: "snapshot by you",
    Reason.KERNEL_START: "kernel started",
    Reason.CHANGED: "packages changed",
    Reason.KERNEL_SHUTDOWN: "kernel shut down",
    Reason.KERNEL_RESTART: "kernel restarted",
    Reason.KERNEL_DIED: "kernel died",
    Reason.SERVER_STOP: "server stopped",
    Reason.RECOVERED: "recovered after a crash",
    Reason.CLI: "from the command line",
    Reason.SAVED: "saved",
}


def run(asked: History) -> int:
    """Print the rows; the exit status.

    Raises:
        EnvSnapError, BrokenPipeError

    """
    page, findings = asyncio.run(_page(_query(asked)))
    for finding in findings:
        output.say(output.told(finding))
    if asked.json:
        reply = SnapshotPage(snapshots=tuple(map(listed, page)), next=None, findings=findings)
        output.write(
            msgspec.json.format(msgspec.json.encode(reply), indent=2).decode() + "\n", None
        )
        return DONE
    if not page:
        output.say("nothing was kept")
    output.write(_table([_row(each) for each in page]), None)
    return DONE


async def _page(query: SnapshotQuery) -> tuple[tuple[Snapshot, ...], tuple[Finding, ...]]:
    async with open_history() as history:
        return await history.page(query), await history.findings()


def _query(asked: History) -> SnapshotQuery:
    reasons = {reason.value: reason for reason in Reason}
    if asked.reason not in {None, *reasons}:
        raise BadRequest(
            f"There is no reason {asked.reason}. There are: {', '.join(reasons)}.", field="reason"
        )
    return SnapshotQuery(
        notebook=asked.notebook,
        prefix=os.path.abspath(asked.prefix) if asked.prefix else None,  # noqa: PTH100 - no links
        package=asked.package,
        version=asked.version,
        reason=(reasons[asked.reason],) if asked.reason else (),
        limit=asked.limit,
    )


def _row(snapshot: Snapshot) -> tuple[str, ...]:
    return (
        snapshot.id[:SHORT_ID],
        f"{snapshot.taken_at.astimezone():%Y-%m-%d %H:%M}",
        _WORDS[snapshot.reason],
        plain(snapshot.name),
        f"{snapshot.conda_count + snapshot.pypi_count} packages",
        plain(snapshot.notebook or ""),
        plain(snapshot.note or ""),
    )


def _table(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(
            cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True)
        )
        for row in rows
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)
