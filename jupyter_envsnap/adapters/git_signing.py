"""Signing a commit without a window that asks for a passphrase."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from jupyter_envsnap.adapters.git_facts import GitFacts, Work

_GNUPG: Final = frozenset({"gpg", "gpg2"})
"""Others, such as a key manager's own, may not know GnuPG's options."""
_SETTINGS: Final = r"^(commit\.gpgsign|gpg\.format|gpg\.program|gpg\.openpgp\.program)$"


async def gnupg(ask: GitFacts, work: Work) -> str | None:
    """The GnuPG that a commit here will be signed with, if with any."""
    program, settings = "gpg", await ask.settings(work, _SETTINGS)
    for name, value in settings:
        if name.endswith(".program"):
            program = value
    names = dict(settings)
    is_openpgp = names.get("gpg.format", "openpgp") == "openpgp"
    signs = "commit.gpgsign" in names and is_openpgp and Path(program).name in _GNUPG
    return program if signs else None


@contextmanager
def unasked(program: str | None) -> Iterator[tuple[str, ...]]:
    """Arguments by which git signs with what GnuPG's agent has unlocked, and with nothing else.

    git can give GnuPG no option of the user's; a small program can.
    """
    if program is None or sys.platform == "win32":
        yield ()
        return
    try:
        folder = TemporaryDirectory(prefix="envsnap-", ignore_cleanup_errors=True)
    except OSError:  # running git itself will tell
        yield ()
        return
    with folder as place:
        script = Path(place, "gpg")
        script.write_text(f'#!/bin/sh\nexec {shlex.quote(program)} --pinentry-mode error "$@"\n')
        script.chmod(0o700)
        # Not where temporary files may not be run.
        is_runnable = os.access(script, os.X_OK)
        yield ("-c", f"gpg.openpgp.program={script}") if is_runnable else ()
