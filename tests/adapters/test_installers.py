"""Which command lines change which prefix."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from jupyter_envsnap.adapters.installers import RunningInstallers, installer
from jupyter_envsnap.core.model import Prefix

AT = "/envs/climate"


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ([f"{AT}/bin/python", "-m", "pip", "install", "polars"], "pip"),
        ([f"{AT}/bin/python", f"{AT}/bin/pip", "uninstall", "-y", "polars"], "pip"),
        ([f"{AT}/bin/python3.11", f"{AT}/bin/pip3.11", "install", "x"], "pip"),
        (["/envs/other/bin/python", "-m", "pip", "install", "polars"], None),
        ([f"{AT}/bin/python", "-m", "pip", "list"], None),
        (["/opt/conda/bin/python", "/opt/conda/bin/conda", "install", "numpy"], "conda"),
        (["/opt/conda/bin/mamba", "update", "--all"], "mamba"),
        (["micromamba", "install", "-p", AT, "numpy"], "micromamba"),
        (["uv", "pip", "install", "polars"], "uv"),
        (["pixi", "add", "polars"], "pixi"),
        (["conda", "install", "-n", "climate", "numpy"], "conda"),
        (["conda", "install", "-n", "base", "numpy"], "conda"),
        (["conda", "create", "-n", "other", "numpy"], None),
        (["mamba", "install", "--name=other", "numpy"], None),
        (["micromamba", "install", "--prefix=/envs/other", "numpy"], None),
        (["conda", "install", "-p", "./climate", "numpy"], "conda"),
        (["conda", "info"], None),
        (["vim", "pip", "install"], None),
        ([], None),
    ],
)
def test_an_installer_is_known_by_its_command(command, found):
    assert installer(command, AT) == found


async def test_one_that_runs_is_found_and_one_that_ended_is_not(tmp_path):
    prefix = Prefix(path=sys.prefix, kind="venv")
    # A python of this prefix that calls itself pip, and waits until it is told to end.
    (tmp_path / "pip").write_text("import sys; print('ready', flush=True); sys.stdin.read()")
    command = [f"{sys.prefix}/bin/python", "-S", str(tmp_path / "pip"), "install", "x"]
    process = subprocess.Popen(  # noqa: ASYNC220 - it starts at once
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        await asyncio.to_thread(process.stdout.readline)
        assert await RunningInstallers().at_work(prefix) == "pip"
    finally:
        process.communicate()
    assert await RunningInstallers().at_work(prefix) is None
