"""See to a Chromium for the browser tests. Standard library only."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from dev import venv
from dev.programs import can_install, install
from dev.steps import CannotGoOn, run_quietly, step

_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def ensure_chromium(ui_tests: Path) -> str:
    """Return a browser's executable, installed by apt or by Playwright if there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        if not shutil.which(named):
            raise CannotGoOn(f"CHROMIUM names {named}, which is no program")
        return named
    found = _on_path()
    if found is None and can_install():
        install("chromium")
        found = _on_path()
    return found or _from_playwright(ui_tests)


def _on_path() -> str | None:
    return next((path for name in _COMMANDS if (path := shutil.which(name))), None)


def _from_playwright(ui_tests: Path) -> str:
    try:
        with step("Installing Playwright's Chromium"):
            run_quietly(
                ["npx", "playwright", "install", "chromium"],
                what="playwright-install",
                cwd=ui_tests,
                env=venv.environment(),
            )
    except CannotGoOn as error:
        raise CannotGoOn(
            "The browser tests need Chromium: install it so that `chromium` is on the PATH,"
            f" or name it in CHROMIUM ({error})"
        ) from error
    code = "process.stdout.write(require('playwright-core').chromium.executablePath())"
    answer = subprocess.run(
        ["node", "-e", code],
        cwd=ui_tests,
        env=venv.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout
