"""Fixtures for every room's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conda_fixture import local_env, write_kernelspec


@pytest.fixture(scope="session")
def conda_env() -> Path:
    """The prefix of a real conda environment named `climate`: read it, never write to it."""
    return local_env()


@pytest.fixture(scope="session")
def climate_jupyter_path(conda_env: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Jupyter data directory with the kernelspec `climate`, to put in JUPYTER_PATH."""
    data_dir = tmp_path_factory.mktemp("jupyter")
    write_kernelspec(data_dir, conda_env)
    return data_dir
