"""Whether a running kernel's environment still is what was written down."""

from __future__ import annotations

import asyncio

from jupyter_envsnap.comparison import Comparison
from jupyter_envsnap.core.errors import EnvSnapError, HistoryError, SaveError
from jupyter_envsnap.core.loaded import Loaded
from jupyter_envsnap.core.model import Environment, Finding, Reason, Snapshot
from jupyter_envsnap.core.ports import Files, History, Sourced, Sources
from jupyter_envsnap.core.wire import (
    Against,
    DiffQuery,
    DiffReply,
    Drift,
    DriftNumbers,
    ErrorReply,
    SnapshotQuery,
)
from jupyter_envsnap.news import LatestNews

_PAGE = 50
_MOST_PAGES = 20


class DriftWatch:
    """Compares kernels with their files and snapshots, and remembers the numbers."""

    def __init__(
        self,
        *,
        sources: Sources,
        comparison: Comparison,
        files: Files,
        history: History,
        news: LatestNews,
    ) -> None:
        self._sources = sources
        self._comparison = comparison
        self._files = files
        self._history = history
        self._news = news
        self._loaded: dict[str, Loaded] = {}

    def began(self, kernel_id: str, environment: Environment) -> None:
        """What a kernel's process found when it started."""
        self._loaded[kernel_id] = Loaded(environment)

    def ended(self, kernel_id: str) -> None:
        """Its process is gone, and with it what it had loaded."""
        self._loaded.pop(kernel_id, None)

    async def of(self, kernel_id: str) -> Drift:
        """What has changed since the file and the last snapshot.

        Raises: what reading the kernel's environment raises.
        """
        sourced = await self._sources.source(f"kernel:{kernel_id}")
        (file, by_file), (snapshot, by_snapshot) = await asyncio.gather(
            self._since_file(sourced, kernel_id), self._since_snapshot(sourced, kernel_id)
        )
        numbers = DriftNumbers(file=file, snapshot=snapshot)
        findings = await self._before_change(kernel_id, sourced.environment)
        self._news.set_drift(kernel_id, numbers)
        self._news.set_findings(kernel_id, findings)
        return Drift(
            kernel_id=kernel_id,
            name=sourced.environment.name,
            numbers=numbers,
            file=by_file,
            snapshot=by_snapshot,
            findings=findings,
            changing=self._news.of(kernel_id).changing,
        )

    async def _before_change(self, kernel_id: str, now: Environment) -> tuple[Finding, ...]:
        loaded = self._loaded.get(kernel_id)
        return () if loaded is None else await asyncio.to_thread(loaded.before_change, now)

    async def _since_file(
        self, sourced: Sourced, kernel_id: str
    ) -> tuple[Against | None, DiffReply | None]:
        path = ""
        try:
            path = await self._files.environment_file(sourced.notebook)
            if (await self._files.read(path)).text is None:
                return None, None
            return await self._compared(path, f"file:{path}", kernel_id)
        except SaveError as error:
            return _unknown(path, error), None

    async def _since_snapshot(
        self, sourced: Sourced, kernel_id: str
    ) -> tuple[Against | None, DiffReply | None]:
        try:
            last = await self._last_snapshot(sourced)
            if last is None:
                return None, None
            return await self._compared(last.id, f"snapshot:{last.id}", kernel_id)
        except HistoryError as error:
            return _unknown("", error), None

    async def _compared(
        self, name: str, reference: str, kernel_id: str
    ) -> tuple[Against, DiffReply | None]:
        query = DiffQuery(before=reference, after=f"kernel:{kernel_id}")
        try:
            reply = await self._comparison.diff(query)
        except EnvSnapError as error:
            return _unknown(name, error), None
        # Another machine, or a reboot, is nothing that was installed.
        facts = sum(not fact.name.startswith("__") for fact in reply.changes.facts)
        requested = reply.requested + facts
        against = Against(
            name=name,
            same=not requested and not reply.indirect,
            requested=requested,
            indirect=reply.indirect,
        )
        return against, reply

    async def _last_snapshot(self, sourced: Sourced) -> Snapshot | None:
        """The last that tells more than that something changed."""
        before = None
        for _ in range(_MOST_PAGES):
            page = await self._history.page(
                SnapshotQuery(prefix=sourced.prefix, before=before, limit=_PAGE)
            )
            found = next((each for each in page if each.reason is not Reason.CHANGED), None)
            if found is not None or len(page) < _PAGE:
                return found
            before = page[-1].id
        return None


def _unknown(name: str, error: EnvSnapError) -> Against:
    return Against(name=name, same=False, requested=0, indirect=0, problem=ErrorReply.of(error))
