"""The user's choices on a real disk."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from jupyter_envsnap.adapters.json_file import JsonFile
from jupyter_envsnap.core.errors import SettingsNotKept
from jupyter_envsnap.core.wire import Settings
from tests.fakes import SETTINGS


async def test_what_was_chosen_is_there_at_the_next_start(tmp_path):
    path = tmp_path / "new" / "settings.json"
    chosen = replace(SETTINGS, on_shutdown="file", keep_days=None)

    assert await JsonFile(path, Settings).read() is None
    await JsonFile(path, Settings).write(chosen)

    assert await JsonFile(path, Settings).read() == chosen
    assert [each.name for each in path.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("text", ["", "{", '{"on_shutdown": "always"}', "[]"])
async def test_a_file_that_cannot_be_understood_is_left_aside(tmp_path, text, caplog):
    path = tmp_path / "settings.json"
    path.write_text(text)

    assert await JsonFile(path, Settings).read() is None
    assert "cannot be read" in caplog.text


async def test_a_folder_that_takes_no_file_is_told(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(SettingsNotKept, match="until the server ends"):
        await JsonFile(tmp_path / "file" / "settings.json", Settings).write(SETTINGS)
