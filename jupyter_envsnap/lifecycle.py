"""Where each kernel's environment is: found while the kernel lives, kept when it has died."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from itertools import chain, repeat

from msgspec.structs import replace

from jupyter_envsnap.core.errors import KernelNotFound, KernelRemote
from jupyter_envsnap.core.model import Candidate, How, KernelFacts, Prefix
from jupyter_envsnap.core.ports import Clock, Kernels, Location
from jupyter_envsnap.core.prefix import ranked

_log = logging.getLogger(__name__)

RECONCILE_S = 1.0
"""Managers of other makes emit no events, so the list of kernels is looked at this often."""
BACK_OFF_S = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Waits between looks at a kernel that does not listen yet: a wrapper may have its exec to come."""
LATE_S, LATE_LOOKS = 3.0, 40
"""Some kernels resolve an environment before they start. After these two minutes none is awaited;
an event or a request looks again."""


class KernelLocations:
    """``ports.Locations``: captures right after start, in the background."""

    def __init__(self, kernels: Kernels, clock: Clock) -> None:
        self._kernels = kernels
        self._clock = clock
        self._kept: dict[str, Location] = {}
        self._chosen: dict[str, Candidate] = {}
        self._answers: dict[str, tuple[int | None, Candidate]] = {}
        """With the process that answered: the one after a restart may be elsewhere."""
        self._looks: dict[str, asyncio.Task[Location]] = {}
        self._captures: dict[str, asyncio.Task[None]] = {}
        self._noticed: set[str] = set()
        self._reconciling: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Watch the server's kernels, on the running loop."""
        if self._reconciling is None:
            self._reconciling = asyncio.get_running_loop().create_task(self._reconcile())

    async def stop(self) -> None:
        """End what runs in the background; what was found is kept."""
        tasks = [*self._captures.values(), *self._looks.values()]
        if self._reconciling is not None:
            tasks.append(self._reconciling)
            self._reconciling = None
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def notice(self, kernel_id: str) -> None:
        """Something happened to a kernel: look at it until it listens."""
        self._noticed.add(kernel_id)
        running = self._captures.get(kernel_id)
        if running is not None and not running.done():
            return
        task = asyncio.get_running_loop().create_task(self._capture(kernel_id))
        self._captures[kernel_id] = task
        task.add_done_callback(lambda done: self._end_capture(kernel_id, done))

    def ids(self) -> tuple[str, ...]:
        """The kernels that the server has now, sorted."""
        return tuple(sorted(self._kernels.ids()))

    def known(self, kernel_id: str) -> Location | None:
        """As of the last look, without another one."""
        location = self._kept.get(kernel_id)
        return None if location is None else self._told(location)

    async def locate(self, kernel_id: str) -> Location:
        """Look again, and fall back on what was seen while the kernel lived."""
        look = self._looks.get(kernel_id)
        if look is None:
            look = asyncio.get_running_loop().create_task(self._look(kernel_id))
            self._looks[kernel_id] = look
            look.add_done_callback(lambda _: self._looks.pop(kernel_id, None))
        # A caller that goes away must not take the answer from the others.
        return self._told(await asyncio.shield(look))

    async def ask(self, kernel_id: str) -> Location:
        """Ask the kernel itself; the answer stands until its process ends."""
        before = self._kept.get(kernel_id)
        answer = await self._kernels.ask(kernel_id)
        pid = (await self.locate(kernel_id)).facts.launched_pid
        if before is None or before.facts.launched_pid == pid:
            self._answers[kernel_id] = (pid, answer)
        return await self.locate(kernel_id)

    async def choose(self, kernel_id: str, prefix: Prefix | None) -> Location:
        """Take the user's word for where the kernel is, or take that back (None)."""
        if (await self.locate(kernel_id)).facts.remote:
            raise KernelRemote(
                "The kernel runs on another computer. No environment here is its own.",
                kernel_id=kernel_id,
            )
        if prefix is None:
            self._chosen.pop(kernel_id, None)
        else:
            chosen = Candidate(prefix=prefix, how=How.CHOSEN, confidence="certain")
            self._chosen[kernel_id] = chosen
        return await self.locate(kernel_id)

    async def all(self) -> tuple[Location, ...]:
        """Every kernel of the server, in the order of their ids."""
        answers = await asyncio.gather(*map(self.locate, self.ids()), return_exceptions=True)
        locations = []
        for answer in answers:
            if isinstance(answer, Location):
                locations.append(answer)
            elif not isinstance(answer, Exception):
                raise answer
            elif not isinstance(answer, KernelNotFound):  # it left since the ids were listed
                # One kernel that cannot be looked at must not hide the others.
                _log.warning("A kernel could not be looked at: %r", answer)
        return tuple(locations)

    def _told(self, location: Location) -> Location:
        """With what the user and the kernel itself have said."""
        facts = location.facts
        pid, answer = self._answers.get(facts.kernel_id, (None, None))
        told = (self._chosen.get(facts.kernel_id), answer if pid == facts.launched_pid else None)
        if told == (None, None):
            return location
        candidates = ranked((*filter(None, told), *facts.candidates))
        return Location(
            facts=replace(facts, candidates=candidates),
            captured_at=location.captured_at or self._clock(),
        )

    async def _look(self, kernel_id: str) -> Location:
        try:
            facts = await self._kernels.facts(kernel_id)
        except KernelNotFound:
            self._forget(kernel_id)
            raise
        location = located(self._kept.get(kernel_id), facts, now=self._clock())
        self._kept[kernel_id] = location
        return location

    async def _capture(self, kernel_id: str) -> None:
        for wait_s in chain(BACK_OFF_S, repeat(LATE_S, LATE_LOOKS)):
            self._noticed.discard(kernel_id)
            # A look that began before the event may have seen the process before a restart.
            if (earlier := self._looks.get(kernel_id)) is not None:
                await asyncio.wait({earlier})
            try:
                location = await self.locate(kernel_id)
            except KernelNotFound:
                return
            if kernel_id in self._noticed:
                continue
            if _is_settled(location.facts):
                return
            await asyncio.sleep(wait_s)

    def _forget(self, kernel_id: str) -> None:
        """It left the server, and its id will not come again."""
        self._kept.pop(kernel_id, None)
        self._chosen.pop(kernel_id, None)
        self._answers.pop(kernel_id, None)

    def _end_capture(self, kernel_id: str, capture: asyncio.Task[None]) -> None:
        # A capture that has ended may have been followed by another before this is called.
        if self._captures.get(kernel_id) is capture:
            del self._captures[kernel_id]
        if not capture.cancelled() and (error := capture.exception()) is not None:
            _log.warning("The environment of kernel %s was not captured: %r", kernel_id, error)

    async def _reconcile(self) -> None:
        while True:
            ids = set(self._kernels.ids())
            for kernel_id in self._kept.keys() - ids:
                self._forget(kernel_id)
            for kernel_id in ids - self._kept.keys():
                self.notice(kernel_id)
            await asyncio.sleep(RECONCILE_S)


