"""Which command lines change which prefix."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jupyter_envsnap.adapters.installers import RunningInstallers
from jupyter_envsnap.adapters.installing import Call, installer
from jupyter_envsnap.core.model import Prefix
from jupyter_envsnap.core.ports import AtWork

AT = "/envs/climate"
VENV = "/repo/project/.venv"
PIXI = "/repo/project/.pixi/envs/default"
PYTHON = f"{AT}/bin/python"
CONDA = ["/opt/conda/bin/python", "/opt/conda/bin/conda"]
IN_BASE = {"CONDA_PREFIX": "/opt/conda", "CONDA_EXE": "/opt/conda/bin/conda"}
"""What a conda that is activated says of itself."""


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ([PYTHON, "-m", "pip", "install", "polars"], "pip"),
        ([PYTHON, "-s", "-E", "-m", "pip", "install", "polars"], "pip"),
        ([PYTHON, f"{AT}/bin/pip", "uninstall", "-y", "polars"], "pip"),
        ([f"{AT}/bin/python3.11", f"{AT}/bin/pip3.11", "install", "x"], "pip"),
        (["/envs/other/bin/python", "-m", "pip", "install", "polars"], None),
        ([PYTHON, "-m", "pip", "list"], None),
        (["micromamba", "install", "-p", AT, "numpy"], "micromamba"),
        (["conda", "install", "-n", "climate", "numpy"], "conda"),
        (["conda", "create", "-n", "other", "numpy"], None),
        ([*CONDA, "install", "-n", "base", "numpy"], None),
        (["mamba", "install", "--name=other", "numpy"], None),
        (["micromamba", "install", "--prefix=/envs/other", "numpy"], None),
        (["uv", "pip", "install", "-p", PYTHON, "polars"], "uv"),
        (["uv", "pip", "install", "--python=/envs/other/bin/python", "polars"], None),
        (["uv", "tool", "install", "ruff"], None),
        (["uv", "-q", "tool", "install", "ruff"], None),
        ([PYTHON, "-m", "pip", "--python", "/envs/other/bin/python", "install", "x"], None),
        (["/opt/pip", "--python", PYTHON, "install", "x"], "pip"),
        (["/opt/pip", f"--python={AT}", "install", "x"], "pip"),
        (["pixi", "add", "polars"], None),
        (["conda", "info"], None),
        (["vim", "pip", "install"], None),
        ([], None),
    ],
)
def test_an_installer_is_known_by_its_command(command, found):
    assert installer(Call(command=command), AT) == (found and AtWork(name=found, sure=True))


@pytest.mark.parametrize(
    ("command", "environ", "folder", "prefix", "meant"),
    [
        ([*CONDA, "install", "numpy"], IN_BASE, "/", AT, False),
        ([*CONDA, "install", "numpy"], IN_BASE, "/", "/opt/conda", True),
        ([*CONDA, "install", "numpy"], {"CONDA_PREFIX": AT}, "/", AT, True),
        ([*CONDA, "install", "numpy"], {}, "/", "/opt/conda", True),
        (["conda", "install", "-n", "base", "numpy"], IN_BASE, "/", "/opt/conda", True),
        (["conda", "install", "-n", "base", "numpy"], IN_BASE, "/", AT, False),
        (["conda", "install", "-p", "./climate", "numpy"], {}, "/envs", AT, True),
        (["conda", "install", "-p", "./climate", "numpy"], {}, "/other", AT, False),
        (["micromamba", "update", "-n", "base"], {"MAMBA_ROOT_PREFIX": "/m"}, "/", AT, False),
        (["conda", "env", "update", "-f", "a.yml"], IN_BASE, "/", AT, None),
        (["uv", "sync"], {}, "/repo/other", VENV, False),
        (["uv", "sync"], {}, "/repo/project/src", VENV, True),
        (["uv", "sync"], {"VIRTUAL_ENV": AT}, "/repo/other", AT, False),
        (["uv", "sync", "--active"], {"VIRTUAL_ENV": AT}, "/repo/other", AT, True),
        (["uv", "add", "x"], {"UV_PROJECT_ENVIRONMENT": AT}, "/repo/project", AT, True),
        (["uv", "add", "--project", "../project", "x"], {}, "/repo/other", VENV, True),
        (["uv", "pip", "install", "x"], {"VIRTUAL_ENV": AT}, "/repo/project", AT, True),
        (["uv", "pip", "install", "x"], {"VIRTUAL_ENV": AT}, "/repo/project", VENV, False),
        (["uv", "-q", "pip", "install", "x"], {"VIRTUAL_ENV": AT}, "/repo/project", AT, True),
        (["uv", "-q", "pip", "install", "x"], {"VIRTUAL_ENV": AT}, "/repo/project", VENV, False),
        (["uv", "--color", "never", "pip", "install", "x"], {"VIRTUAL_ENV": AT}, "/", AT, True),
        (["uv", "add", "pip"], {"VIRTUAL_ENV": AT}, "/repo/project", VENV, True),
        (["pip", "--python", "bin/python", "install", "x"], {}, AT, AT, True),
        (["pip", "--python", "bin/python", "install", "x"], None, None, AT, None),
        (["uv", "pip", "install", "x"], {"CONDA_PREFIX": AT}, "/", AT, True),
        (["uv", "pip", "install", "x"], IN_BASE, "/repo/project", VENV, True),
        (["uv", "pip", "install", "--system", "x"], {}, "/", AT, None),
        (["pixi", "add", "x"], {}, "/repo/project/src", PIXI, True),
        (["pixi", "add", "x"], {}, "/repo/other", PIXI, False),
        (["pixi", "add", "--manifest-path=/repo/project", "x"], {}, "/", PIXI, True),
    ],
)
def test_whether_an_environment_is_meant_is_told_by_where_the_process_is(
    command, environ, folder, prefix, meant
):
    found = installer(Call(command=command, environ=environ, folder=folder), prefix)

    assert (found.sure or None if found else False) == meant


@pytest.mark.parametrize(
    "command", [["uv", "sync"], ["conda", "update", "--all"], ["python", "-m", "pip", "install"]]
)
def test_of_a_process_that_tells_nothing_it_is_not_known(command):
    assert installer(Call(command=command), AT).sure is False


@pytest.mark.parametrize("named", ["bin", "activated"])
def test_a_python_is_looked_up_as_its_shell_did(tmp_path, named):
    """As in ``python -m pip``: what the system calls the process is another environment's."""
    prefix = tmp_path / "climate"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "activated").symlink_to(prefix)
    at = {"bin": prefix, "activated": tmp_path / "activated"}[named] / "bin"
    call = Call(
        command=["python", "-m", "pip", "install", "x"],
        environ={"PATH": f"{at}{os.pathsep}{os.environ['PATH']}"},
        folder="/",
    )

    assert installer(call, str(prefix)) == AtWork(name="pip", sure=True)
    assert installer(call, sys.prefix) is None


