"""Kernels beside what was written down of them: compared when either changes, and told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from msgspec import Struct

from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.diff import diff
from jupyter_envsnap.core.errors import EnvSnapError, SaveError, SettingsNotKept, TargetChanged
from jupyter_envsnap.core.findings import finding
from jupyter_envsnap.core.lives import Life
from jupyter_envsnap.core.message import Summary, summary
from jupyter_envsnap.core.model import Environment, Finding, Snapshot
from jupyter_envsnap.core.ports import (
    Files,
    FileState,
    Kept,
    KernelChange,
    Locations,
    Sourced,
    Stamps,
    Told,
)
from jupyter_envsnap.core.prefix import choose
from jupyter_envsnap.drift import DriftWatch
from jupyter_envsnap.news import LatestNews
from jupyter_envsnap.saving import Saving

_log = logging.getLogger(__name__)

_CHANGED = "It was changed while the kernel ran."

Notices = dict[str, Finding]
"""By the server path of an environment file: why it was not updated."""


class _File(Struct):
    path: str
    real_path: str | None
    stamp: str | None = None


class Following:
    """Follows the kernels that run."""

    def __init__(
        self,
        *,
        drift: DriftWatch,
        news: LatestNews,
        told: Told,
        locations: Locations,
        files: Files,
        stamps: Stamps,
        saving: Saving,
        notices: Kept[Notices],
        create_file: bool,
    ) -> None:
        self._drift = drift
        self._news = news
        self._told = told
        self._locations = locations
        self._files_port = files
        self._stamps = stamps
        self._saving = saving
        self._notices = notices
        self._create_file = create_file
        self._files: dict[str, _File] = {}
        self._followed: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def begins(self, kernel_id: str) -> None:
        """A process of a kernel starts: what one before it had loaded is gone."""
        self._drift.ended(kernel_id)

    def began(self, kernel_id: str, environment: Environment) -> None:
        """A kernel's process found this when it started."""
        self._followed.add(kernel_id)
        self._drift.began(kernel_id, environment)

    def ended(self, kernel_id: str) -> None:
        """It runs no more."""
        self._followed.discard(kernel_id)
        self._files.pop(kernel_id, None)
        self._drift.ended(kernel_id)
        self._news.forget(kernel_id)

    def changing(self, kernel_id: str, installer: str | None) -> None:
        """An installer began in its environment, or ended (None)."""
        if self._news.set_changing(kernel_id, installer):
            self._tell(kernel_id, "changing")

    def snapshot_taken(self, snapshot: Snapshot) -> None:
        """What has changed since the last snapshot is less now."""
        for kernel_id in self._followed:
            location = self._locations.known(kernel_id)
            candidate = choose(location.facts) if location else None
            if candidate is not None and candidate.prefix.path == snapshot.prefix:
                self._spawn(self.refresh(kernel_id))

    def kernel_changed(self, *_: object) -> None:
        """Nothing: it was this that told."""

    async def refresh(
        self,
        kernel_id: str,
        *,
        before: Environment | None = None,
        now: Environment | None = None,
    ) -> None:
        """Compare again; tell it where something else comes out, or packages came or went."""
        earlier = self._news.of(kernel_id)
        try:
            await self._drift.of(kernel_id)
        except EnvSnapError as error:
            _log.debug("%s", error.message)
        if before is not None and now is not None:
            words = await asyncio.to_thread(lambda: summary(diff(before, now)))
            self._tell(kernel_id, "environment", words)
        elif self._news.of(kernel_id) != earlier:
            self._tell(kernel_id, "file")

    async def look(self, *, saved: str | None = None) -> None:
        """Compare the kernels again whose files changed, or are the one that was saved."""
        if saved is not None:
            await self._forget_notice(saved)
        stamps = await self._stamps.of(f.real_path for f in self._files.values() if f.real_path)
        for kernel_id, file in tuple(self._files.items()):
            stamp = stamps.get(file.real_path or "")
            changed = file.stamp not in {None, stamp}
            file.stamp = stamp or file.stamp
            if changed or file.path == saved:
                await self.refresh(kernel_id)

    async def file_of(self, life: Life) -> FileState | None:
        """The environment file that belongs to a kernel's notebook, as it is now."""
        try:
            path = await self._files_port.environment_file(life.notebook)
            file = await self._files_port.read(path)
        except SaveError as error:
            _log.debug("%s", error.message)
            return None
        stamps = await self._stamps.of([file.real_path] if file.real_path else [])
        stamp = stamps.get(file.real_path or "")
        self._files[life.kernel_id] = _File(path, file.real_path, stamp)
        notice = (await self._notices.read() or {}).get(path)
        self._news.set_notice(life.kernel_id, notice)
        return file

    async def update_file(self, life: Life, sourced: Sourced) -> None:
        """What a save would do, without being asked; where it cannot, the next start tells why."""
        if life.file is None or (life.file_digest is None and not self._create_file):
            return
        if life.file_digest is not None and life.start_digest == sourced.environment.digest:
            return  # nothing was installed: what the file says otherwise was not for this kernel
        try:
            await self._saving.update(sourced, life.file, base_digest=life.file_digest)
        except EnvSnapError as error:
            why = _CHANGED if isinstance(error, TargetChanged) else error.message
            _log.warning("%s was not updated: %s", life.file, why)
            notice = finding(codes.FILE_NOT_UPDATED, path=life.file, why=why)
            await self._keep_notices({**(await self._notices.read() or {}), life.file: notice})
        else:
            await self._forget_notice(life.file)

    async def stop(self) -> None:
        """End what is under way."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _forget_notice(self, path: str) -> None:
        notices = await self._notices.read() or {}
        if path not in notices:
            return
        await self._keep_notices({each: why for each, why in notices.items() if each != path})
        for kernel_id, file in self._files.items():
            if file.path == path:
                self._news.set_notice(kernel_id, None)

    async def _keep_notices(self, notices: Notices) -> None:
        with suppress(SettingsNotKept):  # the log has it
            await self._notices.write(notices)

    def _tell(self, kernel_id: str, change: KernelChange, words: Summary | None = None) -> None:
        self._told.kernel_changed(kernel_id, change, self._news.of(kernel_id).drift, words)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
