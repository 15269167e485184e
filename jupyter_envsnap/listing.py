"""The history as a list: a page of it, and what changed from row to row."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from time import monotonic

from msgspec import structs

from jupyter_envsnap.core.diff import diff
from jupyter_envsnap.core.errors import HistoryError
from jupyter_envsnap.core.listing import SnapshotChange, change_of, listed
from jupyter_envsnap.core.model import Environment, Snapshot
from jupyter_envsnap.core.ports import Earlier, History, Journal
from jupyter_envsnap.core.wire import SnapshotPage, SnapshotQuery

COMPARING_S = 1.0
"""How long a page waits for what changed; the rows that are not compared by then say nothing."""
AT_ONCE = 10
"""So many pairs are read and compared at a time: others who ask come in between."""
REMEMBERED = 5_000
"""So many pairs of environments; what changed between two never becomes another."""
AGAIN_S = 60.0
"""So long a pair counts as damaged: who keeps an environment again makes it whole."""

_Pair = tuple[str, str]
"""The digests before and after."""


class Listing:
    """Pages of the history."""

    def __init__(self, *, history: History, journal: Journal) -> None:
        self._history = history
        self._journal = journal
        self._known: OrderedDict[_Pair, SnapshotChange] = OrderedDict()
        self._damaged: dict[_Pair, float] = {}
        """When they could not be compared."""
        self._comparing = asyncio.Lock()

    async def page(self, query: SnapshotQuery) -> SnapshotPage:
        """The rows, newest first, each with what changed since the one before it in time."""
        # One more than asked for says whether there is another page.
        rows = await self._history.page(structs.replace(query, limit=query.limit + 1))
        shown = rows[: query.limit]
        kept = await self._history.extent(query) if query.before is None else None
        changes = await self._changes(shown)
        return SnapshotPage(
            snapshots=tuple(listed(each, changes.get(each.id)) for each in shown),
            next=shown[-1].id if len(rows) > len(shown) else None,
            kept=kept,
            findings=(*await self._history.findings(), *self._journal.findings()),
        )

    async def _changes(self, shown: Sequence[Snapshot]) -> Mapping[str, SnapshotChange]:
        """By id, as far as they are known in time."""
        until = monotonic() + COMPARING_S
        earlier = await self._history.earlier([each.id for each in shown])
        pairs = {
            (before.digest, each.digest): None
            for each in shown
            if (before := earlier.get(each.id)) and before.digest != each.digest
        }
        await self._compare(pairs, until)
        found = ((each.id, self._change(each, earlier.get(each.id))) for each in shown)
        return {snapshot_id: change for snapshot_id, change in found if change is not None}

    def _change(self, snapshot: Snapshot, before: Earlier | None) -> SnapshotChange | None:
        if before is None:
            return SnapshotChange(since=None, first=None, more=0)
        if before.digest == snapshot.digest:
            return SnapshotChange(since=before.id, first=None, more=0)
        known = self._known.get((before.digest, snapshot.digest))
        return known and structs.replace(known, since=before.id)

    async def _compare(self, pairs: Iterable[_Pair], until: float) -> None:
        # Whoever asks for the same page meanwhile finds it done.
        async with self._comparing:
            self._forget_damage()
            unknown = [
                pair for pair in pairs if pair not in self._known and pair not in self._damaged
            ]
            for start in range(0, len(unknown), AT_ONCE):
                if monotonic() > until:
                    return
                some = unknown[start : start + AT_ONCE]
                try:
                    kept = await self._history.contents({each for pair in some for each in pair})
                except HistoryError:
                    return  # a list without it is better than none
                # Thousands of packages would hold the event loop.
                compared = await asyncio.to_thread(_compared, some, kept)
                self._remember(compared)
                self._damaged.update((pair, monotonic()) for pair in some if pair not in compared)

    def _forget_damage(self) -> None:
        since = monotonic() - AGAIN_S
        self._damaged = {pair: at for pair, at in self._damaged.items() if at > since}

    def _remember(self, changes: Mapping[_Pair, SnapshotChange]) -> None:
        self._known.update(changes)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def _compared(
    pairs: Iterable[_Pair], kept: Mapping[str, Environment]
) -> dict[_Pair, SnapshotChange]:
    """One that was deleted meanwhile is compared with nothing."""
    return {
        (before, after): change_of(diff(kept[before], kept[after]), since="")
        for before, after in pairs
        if before in kept and after in kept
    }
