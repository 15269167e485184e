"""Steps that say what they do, how long it took, and why they failed. Standard library only."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
DEV_DIR = REPOSITORY / ".dev"

_LOG_LINES_SHOWN = 50


class CannotGoOn(Exception):
    """Something is missing or failed; the message says what, in a line for the reader."""


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Say that it begins, and how many seconds it took."""
    say(f"· {title} …")
    started = time.monotonic()
    yield
    say(f"  done in {time.monotonic() - started:.1f} s")


def run_quietly(
    command: Sequence[str | Path],
    *,
    what: str,
    cwd: Path = REPOSITORY,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run it with its output kept in a log, whose end is shown if it fails."""
    DEV_DIR.mkdir(exist_ok=True)
    log = DEV_DIR / f"{what}.log"
    with log.open("wb") as output:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=None if env is None else dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        say("\n".join(f"  | {line}" for line in lines[-_LOG_LINES_SHOWN:]))
        said = shlex.join(str(part) for part in command)
        raise CannotGoOn(
            f"`{said}` failed with exit code {done.returncode}; all it said is in {log}"
        )


def digest(paths: Iterable[Path], *words: str) -> str:
    """Return a digest of the files' places and contents, and of the words."""
    found = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        found.update(os.fsencode(path))
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def is_stamped(stamp: Path, value: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == value


def write_stamp(stamp: Path, value: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value, encoding="utf-8")