def located(before: Location | None, facts: KernelFacts, *, now: datetime) -> Location:
    """What is known after another look."""
    if before is None or before.captured_at is None:
        return Location(facts=facts, captured_at=now if facts.candidates else None)
    if _is_kept(before.facts, facts):
        candidates = before.facts.candidates
        notebooks = facts.notebooks or (before.facts.notebooks if facts.state == "dead" else ())
        facts = replace(facts, candidates=candidates, notebooks=notebooks)
    elif facts.launched_pid != before.facts.launched_pid:
        if not facts.candidates and not facts.listening:
            # Until the process of a restart tells, the environment before is the best guess.
            guesses = tuple(replace(c, confidence="unsure") for c in before.facts.candidates)
            return Location(
                facts=replace(facts, candidates=guesses), captured_at=before.captured_at
            )
        return Location(facts=facts, captured_at=now if facts.candidates else None)
    return Location(facts=facts, captured_at=before.captured_at if facts.candidates else None)


def _is_kept(before: KernelFacts, now: KernelFacts) -> bool:
    """Whether the earlier candidates stand against those of the look now."""
    if now.state == "dead":
        return True
    if now.launched_pid != before.launched_pid:
        return False
    # A process stays in its environment for life, even where its folder was removed since.
    if any(_was_seen(candidate) for candidate in before.candidates):
        return True
    return not now.candidates and (before.listening or not now.listening)


def _was_seen(candidate: Candidate) -> bool:
    return candidate.how in {How.PROCESS, How.ENVIRON} and candidate.confidence != "unsure"


def _is_settled(facts: KernelFacts) -> bool:
    return facts.listening or facts.remote or facts.state == "dead"
