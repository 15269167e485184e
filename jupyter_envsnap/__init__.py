"""Snapshots of the environment that a notebook's kernel runs in."""

from __future__ import annotations

__version__ = "0.1.0"


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    # Imported here: the command line and the core do without a server.
    from jupyter_envsnap.server.app import EnvSnapApp  # noqa: PLC0415

    return [{"module": "jupyter_envsnap.server.app", "app": EnvSnapApp}]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyter-envsnap"}]
