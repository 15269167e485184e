"""Make the conda environment of the example notebook's kernel, in `.dev/`, and register it.

Runs in the venv. The channel is the one that conda is configured for (CONDA_CHANNELS, .condarc,
else conda-forge); where none answers within seconds, a local one is made on the spot.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from rattler import Channel

from dev.conda_env import (
    NAME,
    CondaEnvError,
    make_env,
    own_local_env,
    run_python,
    write_kernelspec,
)
from dev.steps import DEV_DIR, CannotGoOn, is_stamped, say, step, write_stamp
from jupyter_envsnap.adapters.condarc import CondaConfiguration

DATA_DIR = DEV_DIR / "jupyter" / "share"
PREFIX = DEV_DIR / "envs" / NAME

_ANSWER_WITHIN_S = 5.0
_SPECS = (
    f"python={sys.version_info.major}.{sys.version_info.minor}",
    "ipykernel",
    "pip",
    "python-dateutil",
)
_STAMP = DEV_DIR / "envs" / f"{NAME}.made-with"


def ensure_env(prefix: Path = PREFIX) -> None:
    """Make the environment, unless it is there and its Python runs, and register its kernel."""
    made_with = f"{sys.base_prefix} {sys.version} {prefix}"
    if not (is_stamped(_STAMP, made_with) and _runs(prefix)):
        _STAMP.unlink(missing_ok=True)
        _make(prefix)
        write_stamp(_STAMP, made_with)
    write_kernelspec(DATA_DIR, prefix)


def _runs(prefix: Path) -> bool:
    try:
        run_python(prefix, "import ipykernel")
    except (CondaEnvError, OSError):
        return False
    return True


def _make(prefix: Path) -> None:
    channels = _configured_channels()
    silent = [channel for channel in channels if not answers(channel)]
    if channels and not silent:
        try:
            with step(f"Making the conda environment {NAME} from {', '.join(channels)}"):
                shutil.rmtree(prefix, ignore_errors=True)
                make_env(prefix, channels=channels, specs=_SPECS)
        except CondaEnvError as error:
            say(f"  that failed: {error}")
        else:
            return
    elif silent:
        say(f"· {silent[0]} did not answer within {_ANSWER_WITHIN_S:.0f} s")
    with step(f"Making the conda environment {NAME} from a local channel, out of this Python"):
        own_local_env(prefix)


def _configured_channels() -> Sequence[str]:
    named = [name.strip() for name in os.environ.get("CONDA_CHANNELS", "").split(",")]
    channels = [name for name in named if name] or list(
        CondaConfiguration(os.environ, Path.home()).channels(str(PREFIX))
    )
    # py-rattler 0.28 looks for `defaults` where it is not.
    return [name for name in channels if name != "defaults"] if channels else ["conda-forge"]


def answers(channel: str) -> bool:
    """Tell whether the channel's index is there, after seconds at most: a lookup can hang too."""
    url = f"{Channel(channel).base_url.rstrip('/')}/noarch/repodata.json"
    answered = threading.Event()

    def ask() -> None:
        try:
            with urllib.request.urlopen(
                urllib.request.Request(url, method="HEAD"),
                timeout=_ANSWER_WITHIN_S,
            ):
                answered.set()
        except (urllib.error.URLError, OSError, ValueError):
            pass
        finally:
            finished.set()

    finished = threading.Event()
    threading.Thread(target=ask, daemon=True).start()
    finished.wait(_ANSWER_WITHIN_S)
    return answered.is_set()


def main() -> int:
    try:
        ensure_env()
    except (CondaEnvError, CannotGoOn) as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
