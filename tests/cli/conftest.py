"""What the tests of the command line share."""

from __future__ import annotations

import subprocess
import sys
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
