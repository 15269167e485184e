"""The server extension: where adapters meet use cases, and use cases meet HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, cast

import msgspec
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_core.paths import jupyter_data_dir
from jupyter_events import EventLogger
from jupyter_server.extension.application import ExtensionApp
from jupyter_server.serverapp import ServerApp
from traitlets import Bool, Dict, Enum, Integer, List, Unicode

from jupyter_envsnap.adapters.checkouts import GitCheckouts
from jupyter_envsnap.adapters.contents import Contents
from jupyter_envsnap.adapters.environments import PrefixReader
from jupyter_envsnap.adapters.git import Git
from jupyter_envsnap.adapters.history import SqliteHistory
from jupyter_envsnap.adapters.kernels import ServerKernels
from jupyter_envsnap.adapters.known_prefixes import MachinePrefixes
from jupyter_envsnap.adapters.settings_file import JsonSettings
from jupyter_envsnap.comparison import Comparison
from jupyter_envsnap.core.groups import DEFAULTS
from jupyter_envsnap.core.wire import Settings
from jupyter_envsnap.drift import DriftWatch
from jupyter_envsnap.lifecycle import KernelLocations
from jupyter_envsnap.news import LatestNews
from jupyter_envsnap.placing import Placing
from jupyter_envsnap.preferences import Preferences
from jupyter_envsnap.saving import Saving
from jupyter_envsnap.server.handlers import UseCases, rules
from jupyter_envsnap.service import Service
from jupyter_envsnap.writing import Writing

Closer = Callable[[], Awaitable[None]]

KERNEL_ACTIONS = "https://events.jupyter.org/jupyter_server/kernel_actions/v1"
STOP_TIMEOUT_S = 2.5


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

    _closers: tuple[Closer, ...] = ()

    def initialize_handlers(self) -> None:
        """Wire everything; nothing is read before the loop runs."""
        server = cast("ServerApp", self.serverapp)
        events = cast("EventLogger", server.event_logger)
        kernels = ServerKernels(server.kernel_manager, server.session_manager)
        locations = KernelLocations(kernels, _now)
        history = SqliteHistory(self._path_of_history())
        prefixes = MachinePrefixes(cast("KernelSpecManager", server.kernel_spec_manager))
        environments = PrefixReader()
        news = LatestNews()
        files = Contents(server.contents_manager)
        writing = Writing(
            environments=environments,
            placing=Placing(GitCheckouts()),
            files=files,
            groups={**DEFAULTS, **self.groups},
        )
        service = Service(
            locations=locations,
            environments=environments,
            prefixes=prefixes,
            history=history,
            clock=_now,
            writing=writing,
            news=news,
        )
        git = Git()
        saving = Saving(sources=service, writing=writing, files=files, repositories=git)
        comparison = Comparison(sources=service, writing=writing, files=files, repositories=git)
        drift = DriftWatch(
            sources=service, comparison=comparison, files=files, history=history, news=news
        )
        preferences = Preferences(self._defaults(), JsonSettings(self._folder() / "settings.json"))
        self.handlers.extend(
            rules(
                UseCases(
                    service=service,
                    saving=saving,
                    comparison=comparison,
                    drift=drift,
                    preferences=preferences,
                )
            )
        )

        # Called with these keywords: another name would make every kernel's start fail.
        async def notice(
            logger: EventLogger,  # noqa: ARG001
            schema_id: str,  # noqa: ARG001
            data: dict[str, Any],
        ) -> None:
            locations.notice(data["kernel_id"])

        async def leave() -> None:
            events.remove_listener(schema_id=KERNEL_ACTIONS, listener=notice)
            await locations.stop()
            await kernels.stop()

        events.add_listener(schema_id=KERNEL_ACTIONS, listener=notice)
        # Not the application's start hook: servers before 2.15 do not call it.
        server.io_loop.add_callback(locations.start)
        self._closers = (leave, service.stop, prefixes.stop, saving.stop, history.close)

    async def stop_extension(self) -> None:
        """Let go of everything within three seconds, and never raise.

        A server hangs on an extension that raises here; a second SIGTERM calls it again.
        """
        closers, self._closers = self._closers, ()
        if not closers:
            return
        tasks = {asyncio.ensure_future(close()) for close in closers}
        done, late = await asyncio.wait(tasks, timeout=STOP_TIMEOUT_S)
        for task in late:
            task.cancel()
            self.log.warning("envsnap stopped before everything was put away.")
        for task in done:
            if not task.cancelled() and (error := task.exception()) is not None:
                self.log.error("envsnap did not stop cleanly.", exc_info=error)

    def _defaults(self) -> Settings:
        names = Settings.__struct_fields__
        return msgspec.convert({name: getattr(self, name) for name in names}, Settings)

    def _folder(self) -> Path:
        """Where everything lies that is kept beside the history."""
        return self._path_of_history().parent

    def _path_of_history(self) -> Path:
        """Where snapshots are kept."""
        if self.history_path:
            return Path(self.history_path).expanduser()
        return Path(jupyter_data_dir()) / "envsnap" / "history.sqlite"


def _now() -> datetime:
    return datetime.now(timezone.utc)
