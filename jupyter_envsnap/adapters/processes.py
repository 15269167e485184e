"""The processes of a kernel, looked at from outside. Blocks: for a thread, never for the loop."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import psutil
from msgspec import Struct

from jupyter_envsnap.adapters import prefixes
from jupyter_envsnap.core.model import Prefix

_PACKAGES = re.compile(r"(/.+?)/lib(?:64)?/(?:python|pypy)\d+(?:\.\d+)?t?/(?:site|dist)-packages/")


class Sight(Struct, frozen=True, kw_only=True):
    """The process that is the kernel."""

    pid: int
    readable: bool
    """False where the system does not tell what the process runs."""
    python: bool = False
    """It is a python interpreter."""
    prefix: Prefix | None = None
    """The environment of its executable."""
    mapped: Prefix | None = None
    """Where the executable is in none: the only one whose site-packages it has loaded from."""
    conda_prefix: Path | None = None
    """CONDA_PREFIX in its environment variables."""


def is_alive(pid: int) -> bool:
    """Whether the process runs; a zombie does not."""
    try:
        return psutil.Process(pid).status() not in {psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def listening(launched: int, address: int | str) -> Sight | None:
    """The launched process or the descendant of it that listens; None while none does.

    ``address``: a TCP port, or the path of a unix socket.
    """
    for process in _family(launched):
        if _listens(process, address):
            return _sight(process)
    return None


def _family(launched: int) -> Iterator[psutil.Process]:
    # A wrapper without exec stays the launched process; the kernel is a descendant of it.
    try:
        process = psutil.Process(launched)
        yield process
        yield from process.children(recursive=True)
    except psutil.Error:
        return


def _listens(process: psutil.Process, address: int | str) -> bool:
    try:
        if isinstance(address, str):
            sockets = process.net_connections(kind="unix")
            return any(str(found.laddr) == address for found in sockets)
        return any(
            found.status == psutil.CONN_LISTEN and found.laddr.port == address
            for found in process.net_connections(kind="tcp")
        )
    except psutil.Error:
        return False


def _sight(process: psutil.Process) -> Sight:
    exe = _exe(process)
    started = _started(process, exe)
    if exe is None and started is None:
        return Sight(pid=process.pid, readable=False)
    # A venv's exe is its base interpreter's: the path it was started with comes first.
    found = (prefixes.enclosing(path) for path in (started, exe) if path is not None)
    prefix = next((prefix for prefix in found if prefix is not None), None)
    return Sight(
        pid=process.pid,
        readable=True,
        python=any(prefixes.is_python(path) for path in (started, exe) if path is not None),
        prefix=prefix,
        mapped=_mapped(process.pid) if prefix is None else None,
        conda_prefix=_conda_prefix(process),
    )


def _exe(process: psutil.Process) -> Path | None:
    try:
        exe = process.exe()
    except psutil.Error:
        return None
    return Path(exe) if exe else None


def _started(process: psutil.Process, exe: Path | None) -> Path | None:
    """The path that the process was started with, links unresolved, if it is still told.

    A process may call itself anything (``exec -a``, setproctitle): only a path that leads to its
    executable is believed.
    """
    try:
        arguments = process.cmdline()
        name = arguments[0] if arguments else ""
        path = _found(name, process) if name else None
    except psutil.Error:
        return None
    if path is None or exe is None:
        return path
    return path if os.path.realpath(path) == os.path.realpath(exe) else None


def _found(name: str, process: psutil.Process) -> Path | None:
    """Where the process was found by the name it was started with."""
    if Path(name).name != name:
        return Path(process.cwd(), name)
    found = shutil.which(name, path=process.environ().get("PATH", os.defpath))
    return Path(found) if found else None


def _mapped(pid: int) -> Prefix | None:
    """The environment of the compiled modules in memory; None where there are several."""
    folders: set[str] = set()
    try:
        # psutil would read smaps, which takes the kernel's memory apart page by page.
        with Path(f"/proc/{pid}/maps").open(encoding="utf-8", errors="replace") as maps:
            # By line: one search through tens of thousands would hold the event loop.
            for line in maps:
                if "-packages/" in line and (found := _PACKAGES.search(line)):
                    folders.add(found[1])
    except OSError:  # only Linux tells
        return None
    # Those of the user (~/.local) are in no environment.
    there = [prefix for folder in folders if (prefix := prefixes.probe(Path(folder)))]
    return there[0] if len(there) == 1 else None


def _conda_prefix(process: psutil.Process) -> Path | None:
    try:
        value = process.environ().get("CONDA_PREFIX", "")
    except psutil.Error:
        return None
    return Path(value) if value else None
