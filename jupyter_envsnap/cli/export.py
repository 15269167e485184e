"""``jupyter envsnap export``: an environment as a document or as JSON."""

from __future__ import annotations

import asyncio
import os

import msgspec

from jupyter_envsnap.cli import output, targets
from jupyter_envsnap.cli.arguments import Export
from jupyter_envsnap.cli.status import DONE
from jupyter_envsnap.cli.wiring import writing
from jupyter_envsnap.core.sidecar import sidecar
from jupyter_envsnap.placing import Home


def run(asked: Export) -> int:
    """Write what was asked for, tell its findings; the exit status.

    Raises:
        EnvSnapError, BrokenPipeError

    """
    sourced = targets.sourced(asked)
    environment = sourced.environment
    if asked.json:
        text = msgspec.json.format(msgspec.json.encode(environment), indent=2).decode() + "\n"
        findings = environment.findings
    else:
        written = writing().document(sourced, asked.query, _home(asked))
        document = asyncio.run(written)
        text, findings = document.text, document.findings
    for finding in findings:
        output.say(output.told(finding))
    output.write(text, asked.output)
    if asked.output not in {None, "-"}:
        counts = f"{len(environment.conda)} conda, {len(environment.pypi)} PyPI packages"
        output.say(f"wrote {asked.output}: {counts}")
    if asked.sidecar is not None:
        output.write(sidecar(environment), asked.sidecar)
        if asked.sidecar != "-":
            output.say(f"wrote {asked.sidecar}: what no such file can say")
    return DONE


def _home(asked: Export) -> Home:
    """The file that the document is for, as far as that is known."""
    name = asked.output or "-"
    folder = os.curdir if name == "-" else os.path.dirname(name) or os.curdir  # noqa: PTH120
    return Home(path=name, folder=os.path.realpath(folder))
