"""One value in a JSON file of Jupyter's data directory."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from jupyter_envsnap.adapters.daemon import DaemonThread
from jupyter_envsnap.core.errors import SettingsNotKept

T = TypeVar("T")

_log = logging.getLogger(__name__)
_ANSWER_LIMIT_S = 3.0


class JsonFile(Generic[T]):
    """``ports.Kept`` in the file ``path``, which is written whole or not at all."""

    def __init__(self, path: Path, kind: type[T]) -> None:
        self._path = path
        self._decode = msgspec.json.Decoder(kind).decode
        self._thread = DaemonThread(f"envsnap-{path.stem}")

    async def read(self) -> T | None:
        try:
            data = await asyncio.wait_for(self._thread.run(self._path.read_bytes), _ANSWER_LIMIT_S)
            return self._decode(data)
        except FileNotFoundError:
            return None
        except (OSError, asyncio.TimeoutError, msgspec.MsgspecError) as error:
            _log.warning("%s cannot be read and is left aside: %s", self._path, error)
            return None

    async def write(self, value: T) -> None:
        """Raises SettingsNotKept."""
        data = msgspec.json.encode(value)
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
