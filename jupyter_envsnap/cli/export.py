"""``jupyter envsnap export``: an environment as a document or as JSON."""

from __future__ import annotations

import msgspec

from jupyter_envsnap.cli import output, targets
from jupyter_envsnap.cli.arguments import Export
from jupyter_envsnap.cli.status import DONE
from jupyter_envsnap.core import documents
from jupyter_envsnap.core.model import Environment


def run(asked: Export) -> int:
    """Write what was asked for, tell its findings; the exit status.

    Raises:
        EnvSnapError, BrokenPipeError

    """
    environment = targets.environment(asked)
    text = _text(environment, asked)
    for finding in environment.findings:
        output.say(f"{finding.message} [{finding.code}]")
    output.write(text, asked.output)
    if asked.output not in {None, "-"}:
        counts = f"{len(environment.conda)} conda, {len(environment.pypi)} PyPI packages"
        output.say(f"wrote {asked.output}: {counts}")
    return DONE


def _text(environment: Environment, asked: Export) -> str:
    if asked.json:
        return msgspec.json.format(msgspec.json.encode(environment), indent=2).decode() + "\n"
    return documents.write(environment, **asked.document).text
