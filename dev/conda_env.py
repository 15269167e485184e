"""Make the conda environment that `make lab` and the tests use: `climate`.

`python -m dev.conda_env [--prefix P]` makes one from the local channel and prints its prefix.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path

from dev.local_channel import CHANNEL_NAME, inputs_digest, make_channel
from dev.steps import DEV_DIR

NAME = "climate"
DISPLAY_NAME = "Python (climate)"
LOCAL_SPECS = (
    f"python={sys.version_info.major}.{sys.version_info.minor}",
    "ipykernel",
    "pip",
    "python-dateutil",
    "climate-tools",
)


class CondaEnvError(Exception):
    """The environment could not be made; the message says why."""


def local_env(dev_dir: Path = DEV_DIR) -> Path:
    """Return the prefix of `climate`, made from the local channel if it is not there yet.

    It is shared by whoever asks with the same interpreter: read it, do not install into it.
    """
    channel = local_channel(dev_dir)
    prefix = channel.parent / "envs" / NAME
    made = channel.parent / "env-is-made"
    with _locked(dev_dir):
        if not made.is_file():
            _make_local_env(prefix, channel, dev_dir)
            made.touch()
    return prefix


def own_local_env(prefix: Path, dev_dir: Path = DEV_DIR) -> Path:
    """Make another such environment at the prefix, for whoever wants to install into it."""
    if prefix.exists() and not (prefix / "conda-meta").is_dir() and any(prefix.iterdir()):
        raise CondaEnvError(f"{prefix} is no environment, and not empty")
    _make_local_env(prefix, local_channel(dev_dir), dev_dir)
    return prefix


def local_channel(dev_dir: Path = DEV_DIR) -> Path:
    """Return the folder of the local channel, made if it is not there yet."""
    home = dev_dir / "conda" / inputs_digest()
    channel = home / CHANNEL_NAME
    made = home / "channel-is-made"
    with _locked(dev_dir):
        if not made.is_file():
            shutil.rmtree(channel, ignore_errors=True)
            make_channel(channel)
            made.touch()
    return channel


def make_env(
    prefix: Path, *, channels: Sequence[str], specs: Sequence[str], dev_dir: Path = DEV_DIR
) -> None:
    """Solve the specs, install them to the prefix and write its history as conda does."""
    request = {
        "prefix": str(prefix),
        "channels": list(channels),
        "specs": list(specs),
        "cache": str(dev_dir / "conda" / "cache"),
    }
    worker = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("conda_worker.py"))],
        input=json.dumps(request),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    try:
        answer: dict[str, list[str] | str] = json.loads(worker.stdout)
    except json.JSONDecodeError as error:
        raise CondaEnvError(f"the solver died with exit code {worker.returncode}") from error
    if "error" in answer:
        raise CondaEnvError(str(answer["error"]))
    _write_history(prefix, list(answer["records"]), specs)
    run_python(prefix, f"import sys; assert sys.prefix == {str(prefix)!r}, sys.prefix")


def write_kernelspec(
    data_dir: Path, prefix: Path, *, name: str = NAME, display_name: str = DISPLAY_NAME
) -> Path:
    """Register the environment's kernel in a Jupyter data directory and return its folder."""
    folder = data_dir / "kernels" / name
    folder.mkdir(parents=True, exist_ok=True)
    spec = {
        "argv": [
            str(prefix / "bin" / "python"),
            "-m",
            "ipykernel_launcher",
            "-f",
            "{connection_file}",
        ],
        "display_name": display_name,
        "language": "python",
        "metadata": {"debugger": True},
    }
    (folder / "kernel.json").write_text(f"{json.dumps(spec, indent=1)}\n", encoding="utf-8")
    return folder


def _make_local_env(prefix: Path, channel: Path, dev_dir: Path) -> None:
    shutil.rmtree(prefix, ignore_errors=True)
    make_env(prefix, channels=[channel.as_uri()], specs=LOCAL_SPECS, dev_dir=dev_dir)


def _write_history(prefix: Path, records: Sequence[str], specs: Sequence[str]) -> None:
    """Write the revision that py-rattler leaves out (conda/history.py, CEP 32)."""
    lines = [
        f"==> {datetime.now(timezone.utc):%Y-%m-%d %H:%M:%S} <==",
        f"# cmd: {Path(__file__).name} {' '.join(specs)}",
        *(f"+{record}" for record in records),
        f"# update specs: {list(specs)}",
    ]
    (prefix / "conda-meta" / "history").write_text("\n".join(lines) + "\n", encoding="utf-8")


def run_python(prefix: Path, code: str) -> None:
    """Run the code in the environment's Python, or raise CondaEnvError."""
    done = subprocess.run(
        [str(prefix / "bin" / "python"), "-I", "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise CondaEnvError(f"the Python in {prefix} does not work: {lines[-1]}")


@contextlib.contextmanager
def _locked(dev_dir: Path) -> Iterator[None]:
    """Let one process at a time make an environment."""
    dev_dir.mkdir(parents=True, exist_ok=True)
    with (dev_dir / "conda.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prefix", type=Path, help="make one here, to install into")
    parser.add_argument("--kernelspec", type=Path, help="register its kernel in this data folder")
    arguments = parser.parse_args()
    try:
        prefix = own_local_env(arguments.prefix.absolute()) if arguments.prefix else local_env()
    except CondaEnvError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if arguments.kernelspec:
        write_kernelspec(arguments.kernelspec, prefix)
    sys.stdout.write(f"{prefix}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
