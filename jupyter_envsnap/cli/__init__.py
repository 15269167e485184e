"""``jupyter envsnap``: the use cases without a server."""

from jupyter_envsnap.cli.command import main

__all__ = ["main"]
