"""The environment that the command line names."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from jupyter_envsnap.cli.arguments import Target
from jupyter_envsnap.core.errors import NotAnEnvironment, PrefixMissing, PrefixUnreadable
from jupyter_envsnap.core.model import Prefix
from jupyter_envsnap.core.ports import Sourced


def sourced(asked: Target) -> Sourced:
    """What is installed there.

    Raises:
        PrefixError, KernelError

    """
    # Each way has its own imports: a prefix is read without loading Jupyter.
    if asked.kernel_id is not None:
        from jupyter_envsnap.cli.running import source_of  # noqa: PLC0415

        return source_of(asked.kernel_id)
    if asked.kernel is not None:
        from jupyter_envsnap.cli.installed import prefix_of  # noqa: PLC0415

        prefix = prefix_of(asked.kernel)
    else:
        prefix = prefix_at(asked.prefix or sys.prefix)
    from jupyter_envsnap.adapters.environments import PrefixReader  # noqa: PLC0415

    environment = asyncio.run(PrefixReader().read(prefix))
    return Sourced(environment=environment, prefix=prefix.path, how=None, place=prefix)


def prefix_at(path: str) -> Prefix:
    """The environment in a folder; raises PrefixError where there is none."""
    from jupyter_envsnap.adapters.prefixes import probe  # noqa: PLC0415

    try:
        prefix = probe(Path(path))
    except FileNotFoundError as error:  # a relative path, and the current folder is gone
        raise PrefixMissing("The current folder was deleted.", path=path) from error
    if prefix is not None:
        return prefix
    if not os.path.lexists(path):
        raise PrefixMissing(f"There is no folder {path}.", path=path)
    try:
        os.scandir(path).close()
    except PermissionError as error:
        raise PrefixUnreadable(
            f"{path} cannot be read: {error.strerror}. Ask whom it belongs to.", path=path
        ) from error
    except OSError:
        pass  # no folder: said below
    raise NotAnEnvironment(
        f"{path} is not the folder of an environment: it holds no conda-meta, no pyvenv.cfg"
        " and no Python.",
        path=path,
    )
