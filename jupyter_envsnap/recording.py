"""What is done without being asked: every kernel's end comes into the history, however it ends."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from jupyter_envsnap.core.errors import EnvSnapError
from jupyter_envsnap.core.lives import Ending, Life, Pulse
from jupyter_envsnap.core.model import Environment, Prefix, Reason
from jupyter_envsnap.core.ports import Clock, Journal, Locations, Pulses
from jupyter_envsnap.core.prefix import choose
from jupyter_envsnap.ends import STOP_READ_S, Ends
from jupyter_envsnap.following import Following
from jupyter_envsnap.preferences import Preferences
from jupyter_envsnap.watching import PrefixWatch

_log = logging.getLogger(__name__)

TICK_S = 1.0
"""Managers of other makes emit no events, and no event tells of a death without a restart."""
LOOK_TICKS = 2
BEAT_TICKS = 5
NOTEBOOK_TICKS = 5
CHORE_TICKS = 30
"""How often what other servers left behind is taken up, and what is owed is tried again."""
PRUNE_TICKS = 3600
DEAD_TICKS = 2
"""A process that is gone for that long, and that nobody is ending, has died."""
SETTLE_S = (0.02, 0.05, 0.1, 0.2, 0.4)
YOUNG_TICKS = 15
"""A notebook's session comes after its kernel has started."""


@dataclass
class _Alive:
    """A kernel's process, watched."""

    life: Life
    pid: int | None
    begun: float
    dead_ticks: int = 0
    settling: asyncio.Task[None] | None = None
    """Finds out where it is and for which notebook, right after the start."""
    found_dead: bool = False
    """Seen dead, or told so by its restarter: what follows is no restart that somebody wanted."""


