"""Environments that kernels run in: captured at the start, and again when they changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from jupyter_envsnap.core.errors import PrefixError
from jupyter_envsnap.core.findings import BEING_CHANGED
from jupyter_envsnap.core.model import Environment, Prefix
from jupyter_envsnap.core.ports import AtWork, Environments, Installers

_log = logging.getLogger(__name__)

SETTLE_S = 2.0
"""So long nothing may change before it is read: installers write many files one by one."""
MOST_WAIT_S = 60.0
"""An installer that works for longer is read in between."""
UNSURE_WAIT_S = 8.0
"""The same for one that may be working elsewhere."""

Captured = Callable[[Prefix, Environment | None, Environment], None]
Changing = Callable[[Prefix, str | None], None]


@dataclass
class _Place:
    """What is known of one prefix."""

    users: set[str] = field(default_factory=set)
    environment: Environment | None = None
    read_at: str | None = None
    """The glance from just before ``environment`` was read."""
    seen: str | None = None
    """The last glance."""
    quiet_since: float = 0.0
    changed_since: float | None = None
    """Since when there is something that was not read yet."""
    installer: str | None = None
    look: asyncio.Task[None] | None = None


class PrefixWatch:
    """Looks at each prefix that a kernel runs in."""

    def __init__(
        self,
        environments: Environments,
        installers: Installers,
        seconds: Callable[[], float],
    ) -> None:
        self._environments = environments
        self._installers = installers
        self._seconds = seconds
        self.captured: Captured = _nobody
        """Told what was read, for the first time or because something was installed."""
        self.changing: Changing = _nobody
        """Told that an installer began (its name) or ended (None)."""
        self._places: dict[Prefix, _Place] = {}

    def join(self, prefix: Prefix, user: str) -> Environment | None:
        """Watch for this user too; what was captured, where that is how it is now."""
        place = self._places.setdefault(prefix, _Place())
        place.users.add(user)
        self._begin(prefix, place)
        return place.environment if place.changed_since is None else None

    def leave(self, prefix: Prefix, user: str) -> None:
        """One user less; a prefix without any is watched no longer."""
        place = self._places.get(prefix)
        if place is None:
            return
        place.users.discard(user)
        if not place.users:
            del self._places[prefix]
            if place.look is not None:
                place.look.cancel()

    def last(self, prefix: Prefix) -> Environment | None:
        """What was captured last."""
        place = self._places.get(prefix)
        return None if place is None else place.environment

    def look(self) -> None:
        """Look at every prefix that is not being looked at."""
        for prefix, place in self._places.items():
            self._begin(prefix, place)

    async def settled(self, prefix: Prefix) -> Environment | None:
        """What is there now: read again where something changed; else, what was captured."""
        place = self._places.get(prefix) or _Place()
        try:
            glance = await self._environments.glance(prefix)
            if place.environment is not None and glance == place.read_at:
                return place.environment
            return await self._environments.read(prefix)
        except PrefixError as error:
            # It may have been deleted with its kernel: what it was is known.
            _log.info("%s", error.message)
            return place.environment

    async def stop(self) -> None:
        """End the looks; what was captured is kept."""
        looks = [place.look for place in self._places.values() if place.look is not None]
        for look in looks:
            look.cancel()
        if looks:
            await asyncio.wait(looks)

    def _begin(self, prefix: Prefix, place: _Place) -> None:
        if place.look is None or place.look.done():
            look = asyncio.get_running_loop().create_task(self._look(prefix, place))
            look.add_done_callback(_log_failure)
            place.look = look

    async def _look(self, prefix: Prefix, place: _Place) -> None:
        try:
            glance = await self._environments.glance(prefix)
            now = self._seconds()
            if place.environment is None:
                place.seen = glance
                await self._capture(prefix, place, glance)
            elif glance != place.seen:
                place.seen, place.quiet_since = glance, now
                if place.changed_since is None:
                    place.changed_since = now
                self._tell(prefix, place, await self._installers.at_work(prefix))
            elif place.changed_since is not None and now - place.quiet_since >= SETTLE_S:
                installer = await self._installers.at_work(prefix)
                if installer is None or now - place.changed_since > _most_wait_s(installer):
                    await self._capture(prefix, place, glance)
                self._tell(prefix, place, installer)
        except PrefixError as error:
            _log.debug("%s", error.message)
            self._tell(prefix, place, None)

    async def _capture(self, prefix: Prefix, place: _Place, glance: str) -> None:
        environment = await self._environments.read(prefix)
        before, place.environment, place.read_at = place.environment, environment, glance
        place.changed_since = None
        if any(finding.code == BEING_CHANGED for finding in environment.findings):
            place.changed_since = place.quiet_since = self._seconds()
        if before is None or before.digest != environment.digest:
            self.captured(prefix, before, environment)

    def _tell(self, prefix: Prefix, place: _Place, installer: AtWork | None) -> None:
        name = installer.name if installer is not None and installer.sure else None
        if place.installer != name:
            place.installer = name
            self.changing(prefix, name)


def _most_wait_s(installer: AtWork) -> float:
    return MOST_WAIT_S if installer.sure else UNSURE_WAIT_S


def _log_failure(look: asyncio.Task[None]) -> None:
    if not look.cancelled() and (error := look.exception()) is not None:
        _log.warning("An environment was not looked at: %r", error)


def _nobody(*_: object) -> None:
    """Until somebody listens."""
