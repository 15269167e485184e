"""``jupyter envsnap show``: an environment of the history as a document or as JSON."""

from __future__ import annotations

import asyncio

import msgspec

from jupyter_envsnap.adapters.history import SqliteHistory
from jupyter_envsnap.cli import output
from jupyter_envsnap.cli.arguments import Show
from jupyter_envsnap.cli.installed import open_history
from jupyter_envsnap.cli.status import DONE
from jupyter_envsnap.cli.wiring import writing
from jupyter_envsnap.core.errors import SnapshotAmbiguous, SnapshotNotFound
from jupyter_envsnap.core.ports import Sourced
from jupyter_envsnap.core.wire import SnapshotDetail, SnapshotQuery

_LATEST = "latest"
_PAGE = 500


def run(asked: Show) -> int:
    """Write it, tell its findings; the exit status.

    Raises:
        EnvSnapError, BrokenPipeError

    """
    detail = asyncio.run(_found(asked.id))
    if asked.json:
        text = msgspec.json.format(msgspec.json.encode(detail), indent=2).decode() + "\n"
        findings = detail.environment.findings
    else:
        kept = detail.snapshot
        sourced = Sourced(environment=detail.environment, prefix=kept.prefix, how=kept.how)
        document = asyncio.run(writing().document(sourced, asked.query))
        text, findings = document.text, document.findings
    for finding in findings:
        output.say(output.told(finding))
    output.write(text, asked.output)
    if asked.output not in {None, "-"}:
        output.say(f"wrote {asked.output}: as of {detail.snapshot.taken_at.astimezone():%c}")
    return DONE


async def _found(name: str) -> SnapshotDetail:
    async with open_history() as history:
        snapshot_id = await _id(history, name)
        snapshot, environment = await history.get(snapshot_id)
    return SnapshotDetail(snapshot=snapshot, environment=environment)


async def _id(history: SqliteHistory, name: str) -> str:
    """The one id that begins so."""
    found: list[str] = []
    before = None
    while page := await history.page(SnapshotQuery(before=before, limit=_PAGE)):
        if name == _LATEST:
            return page[0].id
        found += [each.id for each in page if each.id.startswith(name)]
        if name in found:
            return name
        before = page[-1].id
    if len(found) > 1:
        raise SnapshotAmbiguous(
            f"{len(found)} snapshots begin with {name}. Write more of the id.", snapshot=name
        )
    if not found:
        raise SnapshotNotFound(f"There is no snapshot {name}.", snapshot=name)
    return found[0]
