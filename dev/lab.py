"""`make lab`: set everything up inside the clone and open JupyterLab on the example notebook.

Runs on the system's Python before anything is installed: standard library only.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from dev import venv
from dev.steps import DEV_DIR, REPOSITORY, CannotGoOn, say

NOTEBOOK = "examples/forecast.ipynb"

_READY_WITHIN_S = 60.0
_STOPPED_WITHIN_S = 15.0
_JUPYTER = DEV_DIR / "jupyter"


def main(arguments: Sequence[str]) -> int:
    stop_on_signals()
    try:
        venv.prepare("lab")
        _make_environment()
        return serve(arguments)
    except CannotGoOn as error:
        sys.stderr.write(f"make lab: {error}\n")
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


def stop_on_signals() -> None:
    """Let every wish to end it do what Ctrl-C does."""
    # SIGINT too: a shell that starts this in the background has it ignored.
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)


def _interrupt(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _make_environment() -> None:
    command = [str(venv.PYTHON), "-m", "dev.lab_env"]
    done = subprocess.run(command, cwd=REPOSITORY, env=venv.environment(), check=False)
    if done.returncode:
        raise CannotGoOn("there is no environment for the notebook's kernel")


def serve(arguments: Sequence[str]) -> int:
    """Run JupyterLab until it ends or is interrupted, and return the exit code."""
    say("· Starting JupyterLab …")
    # In a session of its own: Ctrl-C reaches this process alone, which then stops the server
    # by SIGTERM. On SIGINT a server asks whether it should, or leaves its kernels running.
    server = subprocess.Popen(
        [venv.PYTHON, "-m", "jupyterlab", *_server_options(), *arguments],
        cwd=REPOSITORY,
        env=_server_environment(),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        url = _url(server)
        say(f"\nJupyterLab is open at\n\n    {url}\n\nCtrl-C stops it and its kernels.\n")
        server.wait()
    except KeyboardInterrupt:
        _stop(server)
        say("\nStopped.")
        return 0
    except CannotGoOn:
        _stop(server)
        raise
    return server.returncode


def _server_options() -> list[str]:
    options = [
        f"--config={Path(__file__).with_name('lab_config.py')}",
        f"--ServerApp.root_dir={REPOSITORY}",
        f"--LabApp.default_url=/lab/tree/{NOTEBOOK}",
    ]
    if sys.platform == "linux" and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        options.append("--no-browser")
    if os.geteuid() == 0:
        options.append("--allow-root")
    return options


def _server_environment() -> dict[str, str]:
    """Keep all that Jupyter and IPython write inside the clone."""
    return {
        **venv.environment(),
        "IPYTHONDIR": str(_JUPYTER / "ipython"),
        "JUPYTER_CONFIG_DIR": str(_JUPYTER / "config"),
        "JUPYTER_DATA_DIR": str(_JUPYTER / "share"),
        "JUPYTER_RUNTIME_DIR": str(_JUPYTER / "runtime"),
        "JUPYTER_TOKEN": secrets.token_hex(16),
    }


def _url(server: subprocess.Popen[bytes]) -> str:
    """Return the address of the notebook, with its token, once the server answers there."""
    facts = _JUPYTER / "runtime" / f"jpserver-{server.pid}.json"
    give_up = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < give_up:
        if server.poll() is not None:
            raise CannotGoOn(f"JupyterLab ended at once, with exit code {server.returncode}")
        with contextlib.suppress(OSError, ValueError, urllib.error.URLError):
            told = json.loads(facts.read_text(encoding="utf-8"))
            token = f"token={told['token']}"
            with urllib.request.urlopen(f"{told['url']}api/status?{token}", timeout=5):
                return f"{told['url']}lab/tree/{NOTEBOOK}?{token}"
        time.sleep(0.1)
    raise CannotGoOn(f"JupyterLab did not answer within {_READY_WITHIN_S:.0f} s")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server, which stops its kernels; another Ctrl-C, or a long wait, kills it."""
    server.terminate()
    try:
        server.wait(_STOPPED_WITHIN_S)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
