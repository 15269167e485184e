"""Where adapters meet use cases: everything that a running server needs, made and put away."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, cast

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_events import EventLogger
from jupyter_server.serverapp import ServerApp
from msgspec import Struct

from jupyter_envsnap.adapters.checkouts import GitCheckouts
from jupyter_envsnap.adapters.contents import Contents
from jupyter_envsnap.adapters.environments import PrefixReader
from jupyter_envsnap.adapters.file_stamps import FileStamps
from jupyter_envsnap.adapters.git import Git
from jupyter_envsnap.adapters.history import SqliteHistory
from jupyter_envsnap.adapters.installers import RunningInstallers
from jupyter_envsnap.adapters.journal import FolderJournal
from jupyter_envsnap.adapters.json_file import JsonFile
from jupyter_envsnap.adapters.kernels import ServerKernels
from jupyter_envsnap.adapters.known_prefixes import MachinePrefixes
from jupyter_envsnap.adapters.pulses import KernelPulses
from jupyter_envsnap.comparison import Comparison
from jupyter_envsnap.core.groups import Groups
from jupyter_envsnap.core.wire import Settings, SettingsChoice
from jupyter_envsnap.drift import DriftWatch
from jupyter_envsnap.ends import Ends
from jupyter_envsnap.following import Following, Notices
from jupyter_envsnap.lifecycle import KernelLocations
from jupyter_envsnap.news import Everyone, LatestNews
from jupyter_envsnap.placing import Placing
from jupyter_envsnap.preferences import Preferences
from jupyter_envsnap.recording import Recorder
from jupyter_envsnap.saving import Saving
from jupyter_envsnap.server.events import ServerEvents, register
from jupyter_envsnap.server.handlers import UseCases
from jupyter_envsnap.service import Service
from jupyter_envsnap.watching import PrefixWatch
from jupyter_envsnap.writing import Writing

Closer = Callable[[], Awaitable[None]]

KERNEL_ACTIONS = "https://events.jupyter.org/jupyter_server/kernel_actions/v1"
CONTENTS = "https://events.jupyter.org/jupyter_server/contents_service/v1"


class Configuration(Struct, frozen=True, kw_only=True):
    """What the application's traits say."""

    history: Path
    groups: Groups
    settings: Settings
    create_file: bool

    @property
    def folder(self) -> Path:
        """Where everything lies that is kept beside the history."""
        return self.history.parent


class Wired(Struct, frozen=True, kw_only=True):
    """What the application holds."""

    use_cases: UseCases
    record_ends: Closer
    """First of all, while the kernels' environments can still be read."""
    closers: tuple[Closer, ...]


def wire(server: ServerApp, configuration: Configuration) -> Wired:
    """Make everything; nothing is read before the loop runs."""
    events = cast("EventLogger", server.event_logger)
    register(events)
    told = Everyone()
    told.listeners.append(ServerEvents(events))
    news = LatestNews()

    kernels = ServerKernels(server.kernel_manager, server.session_manager)
    locations = KernelLocations(kernels, _now)
    history = SqliteHistory(configuration.history)
    journal = FolderJournal(configuration.folder / "journal")
    prefixes = MachinePrefixes(cast("KernelSpecManager", server.kernel_spec_manager))
    environments = PrefixReader()
    files = Contents(server.contents_manager)
    git = Git()

    writing = Writing(
        environments=environments,
        placing=Placing(GitCheckouts()),
        files=files,
        groups=configuration.groups,
    )
    service = Service(
        locations=locations,
        environments=environments,
        prefixes=prefixes,
        history=history,
        journal=journal,
        clock=_now,
        writing=writing,
        news=news,
        told=told,
    )
    saving = Saving(sources=service, writing=writing, files=files, repositories=git)
    comparison = Comparison(sources=service, writing=writing, files=files, repositories=git)
    drift = DriftWatch(
        sources=service, comparison=comparison, files=files, history=history, news=news
    )
    preferences = Preferences(
        configuration.settings, JsonFile(configuration.folder / "settings.json", SettingsChoice)
    )
    following = Following(
        drift=drift,
        news=news,
        told=told,
        locations=locations,
        files=files,
        stamps=FileStamps(),
        saving=saving,
        notices=JsonFile(configuration.folder / "notices.json", Notices),
        create_file=configuration.create_file,
    )
    told.listeners.append(following)
    watch = PrefixWatch(environments, RunningInstallers(), time.monotonic)
    ends = Ends(
        watch=watch,
        environments=environments,
        journal=journal,
        history=history,
        preferences=preferences,
        following=following,
        told=told,
        clock=_now,
        seconds=time.monotonic,
    )
    recorder = Recorder(
        pulses=KernelPulses(server.kernel_manager, server.session_manager),
        locations=locations,
        watch=watch,
        ends=ends,
        journal=journal,
        preferences=preferences,
        following=following,
        clock=_now,
        seconds=time.monotonic,
    )
    saving.saved = recorder.file_saved

    unlisten = _listen(events, locations, recorder)

    async def leave() -> None:
        unlisten()
        await locations.stop()
        await kernels.stop()

    def start() -> None:
        locations.start()
        recorder.start()

    # Not the application's start hook: servers before 2.15 do not call it.
    server.io_loop.add_callback(start)
    return Wired(
        use_cases=UseCases(
            service=service,
            saving=saving,
            comparison=comparison,
            drift=drift,
            preferences=preferences,
        ),
        record_ends=recorder.stop,
        closers=(
            leave,
            following.stop,
            service.stop,
            prefixes.stop,
            saving.stop,
            history.close,
            journal.close,
        ),
    )


def _listen(
    events: EventLogger, locations: KernelLocations, recorder: Recorder
) -> Callable[[], None]:
    """Hear what the server tells of kernels and files; the function that ends it."""

    # Called with these keywords: another name would make every kernel's start fail.
    async def notice(logger: EventLogger, schema_id: str, data: dict[str, Any]) -> None:  # noqa: ARG001
        kernel_id = data.get("kernel_id")
        if isinstance(kernel_id, str) and data.get("status") != "error":
            locations.notice(kernel_id)
            recorder.kernel_acted(kernel_id, data["action"])

    async def rename(logger: EventLogger, schema_id: str, data: dict[str, Any]) -> None:  # noqa: ARG001
        if data.get("action") == "rename":
            recorder.sessions_changed()

    listeners = [
        (schema_id, listener)
        for schema_id, listener in ((KERNEL_ACTIONS, notice), (CONTENTS, rename))
        if schema_id in events.schemas
    ]
    for schema_id, listener in listeners:
        events.add_listener(schema_id=schema_id, listener=listener)

    def unlisten() -> None:
        for schema_id, listener in listeners:
            events.remove_listener(schema_id=schema_id, listener=listener)

    return unlisten


def _now() -> datetime:
    return datetime.now(timezone.utc)
