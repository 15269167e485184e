"""What the tests of the command line share."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def venv(tmp_path_factory) -> Path:
    """A small environment with one package: `tiny` 1.0."""
    prefix = tmp_path_factory.mktemp("cli") / "small"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", prefix], check=True, timeout=60)
    (packages,) = prefix.glob("lib/python*/site-packages")
    info = packages / "tiny-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
    (info / "RECORD").write_text("")
    return prefix


@pytest.fixture
def envsnap(tmp_path) -> Callable[..., tuple[int, str, str]]:
    """Run the command in a home of its own; its status, standard output and standard error."""
    # The tests of the server run without the user's configuration.
    environ = {name: value for name, value in os.environ.items() if name != "JUPYTER_NO_CONFIG"}
    folders = {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
    }

    def run(*argv: object, **variables: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "jupyter_envsnap.cli", *map(str, argv)],
            cwd=tmp_path,
            env={**environ, **folders, **variables},
            capture_output=True,
            check=False,
            timeout=60,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return run