@contextmanager
def waiting(script: Path, *command: str, **started: object) -> Iterator[None]:
    """A python that calls itself by the script's name, and waits until it is told to end."""
    script.write_text("import sys; print('ready', flush=True); sys.stdin.read()")
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **started)
    try:
        process.stdout.readline()
        yield
    finally:
        process.communicate()


async def test_one_that_runs_is_found_and_one_that_ended_is_not(tmp_path):
    prefix = Prefix(path=sys.prefix, kind="venv")
    pip = tmp_path / "pip"
    with waiting(pip, f"{sys.prefix}/bin/python", "-S", str(pip), "install", "x"):
        assert await RunningInstallers().at_work(prefix) == AtWork(name="pip", sure=True)
    assert await RunningInstallers().at_work(prefix) is None


async def test_one_that_was_started_by_a_bare_name_is_found(tmp_path):
    pip = tmp_path / "pip"
    environ = {**os.environ, "PATH": f"{sys.prefix}/bin{os.pathsep}{os.environ['PATH']}"}
    with waiting(pip, "python", "-S", "pip", "install", "x", cwd=tmp_path, env=environ):
        found = await RunningInstallers().at_work(Prefix(path=sys.prefix, kind="venv"))
    assert found == AtWork(name="pip", sure=True)


async def test_one_that_works_on_another_project_is_none_of_this(tmp_path):
    uv = tmp_path / "uv"
    own, other = tmp_path / ".venv", tmp_path / "other" / ".venv"
    with waiting(uv, sys.executable, "-S", str(uv), "sync", cwd=tmp_path):
        assert await RunningInstallers().at_work(Prefix(path=str(other), kind="venv")) is None
        found = await RunningInstallers().at_work(Prefix(path=str(own), kind="venv"))
    assert found == AtWork(name="uv", sure=True)
