"""What is published: the sdist and the wheel, and what installing them gives."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from dev.package import Distributions, ensure_distributions

pytestmark = pytest.mark.package

PAGE = "share/jupyter/labextensions/jupyter-envsnap"
SERVER_CONFIG = "etc/jupyter/jupyter_server_config.d/jupyter_envsnap.json"


@pytest.fixture(scope="module")
def distributions() -> Distributions:
    return ensure_distributions()


@pytest.fixture(scope="module")
def installed(distributions, tmp_path_factory):
    """The commands of a venv that the sdist was installed into, with no node on the PATH."""
    venv = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    without_node = tmp_path_factory.mktemp("bin")
    env = {**os.environ, "PATH": str(without_node)}
    command = [venv / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
    subprocess.run(
        [*command, "install", "--quiet", distributions.sdist, "jupyterlab"], check=True, env=env
    )
    return venv / "bin"


def names_in_wheel(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name.partition(".data/data/")[2] or name for name in archive.namelist()}


def names_in_sdist(sdist: Path) -> set[str]:
    with tarfile.open(sdist) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


def test_wheel_has_the_package_the_page_and_the_server_configuration(distributions):
    names = names_in_wheel(distributions.wheel)

    assert {
        "jupyter_envsnap/server/app.py",
        "jupyter_envsnap/server/openapi.json",
        f"{PAGE}/package.json",
        f"{PAGE}/install.json",
        f"{PAGE}/schemas/jupyter-envsnap/package.json.orig",
        SERVER_CONFIG,
    } <= names
    assert any(name.startswith(f"{PAGE}/static/remoteEntry.") for name in names)


def test_wheel_has_the_page_once_and_no_source_map(distributions):
    names = names_in_wheel(distributions.wheel)

    assert not [name for name in names if name.startswith("jupyter_envsnap/labextension")]
    assert not [name for name in names if name.endswith(".map")]


def test_sdist_has_the_built_page_and_what_it_is_built_from(distributions):
    names = names_in_sdist(distributions.sdist)

    assert {
        "LICENSE",
        "PKG-INFO",
        "hatch_build.py",
        "jupyter_envsnap/labextension/package.json",
        "labextension/builder.config.cjs",
        "labextension/package-lock.json",
        "labextension/src/index.ts",
    } <= names


def test_sdist_has_nothing_that_is_only_installed_or_made(distributions):
    made = {"node_modules", "lib", ".venv", ".dev", "test-results", "__pycache__", ".git"}

    found = {
        name
        for name in names_in_sdist(distributions.sdist)
        if made & set(name.split("/")) and not name.startswith("jupyter_envsnap/labextension/")
    }

    assert found == set()


def test_sdist_installs_without_node_and_enables_the_server_extension(installed):
    told = what_jupyter_says(installed, "server", "extension", "list")

    assert "jupyter_envsnap enabled" in told
    assert "jupyter_envsnap 0.1.0 OK" in told


def test_sdist_installs_without_node_and_enables_the_page(installed):
    told = what_jupyter_says(installed, "labextension", "list")

    assert "jupyter-envsnap v0.1.0 enabled OK (python, jupyter-envsnap)" in told


def what_jupyter_says(commands: Path, *arguments: str) -> str:
    """Its output without colours, all spaces alike."""
    done = subprocess.run(
        [commands / "jupyter", *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PATH": str(commands)},
    )
    return " ".join(re.sub(r"\x1b\[\d+m", "", done.stdout + done.stderr).split())
