"""A real conda environment, with a real kernel, for tests. See dev/conda_env.py."""

from __future__ import annotations

from pathlib import Path

from dev.conda_env import local_env, own_local_env, write_kernelspec
from dev.local_channel import CHANNEL_NAME, CLIMATE_TOOLS_VERSION

ONLY_HERE = f"climate-tools=={CLIMATE_TOOLS_VERSION}"
"""The line of the environment's YAML that no other environment's has."""

__all__ = [
    "CHANNEL_NAME",
    "ONLY_HERE",
    "local_channel_url",
    "local_env",
    "own_local_env",
    "write_kernelspec",
]


def local_channel_url(prefix: Path) -> str:
    """Return the URL of the channel that a `local_env` prefix was installed from."""
    return (prefix.parents[1] / CHANNEL_NAME).as_uri()
