"""``jupyter envsnap check``: whether an environment still is what its files say."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from jupyter_envsnap.adapters.git import Git
from jupyter_envsnap.adapters.local_files import LocalFiles
from jupyter_envsnap.cli import output, targets
from jupyter_envsnap.cli.arguments import Check
from jupyter_envsnap.cli.diff import text_of
from jupyter_envsnap.cli.status import DIFFERS, DONE
from jupyter_envsnap.cli.wiring import TheOne, writing
from jupyter_envsnap.comparison import Comparison
from jupyter_envsnap.core.wire import DiffQuery, DiffReply

_REFERENCE = "command-line"


def run(asked: Check) -> int:
    """Say what differs; the exit status.

    Raises:
        EnvSnapError, BrokenPipeError

    """
    comparison = Comparison(
        sources=TheOne(targets.sourced(asked)),
        writing=writing(),
        files=LocalFiles(any_name=True),
        repositories=Git(),
    )
    files = asked.files or (asyncio.run(LocalFiles().environment_file(None)),)
    replies = asyncio.run(_compared(comparison, files))
    if asked.json:
        encoded = msgspec.json.encode(dict(zip(files, replies, strict=True)))
        output.write(msgspec.json.format(encoded, indent=2).decode() + "\n", None)
    else:
        for file, reply in zip(files, replies, strict=True):
            _tell(file, reply)
    return DONE if all(reply.same for reply in replies) else DIFFERS


async def _compared(comparison: Comparison, files: Sequence[str]) -> list[DiffReply]:
    queries = (DiffQuery(before=f"file:{file}", after=_REFERENCE) for file in files)
    return [await comparison.diff(query) for query in queries]


def _tell(file: str, reply: DiffReply) -> None:
    if reply.same:
        output.say(f"the environment is what {file} says")
        return
    output.write(text_of(reply), None)
    output.say(
        f"the environment is not what {file} says."
        f" To write down what is installed: jupyter envsnap save {file}"
    )
