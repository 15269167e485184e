"""The server extension: its traits, its start and its end."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

import msgspec
from jupyter_core.paths import jupyter_data_dir
from jupyter_server.extension.application import ExtensionApp
from jupyter_server.serverapp import ServerApp
from traitlets import Bool, Dict, Enum, Integer, List, Unicode

from jupyter_envsnap.core.groups import DEFAULTS
from jupyter_envsnap.core.wire import Settings, SettingsChoice
from jupyter_envsnap.server.handlers import rules
from jupyter_envsnap.server.wiring import Closer, Configuration, Wired, wire

RECORD_LIMIT_S = 2.2
CLOSE_LIMIT_S = 0.7


class EnvSnapApp(ExtensionApp):
    """Configured in ``jupyter_envsnap_config`` or on the server's command line."""

    name = "envsnap"

    history_path = Unicode(
        help="File that snapshots are kept in; empty: envsnap/history.sqlite in Jupyter's data"
        " directory."
    ).tag(config=True)

    groups = Dict(
        value_trait=List(Unicode()),
        key_trait=Unicode(),
        help="Groups of packages that a document can leave out: names, or patterns with *, by the"
        " name of the group. They stand beside “jupyter” and “dev”, or replace them.",
    ).tag(config=True)

    on_shutdown = Enum(
        ("off", "history", "file"),
        default_value="history",
        help="What happens when a kernel ends: nothing, a snapshot of its environment, or a"
        " snapshot and an update of the notebook's environment file.",
    ).tag(config=True)

    on_change = Enum(
        ("off", "history"),
        default_value="history",
        help="What happens when something is installed while a kernel runs: nothing, or a"
        " snapshot.",
    ).tag(config=True)

    keep_days = Integer(
        365,
        min=1,
        allow_none=True,
        help="How many days a snapshot is kept; None: for ever. The newest of a notebook stays.",
    ).tag(config=True)

    keep_count = Integer(
        1000,
        min=1,
        allow_none=True,
        help="How many snapshots are kept; None: all. The newest of a notebook stays.",
    ).tag(config=True)

    create_file = Bool(
        False,
        help="With on_shutdown “file”: make an environment file where there is none yet.",
    ).tag(config=True)

    _wired: Wired | None = None

    def initialize_handlers(self) -> None:
        """Wire everything; nothing is read before the loop runs."""
        configuration = Configuration(
            history=self._path_of_history(),
            groups={**DEFAULTS, **self.groups},
            settings=self._settings(),
            create_file=self.create_file,
        )
        self._wired = wire(cast("ServerApp", self.serverapp), configuration)
        self.handlers.extend(rules(self._wired.use_cases))

    async def stop_extension(self) -> None:
        """Let go of everything within three seconds, and never raise.

        A server hangs on an extension that raises here; a second SIGTERM calls it again.
        """
        wired, self._wired = self._wired, None
        if wired is not None:
            await self._finish((wired.record_ends,), limit_s=RECORD_LIMIT_S)
            await self._finish(wired.closers, limit_s=CLOSE_LIMIT_S)

    async def _finish(self, closers: tuple[Closer, ...], *, limit_s: float) -> None:
        tasks = {asyncio.ensure_future(close()) for close in closers}
        done, late = await asyncio.wait(tasks, timeout=limit_s)
        for task in late:
            task.cancel()
            self.log.warning("envsnap stopped before everything was put away.")
        for task in done:
            if not task.cancelled() and (error := task.exception()) is not None:
                self.log.error("envsnap did not stop cleanly.", exc_info=error)

    def _settings(self) -> Settings:
        names = SettingsChoice.__struct_fields__
        return msgspec.convert({name: getattr(self, name) for name in names}, Settings)

    def _path_of_history(self) -> Path:
        """Where snapshots are kept."""
        if self.history_path:
            return Path(self.history_path).expanduser()
        return Path(jupyter_data_dir()) / "envsnap" / "history.sqlite"
