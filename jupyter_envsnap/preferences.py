"""What is done without being asked: the operator's defaults, and what the user chose."""

from __future__ import annotations

from msgspec import UNSET
from msgspec.structs import asdict, replace

from jupyter_envsnap.core.ports import Kept, Retention
from jupyter_envsnap.core.wire import Settings, SettingsChoice


class Preferences:
    """The settings that hold now."""

    def __init__(self, defaults: Settings, file: Kept[SettingsChoice]) -> None:
        self._defaults = defaults
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
        self._take(await self._file.read() or SettingsChoice())

    async def change(self, choice: SettingsChoice) -> Settings:
        """Choose anew, all of it; raises SettingsNotKept: it holds, until the server ends."""
        self._take(choice)
        await self._file.write(choice)
        return self._settings

    def _take(self, choice: SettingsChoice) -> None:
        chosen = {name: value for name, value in asdict(choice).items() if value is not UNSET}
        self._settings = replace(self._defaults, **chosen, chosen=choice)
