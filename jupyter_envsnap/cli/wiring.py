"""What the command line writes documents with: the same as the server's, over its own adapters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from jupyter_envsnap.adapters.checkouts import GitCheckouts
from jupyter_envsnap.adapters.environments import PrefixReader
from jupyter_envsnap.core.groups import DEFAULTS, Groups
from jupyter_envsnap.core.model import Reason
from jupyter_envsnap.core.ports import Sourced
from jupyter_envsnap.placing import Placing
from jupyter_envsnap.writing import Writing


def writing() -> Writing:
    """Writes what a command asks for."""
    return Writing(
        environments=PrefixReader(), placing=Placing(GitCheckouts()), groups=_ConfiguredGroups()
    )


class TheOne:
    """The one environment that the command line names; implements ``ports.Sources``."""

    def __init__(self, sourced: Sourced) -> None:
        self._sourced = sourced

    async def source(self, reference: str) -> Sourced:  # noqa: ARG002 - there is no other
        return self._sourced

    async def record(self, sourced: Sourced, reason: Reason, note: str | None) -> None:
        """Keep no history: that belongs to the server."""


class _ConfiguredGroups(Mapping[str, tuple[str, ...]]):
    """The user's own groups beside ours; to read Jupyter's configuration waits for the question."""

    @cached_property
    def _groups(self) -> Groups:
        from jupyter_envsnap.cli.installed import configured_groups  # noqa: PLC0415

        return {**DEFAULTS, **configured_groups()}

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return self._groups[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._groups)

    def __len__(self) -> int:
        return len(self._groups)
