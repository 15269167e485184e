"""The environment of an installed kernel, by what its kernelspec says."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_core.application import JupyterApp
from jupyter_core.paths import jupyter_data_dir
from traitlets import Dict, List, Type, Unicode

from jupyter_envsnap.adapters.history import SqliteHistory
from jupyter_envsnap.adapters.kernelspecs import spec_candidates
from jupyter_envsnap.cli import output
from jupyter_envsnap.core.errors import KernelNotFound, KernelWithoutEnvironment, SnapshotNotFound
from jupyter_envsnap.core.groups import Groups
from jupyter_envsnap.core.model import Prefix
from jupyter_envsnap.core.ports import Sourced


class EnvSnapCommand(JupyterApp):
    """The configuration of the command line: ``jupyter_config`` and ``jupyter_envsnap_config``."""

    name = "envsnap"
    config_file_name = "jupyter_envsnap_config"  # as the server has it
    kernel_spec_manager_class = Type(
        KernelSpecManager, help="Where the names of kernels are looked up."
    ).tag(config=True)
    groups = Dict(
        value_trait=List(Unicode()),
        key_trait=Unicode(),
        help="Groups of packages that a document can leave out, by name.",
    ).tag(config=True)


def configured_groups() -> Groups:
    """The user's own groups, of the server's configuration or of the command line's."""
    command = _command()
    own = dict(command.groups)
    # Both applications read the same files; a section for the server counts here too.
    of_server = command.config.get("EnvSnapApp", {}).get("groups", {})
    return {name: tuple(each) for name, each in {**of_server, **own}.items()}


def _path_of_history() -> Path:
    own = _command().config.get("EnvSnapApp", {}).get("history_path", "")
    return Path(own or Path(jupyter_data_dir(), "envsnap", "history.sqlite")).expanduser()


@asynccontextmanager
async def open_history(*, make: bool = False) -> AsyncIterator[SqliteHistory]:
    """The user's own, which the server writes too; raises SnapshotNotFound where there is none."""
    path = _path_of_history()
    if not make and not await asyncio.to_thread(path.exists):
        raise SnapshotNotFound("No history is kept here yet.", path=str(path))
    history = SqliteHistory(path)
    try:
        yield history
    finally:
        await history.close()


async def kept(snapshot_id: str) -> Sourced:
    """An environment of the history; raises HistoryError."""
    async with open_history() as history:
        snapshot, environment = await history.get(snapshot_id)
    return Sourced(environment=environment, prefix=snapshot.prefix, how=snapshot.how)


def prefix_of(name: str) -> Prefix:
    """The prefix that the kernelspec names.

    Raises:
        KernelNotFound, KernelWithoutEnvironment

    """
    candidates = spec_candidates(_spec(name), os.environ)
    if not candidates:
        raise KernelWithoutEnvironment(
            f"The kernelspec {name} does not say in which environment its kernel runs."
            " Start the kernel and use --kernel-id, or name the folder with --prefix.",
            kernel=name,
        )
    best = candidates[0]
    if best.confidence == "unsure":
        output.say(f"kernel {name}: the environment may be another than {best.prefix.path}")
    return best.prefix


def _command() -> EnvSnapCommand:
    # Never initialized: that would make Jupyter's folders and install log handlers.
    command = EnvSnapCommand()
    command.load_config_file()
    return command


def _spec(name: str) -> KernelSpec:
    command = _command()
    specs = command.kernel_spec_manager_class(parent=command)
    try:
        return specs.get_kernel_spec(name)
    except NoSuchKernel as error:
        known = ", ".join(sorted(specs.find_kernel_specs())) or "none"
        raise KernelNotFound(
            f"There is no kernel named {name}. Installed: {known}.", kernel=name
        ) from error
    except (OSError, ValueError) as error:
        raise KernelNotFound(
            f"The kernelspec {name} cannot be read: {error}.", kernel=name
        ) from error
