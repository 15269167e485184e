"""``jupyter envsnap export``: an environment as a document or as JSON."""

from __future__ import annotations

import msgspec

from jupyter_envsnap.cli import output, targets
from jupyter_envsnap.cli.arguments import Export
from jupyter_envsnap.cli.status import DONE
from jupyter_envsnap.core import documents


def run(asked: Export) -> int:
    """Write what was asked for, tell its findings; the exit status.

    Raises:
        EnvSnapError, BrokenPipeError

    """
    environment = targets.environment(asked)
    if asked.json:
        text = msgspec.json.format(msgspec.json.encode(environment), indent=2).decode() + "\n"
        findings = environment.findings
    else:
        document = documents.write(environment, asked.query)
        text, findings = document.text, (*environment.findings, *document.findings)
    for finding in findings:
        output.say(f"{finding.message} [{finding.code}]")
    output.write(text, asked.output)
    if asked.output not in {None, "-"}:
        counts = f"{len(environment.conda)} conda, {len(environment.pypi)} PyPI packages"
        output.say(f"wrote {asked.output}: {counts}")
    return DONE