class Recorder:
    """Watches the server's kernels from start to end."""

    def __init__(
        self,
        *,
        pulses: Pulses,
        locations: Locations,
        watch: PrefixWatch,
        ends: Ends,
        journal: Journal,
        preferences: Preferences,
        following: Following,
        clock: Clock,
        seconds: Callable[[], float],
    ) -> None:
        self._pulses = pulses
        self._locations = locations
        self._watch = watch
        self._ends = ends
        watch.captured, watch.changing = self.captured, self.changing
        self._journal = journal
        self._preferences = preferences
        self._following = following
        self._clock = clock
        self._seconds = seconds
        self._alive: dict[str, _Alive] = {}
        self._over: dict[str, int | None] = {}
        """By kernel, the process whose end is known."""
        self._heard: set[str] = set()
        """Kernels whose restarter was asked to tell."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._ticking: asyncio.Task[None] | None = None
        self._notebooks_until = 0.0
        self._records = True
        self._stopped = False

    # What the server tells.

    def start(self) -> None:
        """Begin to watch, on the running loop."""
        if self._ticking is None and not self._stopped:
            self._ticking = asyncio.get_running_loop().create_task(self._tick_for_ever())

    def kernel_acted(self, kernel_id: str, action: str) -> None:
        """An event of the server's: sooner than the next look, and by its name surer."""
        if self._stopped:
            return
        alive = self._alive.get(kernel_id)
        if action == "shutdown" and alive is not None:
            self._end(kernel_id, alive, Reason.KERNEL_SHUTDOWN)
        elif action in {"start", "restart"}:
            self._spawn(self._look_at(kernel_id))

    def sessions_changed(self) -> None:
        """A notebook was renamed: its session follows at once or soon."""
        self._notebooks_until = self._seconds() + 3 * TICK_S

    async def stop(self) -> None:
        """The server ends, and its kernels with it; this takes two seconds at most."""
        self._stopped = True
        ticking, self._ticking = self._ticking, None
        if ticking is not None:
            ticking.cancel()
            await asyncio.wait({ticking})
        ending = Ending(reason=Reason.SERVER_STOP, at=self._clock())
        lives = [replace(alive.life, ending=ending) for alive in self._alive.values()]
        self._alive.clear()
        under_way = tuple(self._tasks)
        if under_way:
            await asyncio.wait(under_way, timeout=STOP_READ_S)
        await self._ends.conclude_all(lives)
        for task in tuple(self._tasks):
            task.cancel()
        await self._watch.stop()

    # What the watch tells.

    def captured(self, prefix: Prefix, before: Environment | None, now: Environment) -> None:
        """An environment was read, for the first time or because something was installed."""
        here = [alive for alive in self._alive.values() if alive.life.prefix == prefix]
        for alive in here:
            self._take(alive, now)
        if before is None:
            self._spawn(self._record_start(here, now))
        else:
            self._spawn(self._record_change(here, before, now))

    def changing(self, prefix: Prefix, installer: str | None) -> None:
        """An installer began or ended."""
        for alive in self._alive.values():
            if alive.life.prefix == prefix:
                self._following.changing(alive.life.kernel_id, installer)

    # Looking.

    async def _tick_for_ever(self) -> None:
        await self._preferences.load()
        tick = 0
        while True:
            try:
                await self._tick(tick)
            except Exception:  # noqa: BLE001 - logged with its traceback
                # One kernel that cannot be looked at must not end the watch over the others.
                _log.exception("Kernels were not looked at.")
            tick += 1
            await asyncio.sleep(TICK_S)

    async def _tick(self, tick: int) -> None:
        self._heed_preferences()
        ids = self._pulses.ids()
        for kernel_id in self._alive.keys() - set(ids):
            alive = self._alive[kernel_id]
            reason = Reason.KERNEL_DIED if alive.found_dead else Reason.KERNEL_SHUTDOWN
            self._end(kernel_id, alive, reason)
        for kernel_id in self._over.keys() - set(ids):
            del self._over[kernel_id]
            self._ends.forget(kernel_id)
            self._heard.discard(kernel_id)
        for kernel_id in ids:
            await self._look_at(kernel_id)
        if tick % LOOK_TICKS == 0:
            self._watch.look()
        if tick % BEAT_TICKS == 0:
            await self._journal.beat()
        if tick % NOTEBOOK_TICKS == 0 or self._awaits_notebooks():
            await self._take_notebooks()
        if tick % BEAT_TICKS == 0:
            self._spawn(self._following.look())
        if tick % CHORE_TICKS == 0:
            self._spawn(self._ends.take_up())
        if tick % PRUNE_TICKS == CHORE_TICKS:
            self._spawn(self._ends.prune())

    def _heed_preferences(self) -> None:
        """Ends that are to be recorded from now on: the journal knows of no life yet."""
        was, self._records = self._records, self._preferences.settings.on_shutdown != "off"
        if self._records and not was:
            for alive in self._alive.values():
                prefix = alive.life.prefix
                self._keep(alive, self._watch.last(prefix) if prefix else None)

    async def _look_at(self, kernel_id: str) -> None:
        pulse = await self._pulses.pulse(kernel_id)
        if pulse is None:
            return
        alive = self._alive.get(kernel_id)
        if alive is not None:
            self._compare(kernel_id, alive, pulse)
        elif pulse.launched_pid not in {None, self._over.get(kernel_id)}:
            self._begin(kernel_id, pulse)
        if (alive := self._alive.get(kernel_id)) is not None:
            self._locate(alive)

    def _compare(self, kernel_id: str, alive: _Alive, pulse: Pulse) -> None:
        if pulse.launched_pid not in {None, alive.pid}:
            reason = Reason.KERNEL_DIED if alive.found_dead else Reason.KERNEL_RESTART
            self._end(kernel_id, alive, reason)
            self._begin(kernel_id, pulse)
        elif pulse.alive or pulse.shutting_down:
            alive.dead_ticks = 0
        else:
            alive.found_dead = True
            alive.dead_ticks += 1
            if alive.dead_ticks >= DEAD_TICKS:
                self._end(kernel_id, alive, Reason.KERNEL_DIED)

    def _begin(self, kernel_id: str, pulse: Pulse) -> None:
        """Also of a process that was faster than any look: its kernelspec says where it was."""
        if pulse.shutting_down and not pulse.alive:
            return
        location = self._locations.known(kernel_id)
        life = Life(
            id=secrets.token_hex(9),
            kernel_id=kernel_id,
            kernel_name=location.facts.kernel_name if location else "",
            started_at=self._clock(),
        )
        self._following.begins(kernel_id)
        alive = _Alive(life, pulse.launched_pid, self._seconds(), found_dead=not pulse.alive)
        alive.settling = self._spawn(self._settle(alive))
        self._alive[kernel_id] = alive
        if kernel_id not in self._heard:
            self._heard.add(kernel_id)
            self._pulses.on_death(kernel_id, lambda: self._found_dead(kernel_id))

    async def _settle(self, alive: _Alive) -> None:
        """Whoever ends a kernel at once leaves no time for the next look."""
        for wait_s in SETTLE_S:
            with suppress(EnvSnapError):
                await self._locations.locate(alive.life.kernel_id)
            self._locate(alive)
            if alive.life.notebook is None:
                await self._take_notebooks()
            if alive.life.prefix is not None and alive.life.notebook is not None:
                return
            await asyncio.sleep(wait_s)

    def _found_dead(self, kernel_id: str) -> None:
        if (alive := self._alive.get(kernel_id)) is not None:
            alive.found_dead = True

    def _locate(self, alive: _Alive) -> None:
        """Take up where the kernel is, as soon as that is known and whenever it is another."""
        location = self._locations.known(alive.life.kernel_id)
        candidate = choose(location.facts) if location else None
        if location is None or candidate is None or candidate.prefix == alive.life.prefix:
            return
        kernel_id = alive.life.kernel_id
        if alive.life.prefix is not None:
            self._watch.leave(alive.life.prefix, kernel_id)
        environment = self._watch.join(candidate.prefix, kernel_id)
        self._keep(
            alive,
            environment,
            prefix=candidate.prefix,
            how=candidate.how,
            kernel_name=location.facts.kernel_name,
            digest=environment.digest if environment else None,
            start_digest=None,
        )
        if environment is not None:
            self._spawn(self._take_start(alive, candidate.prefix))

    async def _take_start(self, alive: _Alive, prefix: Prefix) -> None:
        """What was captured may be a moment old: a restart often follows right upon an install."""
        environment = await self._watch.settled(prefix)
        life = alive.life
        if environment and life.prefix == prefix and life.start_digest is None:
            self._take(alive, environment)
        await self._following.refresh(life.kernel_id)

    def _awaits_notebooks(self) -> bool:
        now = self._seconds()
        return now < self._notebooks_until or any(
            alive.life.notebook is None and now - alive.begun < YOUNG_TICKS * TICK_S
            for alive in self._alive.values()
        )

    async def _take_notebooks(self) -> None:
        notebooks = await self._pulses.notebooks()
        for kernel_id, alive in self._alive.items():
            found = notebooks.get(kernel_id)
            if found and found[0] != alive.life.notebook:
                self._keep(alive, notebook=found[0])
                self._spawn(self._take_file(alive))

    async def _take_file(self, alive: _Alive) -> None:
        file = await self._following.file_of(alive.life)
        if file is not None:
            self._keep(alive, file=file.path, file_digest=file.digest)

    def file_saved(self, path: str, digest: str | None) -> None:
        """The user saved it: what it says now is what the user wants."""
        for alive in self._alive.values():
            if alive.life.file == path:
                self._keep(alive, file_digest=digest)
        self._spawn(self._following.look(saved=path))

    # Ends.

    def _end(self, kernel_id: str, alive: _Alive, reason: Reason) -> None:
        del self._alive[kernel_id]
        self._over[kernel_id] = alive.pid
        ending = Ending(reason=reason, at=self._clock())
        self._spawn(self._conclude(alive, ending))

    async def _conclude(self, alive: _Alive, ending: Ending) -> None:
        if alive.settling is not None:
            await asyncio.wait({alive.settling})
        life = replace(alive.life, ending=ending)
        await self._ends.conclude(life)
        if life.prefix is not None and life.kernel_id not in self._alive:
            self._watch.leave(life.prefix, life.kernel_id)
        if life.kernel_id not in self._alive:
            self._following.ended(life.kernel_id)

    async def _record_start(self, here: list[_Alive], now: Environment) -> None:
        if here:
            await self._ends.keep_start(_one_of(here), now)
        await asyncio.gather(*(self._following.refresh(each.life.kernel_id) for each in here))

    async def _record_change(
        self, here: list[_Alive], before: Environment, now: Environment
    ) -> None:
        if here:
            await self._ends.keep_change(_one_of(here), now)
        for alive in here:
            await self._following.refresh(alive.life.kernel_id, before=before, now=now)

    def _take(self, alive: _Alive, environment: Environment) -> None:
        """What a kernel runs in, as it is now; the first is what its process found."""
        if alive.life.start_digest is None:
            self._following.began(alive.life.kernel_id, environment)
        start_digest = alive.life.start_digest or environment.digest
        self._keep(alive, environment, digest=environment.digest, start_digest=start_digest)

    def _keep(self, alive: _Alive, environment: Environment | None = None, **known: Any) -> None:
        """Something more is known of a life; the journal knows it too, while ends are recorded."""
        alive.life = replace(alive.life, **known)
        if self._alive.get(alive.life.kernel_id) is not alive:
            return  # it has ended meanwhile
        if alive.life.prefix is not None and self._preferences.settings.on_shutdown != "off":
            self._spawn(self._journal.write(alive.life, environment))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("Something was not recorded.", exc_info=error)


def _one_of(here: list[_Alive]) -> Life:
    """Of several kernels in an environment, nobody knows which it was."""
    life = here[0].life
    return life if len(here) == 1 else replace(life, kernel_id="", kernel_name="", notebook=None)
