"""What the command line writes documents with: the same as the server's, over its own adapters."""

from __future__ import annotations

from jupyter_envsnap.adapters.checkouts import GitCheckouts
from jupyter_envsnap.adapters.environments import PrefixReader
from jupyter_envsnap.cli.arguments import Command
from jupyter_envsnap.core.groups import DEFAULTS, Groups
from jupyter_envsnap.placing import Placing
from jupyter_envsnap.writing import Writing


def writing_for(asked: Command) -> Writing:
    """Writes what a command asks for."""
    return Writing(
        environments=PrefixReader(), placing=Placing(GitCheckouts()), groups=_groups(asked)
    )


def _groups(asked: Command) -> Groups:
    if not asked.without:
        return DEFAULTS  # nobody asks for them, and reading Jupyter's configuration takes time
    from jupyter_envsnap.cli.installed import configured_groups  # noqa: PLC0415

    return {**DEFAULTS, **configured_groups()}
