"""``jupyter envsnap diff``: what changed between two environments, files or revisions."""

from __future__ import annotations

import asyncio
import os

import msgspec

from jupyter_envsnap.adapters.git import Git
from jupyter_envsnap.adapters.local_files import LocalFiles
from jupyter_envsnap.cli import output
from jupyter_envsnap.cli.arguments import Diff
from jupyter_envsnap.cli.status import DIFFERS, DONE
from jupyter_envsnap.cli.wiring import writing
from jupyter_envsnap.comparison import Comparison
from jupyter_envsnap.core.change_words import fact_words, signed, words
from jupyter_envsnap.core.errors import ReferenceInvalid
from jupyter_envsnap.core.names import displayable
from jupyter_envsnap.core.ports import Sourced
from jupyter_envsnap.core.wire import DiffQuery, DiffReply

_KINDS = frozenset({"file", "rev", "snapshot", "kernel", "prefix"})
_PREFIX = "prefix:"


class _Named:
    """Environments that a command line can name; implements ``ports.Sources``."""

    async def source(self, reference: str) -> Sourced:
        kind, _, name = reference.partition(":")
        # Each way has its own imports.
        if kind == "kernel":
            from jupyter_envsnap.cli.running import source_of  # noqa: PLC0415

            return await asyncio.to_thread(source_of, name)
        if kind == "snapshot":
            from jupyter_envsnap.cli.installed import kept  # noqa: PLC0415

            return await kept(name)
        if kind == "prefix":
            return await _installed_in(name)
        raise ReferenceInvalid("This names no environment.", reference=displayable(reference))

    async def record(self, *_: object) -> None:
        """Keep no history: that belongs to the server."""


def run(asked: Diff) -> int:
    """Say what changed; the exit status.

    Raises:
        EnvSnapError, BrokenPipeError

    """
    comparison = Comparison(
        sources=_Named(), writing=writing(), files=LocalFiles(any_name=True), repositories=Git()
    )
    query = DiffQuery(before=_reference(asked.before), after=_reference(asked.after))
    reply = asyncio.run(comparison.diff(query))
    if asked.json:
        output.write(
            msgspec.json.format(msgspec.json.encode(reply), indent=2).decode() + "\n", None
        )
    else:
        output.write(text_of(reply), None)
    return DONE if reply.same else DIFFERS


def _reference(text: str) -> str:
    """A bare path is an environment's folder or a file."""
    if text.partition(":")[0] in _KINDS:
        return text
    return f"{_PREFIX}{text}" if os.path.isdir(text) else f"file:{text}"  # noqa: PTH112


async def _installed_in(path: str) -> Sourced:
    from jupyter_envsnap.adapters.environments import PrefixReader  # noqa: PLC0415
    from jupyter_envsnap.cli.targets import prefix_at  # noqa: PLC0415

    prefix = prefix_at(path)
    environment = await PrefixReader().read(prefix)
    return Sourced(environment=environment, prefix=prefix.path, how=None, place=prefix)


def text_of(reply: DiffReply) -> str:
    """A line for each change; what was pulled in stands apart."""
    told = [change for change in reply.changes.packages if change.change != "details"]
    asked = [signed(words(change)) for change in told if change.requested]
    pulled_in = [signed(words(change)) for change in told if not change.requested]
    facts = [signed(fact_words(fact)) for fact in reply.changes.facts]
    parts = [asked, ["# pulled in", *pulled_in] if pulled_in else [], facts]
    return "\n".join("".join(f"{line}\n" for line in part) for part in parts if part)
