"""What is done without being asked: the operator's defaults, and what the user chose."""

from __future__ import annotations

from jupyter_envsnap.core.ports import Kept, Retention
from jupyter_envsnap.core.wire import Settings


class Preferences:
    """The settings that hold now."""

    def __init__(self, defaults: Settings, file: Kept[Settings]) -> None:
        self._settings = defaults
        self._file = file

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def retention(self) -> Retention:
        return Retention(days=self._settings.keep_days, count=self._settings.keep_count)

    async def load(self) -> None:
        """Take up what was chosen before; where that cannot be read, the defaults hold."""
        self._settings = await self._file.read() or self._settings

    async def change(self, settings: Settings) -> Settings:
        """Raises SettingsNotKept: they hold, until the server ends."""
        self._settings = settings
        await self._file.write(settings)
        return settings
