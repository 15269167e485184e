"""The user's choices, in one JSON file of Jupyter's data directory."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path

import msgspec

from jupyter_envsnap.adapters.daemon import DaemonThread
from jupyter_envsnap.core.errors import SettingsNotKept
from jupyter_envsnap.core.wire import Settings

_log = logging.getLogger(__name__)
_ANSWER_LIMIT_S = 3.0


class JsonSettings:
    """``ports.SettingsFile`` in the file ``path``, which is written whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = DaemonThread("envsnap-settings")

    async def read(self) -> Settings | None:
        try:
            data = await asyncio.wait_for(self._thread.run(self._path.read_bytes), _ANSWER_LIMIT_S)
            return msgspec.json.decode(data, type=Settings)
        except FileNotFoundError:
            return None
        except (OSError, asyncio.TimeoutError, msgspec.MsgspecError) as error:
            _log.warning("%s cannot be read, so the defaults hold: %s", self._path, error)
            return None

    async def write(self, settings: Settings) -> None:
        """Raises SettingsNotKept."""
        data = msgspec.json.encode(settings)
        try:
            await asyncio.wait_for(self._thread.run(lambda: self._write(data)), _ANSWER_LIMIT_S)
        except (OSError, asyncio.TimeoutError) as error:
            why = getattr(error, "strerror", None) or "its disk does not answer"
            raise SettingsNotKept(
                f"This holds until the server ends: {self._path} cannot be written: {why}.",
                path=str(self._path),
            ) from error

    def _write(self, data: bytes) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        begun = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            begun.write_bytes(data)
            begun.replace(self._path)
        finally:
            begun.unlink(missing_ok=True)
