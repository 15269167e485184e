"""What a few stat calls tell of real folders."""

from __future__ import annotations

import os

import pytest

from jupyter_envsnap.adapters.environments import PrefixReader
from jupyter_envsnap.core.errors import PrefixMissing
from jupyter_envsnap.core.model import Prefix


@pytest.fixture
def prefix(tmp_path) -> Prefix:
    packages = tmp_path / "lib/python3.11/site-packages"
    packages.mkdir(parents=True)
    (tmp_path / "conda-meta").mkdir()
    (tmp_path / "conda-meta/history").write_text("")
    (tmp_path / "conda-meta/python-3.11.9-0.json").write_text(
        '{"name": "python", "version": "3.11.9", "build": "0", "channel": "c", "subdir": "noarch"}'
    )
    return Prefix(path=str(tmp_path), kind="conda")


def _by_pip(root):
    (root / "lib/python3.11/site-packages/polars-1.9.dist-info").mkdir()


def _by_conda(root):
    (root / "conda-meta/numpy-2.1.0-0.json").write_text("{}")


def _variable(root):
    (root / "conda-meta/state").write_text('{"env_vars": {"A": "1"}}')


def _pin(root):
    (root / "conda-meta/pinned").write_text("numpy 2.*\n")


@pytest.mark.parametrize("install", [_by_pip, _by_conda, _variable, _pin])
async def test_whatever_is_installed_is_seen(prefix, tmp_path, install):
    reader = PrefixReader()
    before = await reader.glance(prefix)
    assert await reader.glance(prefix) == before

    install(tmp_path)

    after = await reader.glance(prefix)
    assert after != before
    assert await reader.glance(prefix) == after


async def test_the_first_package_of_the_user_s_own_is_seen(prefix, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONUSERBASE", str(tmp_path / "user"))
    monkeypatch.delenv("PYTHONNOUSERSITE", raising=False)
    reader = PrefixReader()
    before = await reader.glance(prefix)
    folder = tmp_path / "user/lib/python3.11/site-packages"
    (folder / "beta-1.0.dist-info").mkdir(parents=True)

    assert await reader.glance(prefix) != before


async def test_another_python_brings_another_folder(prefix, tmp_path):
    reader = PrefixReader()
    await reader.glance(prefix)
    (tmp_path / "conda-meta/python-3.11.9-0.json").unlink()
    (tmp_path / "conda-meta/python-3.12.1-0.json").write_text(
        '{"name": "python", "version": "3.12.1", "build": "0", "channel": "c", "subdir": "noarch"}'
    )
    packages = tmp_path / "lib/python3.12/site-packages"
    packages.mkdir(parents=True)
    before = await reader.glance(prefix)

    (packages / "polars-1.9.dist-info").mkdir()

    assert await reader.glance(prefix) != before


async def test_what_is_gone_is_told(prefix, tmp_path):
    reader = PrefixReader()
    await reader.glance(prefix)
    os.rename(tmp_path / "conda-meta", tmp_path.parent / f"{tmp_path.name}-moved")  # noqa: PTH104
    for folder in (tmp_path / "lib/python3.11/site-packages", tmp_path / "lib/python3.11"):
        folder.rmdir()
    (tmp_path / "lib").rmdir()
    tmp_path.rmdir()

    with pytest.raises(PrefixMissing):
        await reader.glance(prefix)
