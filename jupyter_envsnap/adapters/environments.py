"""Reads environments for the use cases: off the event loop, one read per prefix at a time."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from jupyter_envsnap.adapters import conda_view
from jupyter_envsnap.adapters.condarc import CondaConfiguration
from jupyter_envsnap.adapters.glances import Glances
from jupyter_envsnap.adapters.prefix_reading import PrefixReading
from jupyter_envsnap.adapters.reader_thread import ReaderThread, Stuck
from jupyter_envsnap.adapters.surroundings import Surroundings, platform_of_this_machine
from jupyter_envsnap.core.documents.as_conda import CondaView
from jupyter_envsnap.core.errors import OptionRefused, ReadTimedOut
from jupyter_envsnap.core.model import Environment, Prefix, Progress

_MOST_PREFIXES = 16
"""How many stay in memory, some megabytes each at 3,200 packages."""
T = TypeVar("T")


class PrefixReader:
    """:class:`jupyter_envsnap.core.ports.Environments` on this machine's file system."""

    def __init__(
        self,
        *,
        environ: Mapping[str, str] | None = None,
        home: Path | None = None,
        limit_s: float = 20,
    ) -> None:
        environ = os.environ if environ is None else environ
        # Path.home() fails for a user id without a name, as containers have them.
        home = Path(os.path.expanduser("~")) if home is None else home  # noqa: PTH111
        self._configuration = CondaConfiguration(environ, home)
        self._surroundings = Surroundings(environ, str(home))
        self._limit_s = limit_s
        self._thread = ReaderThread("envsnap-reader", limit_s=limit_s)
        self._readings: OrderedDict[Prefix, PrefixReading] = OrderedDict()
        self._glances = Glances()

    async def read(self, prefix: Prefix) -> Environment:
        return await self._run(prefix, "read", self._reading(prefix).read)

    async def as_conda(self, prefix: Prefix) -> CondaView:
        if prefix.kind != "conda":
            raise OptionRefused(
                "conda did not make this environment, so there is no text of it to print."
                " Choose another profile.",
                kind=prefix.kind,
            )
        # Whatever is wrong with the folder is told as for every other reading.
        await self.fingerprint(prefix)
        platform = platform_of_this_machine()
        call = partial(conda_view.read, prefix.path, self._configuration, platform)
        return await self._run(prefix, "as-conda", call)

    async def fingerprint(self, prefix: Prefix) -> str:
        return await self._run(prefix, "fingerprint", self._reading(prefix).fingerprint)

    def first_reading(self, prefix: Prefix) -> Progress | None:
        reading = self._readings.get(prefix)
        return reading.first if reading else None

    async def glance(self, prefix: Prefix) -> str:
        call = partial(self._glances.look, prefix, self._reading(prefix).folders)
        return await self._run(prefix, "glance", call)

    async def _run(self, prefix: Prefix, what: str, call: Callable[[], T]) -> T:
        try:
            return await self._thread.run(prefix.path, (what, prefix.kind, prefix.base), call)
        except Stuck as error:
            # The thread left behind may still use what it was reading into.
            self._readings.pop(prefix, None)
            raise ReadTimedOut(
                f"{prefix.path} did not answer within {self._limit_s:g} seconds."
                " Check the disk or network folder it lies on, then try again.",
                path=prefix.path,
            ) from error

    def _reading(self, prefix: Prefix) -> PrefixReading:
        reading = self._readings.get(prefix)
        if reading is None:
            platform = platform_of_this_machine()
            reading = PrefixReading(prefix, self._configuration, platform, self._surroundings)
            self._readings[prefix] = reading
        self._readings.move_to_end(prefix)
        if len(self._readings) > _MOST_PREFIXES:
            self._readings.popitem(last=False)
        return reading
