"""Bringing the ends of kernels into the history, now or when it takes them again."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from msgspec.structs import replace

from jupyter_envsnap.core.errors import EnvSnapError, HistoryError
from jupyter_envsnap.core.lives import Ending, Life
from jupyter_envsnap.core.model import Environment, Reason, Snapshot
from jupyter_envsnap.core.ports import (
    Clock,
    Environments,
    History,
    Journal,
    Sourced,
    Told,
)
from jupyter_envsnap.core.snapshots import snapshot_of
from jupyter_envsnap.core.wire import SnapshotQuery
from jupyter_envsnap.following import Following
from jupyter_envsnap.preferences import Preferences
from jupyter_envsnap.watching import PrefixWatch

_log = logging.getLogger(__name__)

CRASH_LOOP_S = 15.0
"""A kernel that dies again so soon in the same environment tells nothing new."""
STOP_READ_S = 0.5
STOP_WRITE_S = 1.0
"""The server waits for all of this when it stops."""


class Ends:
    """Journal first, then history, then the journal forgets: nothing is lost in between."""

    def __init__(
        self,
        *,
        watch: PrefixWatch,
        environments: Environments,
        journal: Journal,
        history: History,
        preferences: Preferences,
        following: Following,
        told: Told,
        clock: Clock,
        seconds: Callable[[], float],
    ) -> None:
        self._watch = watch
        self._environments = environments
        self._journal = journal
        self._history = history
        self._preferences = preferences
        self._following = following
        self._told = told
        self._clock = clock
        self._seconds = seconds
        self._crashed: dict[str, tuple[str, float]] = {}
        """By kernel, the environment and the time of its last death."""
        self._owed: dict[str, tuple[Life, Environment]] = {}
        """By life, what the history did not take."""

    async def conclude(self, life: Life) -> None:
        """Record an end that was just seen."""
        if self._is_off:
            await self._journal.remove(life.id)
            return
        await self._journal.write(life)
        environment = await self._watch.settled(life.prefix) if life.prefix else None
        if environment is None and life.prefix is not None:
            return  # its disk does not answer: the next start looks once more
        if environment is None or self._is_crash_loop(life, environment):
            await self._journal.remove(life.id)
        else:
            await self._record(await self._noted(life, environment), environment)

    async def conclude_all(self, lives: list[Life]) -> None:
        """Record the ends of all that lives, as its server ends; takes 2.5 seconds at most."""
        if self._is_off:
            await _within(STOP_WRITE_S, _all(self._journal.remove(life.id) for life in lives))
            return
        # First of all: from here on the next start knows what is missing.
        owed = tuple(self._owed.values())
        writes = [self._journal.write(life) for life in lives]
        writes += [self._journal.write(life, environment) for life, environment in owed]
        await _within(STOP_WRITE_S, _all(writes))
        await _within(STOP_READ_S + STOP_WRITE_S, self._record_all(lives, owed))

    def forget(self, kernel_id: str) -> None:
        """It left the server."""
        self._crashed.pop(kernel_id, None)

    async def keep_start(self, life: Life, now: Environment) -> None:
        """Keep what a kernel found, where it is not how the last one left it."""
        if self._keeps_changes and not await self._is_kept(life, now):
            await self._keep(life, now, Reason.KERNEL_START)

    async def keep_change(self, life: Life, now: Environment) -> None:
        """Keep what was installed while kernels ran, unless a person was faster."""
        if self._keeps_changes and not await self._is_kept(life, now):
            await self._keep(life, now, Reason.CHANGED)

    async def take_up(self) -> None:
        """What the history did not take, and what other servers left behind."""
        for life, environment in tuple(self._owed.values()):
            await self._record(life, environment)
        for life in await self._journal.orphans():
            await self._recover(life)

    async def prune(self) -> None:
        """Forget what is older or more than is to be kept."""
        try:
            await self._history.prune(self._preferences.retention, self._clock())
        except HistoryError as error:
            _log.info("Old snapshots stay for now: %s", error)

    @property
    def _is_off(self) -> bool:
        return self._preferences.settings.on_shutdown == "off"

    @property
    def _keeps_changes(self) -> bool:
        return self._preferences.settings.on_change == "history"

    async def _is_kept(self, life: Life, now: Environment) -> bool:
        """Whether the newest snapshot of its environment has it as it is."""
        if life.prefix is None:
            return True
        try:
            last = await self._history.page(SnapshotQuery(prefix=life.prefix.path, limit=1))
        except HistoryError:
            return False
        return bool(last) and last[0].digest == now.digest

    async def _record_all(
        self, lives: list[Life], owed: tuple[tuple[Life, Environment], ...]
    ) -> None:
        environments = await asyncio.gather(*map(self._at_the_end, lives))
        ended = list(owed)
        for life, environment in zip(lives, environments, strict=True):
            if environment is not None:
                ended.append((await self._noted(life, environment), environment))
            elif life.prefix is None:
                await self._journal.remove(life.id)
        with suppress(HistoryError):  # the journal has them
            await self._history.add_all([(_row(*each), each[1]) for each in ended])
            for life, environment in ended:
                await self._put_away(life, environment)

    async def _noted(self, life: Life, environment: Environment) -> Life:
        """With what was there at the end, which the journal has from here on."""
        if life.digest == environment.digest:
            return life
        life = replace(life, digest=environment.digest)
        await self._journal.write(life, environment)
        return life

    async def _put_away(self, life: Life, environment: Environment) -> None:
        """The last that an end asks for; where it is not reached, the next start goes on here."""
        if self._preferences.settings.on_shutdown == "file":
            await self._following.update_file(life, _sourced(life, environment))
        await self._journal.remove(life.id)

    async def _at_the_end(self, life: Life) -> Environment | None:
        if life.prefix is None:
            return None
        try:
            return await asyncio.wait_for(self._watch.settled(life.prefix), STOP_READ_S)
        except asyncio.TimeoutError:
            return self._watch.last(life.prefix)

    def _is_crash_loop(self, life: Life, environment: Environment) -> bool:
        """Whether it died so soon after it died before, and nothing else happened in between."""
        before = self._crashed.pop(life.kernel_id, None)
        if life.ending is None or life.ending.reason is not Reason.KERNEL_DIED:
            return False
        now = self._seconds()
        self._crashed[life.kernel_id] = environment.digest, now
        return (
            before is not None
            and before[0] == environment.digest
            and now - before[1] < CRASH_LOOP_S
        )

    async def _record(self, life: Life, environment: Environment) -> None:
        row = _row(life, environment)
        try:
            await self._history.add(row, environment)
        except HistoryError as error:
            _log.warning("The end of kernel %s is in the journal: %s", life.kernel_id, error)
            self._owed[life.id] = life, environment
            return
        self._owed.pop(life.id, None)
        self._told.snapshot_taken(row)
        await self._put_away(life, environment)

    async def _keep(self, life: Life, now: Environment, reason: Reason) -> None:
        sourced = _sourced(life, now)
        row = snapshot_of(sourced, reason, taken_at=self._clock(), token=secrets.token_hex(9))
        try:
            await self._history.add(row, now)
        except HistoryError as error:
            _log.warning("A change is not in the history: %s", error)
            return
        self._told.snapshot_taken(row)

    async def _recover(self, life: Life) -> None:
        """The end of a kernel whose server ended without a word, or before all was written."""
        if life.ending is None:
            at = life.last_seen or life.started_at
            life = replace(life, ending=Ending(reason=Reason.RECOVERED, at=at))
            await self._journal.write(life)
        environment = await self._journal.environment(life.digest) if life.digest else None
        if environment is None and life.prefix is not None:
            # It ended before anything was captured: what is there now is the best there is.
            with suppress(EnvSnapError):
                environment = await self._environments.read(life.prefix)
        if environment is None or self._is_off:
            await self._journal.remove(life.id)
        else:
            await self._record(await self._noted(life, environment), environment)


def _sourced(life: Life, environment: Environment) -> Sourced:
    return Sourced(
        environment=environment,
        prefix=life.prefix.path if life.prefix else None,
        how=life.how,
        kernel_id=life.kernel_id or None,
        kernel_name=life.kernel_name or None,
        notebook=life.notebook,
        place=life.prefix,
    )


def _row(life: Life, environment: Environment) -> Snapshot:
    """Always the same for the same end: what is recorded twice is there once."""
    ending = life.ending or Ending(reason=Reason.RECOVERED, at=life.started_at)
    return snapshot_of(
        _sourced(life, environment), ending.reason, taken_at=ending.at, token=life.id
    )


async def _all(works: Any) -> None:
    await asyncio.gather(*works)


async def _within(limit_s: float, work: Awaitable[None]) -> None:
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(work, limit_s)
