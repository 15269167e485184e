"""Text to standard output or to a file, messages to standard error."""

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from jupyter_envsnap.core.errors import (
    SaveError,
    SaveFailed,
    TargetNoSpace,
    TargetReadOnly,
    TargetRefused,
)
from jupyter_envsnap.core.model import Finding

_BY_ERRNO: dict[int | None, type[SaveError]] = {
    errno.ENOSPC: TargetNoSpace,
    errno.EDQUOT: TargetNoSpace,
    errno.EACCES: TargetReadOnly,
    errno.EPERM: TargetReadOnly,
    errno.EROFS: TargetReadOnly,
    errno.EISDIR: TargetRefused,
    errno.ENOENT: TargetRefused,
    errno.ENOTDIR: TargetRefused,
}


def say(message: str) -> None:
    """One line on standard error."""
    # A closed one is None, and print would then fall back on standard output.
    if sys.stderr is not None:
        try:
            print(f"envsnap: {message}", file=sys.stderr, flush=True)
        except OSError:  # nobody reads it; the exit status still tells
            _forget(sys.stderr)


def told(finding: Finding) -> str:
    """A finding as one line: what is so, what to do, its code."""
    advice = f" {finding.advice}" if finding.advice else ""
    return f"{finding.message}{advice} [{finding.code}]"


def write(text: str, file: str | None) -> None:
    """UTF-8 with LF wherever it goes, whatever the locale and the system say.

    Raises:
        SaveError, BrokenPipeError

    """
    data = text.encode()
    if file is None or file == "-":
        _to_stdout(data)
        return
    try:
        _to_file(data, Path(file))
    except OSError as error:
        raise _failure(error, file) from error


def flush() -> None:
    """Let standard output go; raises BrokenPipeError where nobody reads it any more."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _forget(sys.stdout)
        raise


def _to_stdout(data: bytes) -> None:
    if sys.stdout is None:
        raise SaveFailed("Standard output is closed: there is nowhere to write to.")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _forget(sys.stdout)
        raise
    except OSError as error:
        _forget(sys.stdout)
        raise _failure(error, "standard output") from error


def _forget(stream: TextIO) -> None:
    # What is still in the buffer is flushed again at exit, and Python would complain there.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _to_file(data: bytes, path: Path) -> None:
    """All of it or nothing; a link stays one, and the file open to those it is open to."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and not stat.S_ISREG(mode):
        path.write_bytes(data)  # a device or a pipe; a folder refuses
        return
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            if mode is not None:
                beside.chmod(stat.S_IMODE(mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def _failure(error: OSError, file: str) -> SaveError:
    kind = _BY_ERRNO.get(error.errno, SaveFailed)
    return kind(f"{file} was not written: {error.strerror}.", path=file)
