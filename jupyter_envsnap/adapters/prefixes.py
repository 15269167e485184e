"""Which folder is an environment, and to which one an executable belongs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from jupyter_envsnap.core.model import Prefix

_PYTHON = re.compile(r"(python|pypy)w?[\d.]*[td]*(\.exe)?", re.IGNORECASE)
_VERSIONED = re.compile(r"(python|pypy)\d+(\.\d+)?t?")
_MOST_LINKS = 40


def probe(path: Path) -> Prefix | None:
    """The environment whose folder this is; None where it is none or cannot be looked at."""
    folder = _absolute(path)
    if not _is_text(folder):
        return None
    if _is_conda(folder):
        return Prefix(path=str(folder), kind="conda")
    if _is_file(folder / "pyvenv.cfg"):
        return Prefix(path=str(folder), kind="venv", base=_base_of(folder))
    if _holds_standard_library(folder):
        return Prefix(path=str(folder), kind="system")
    return None


def enclosing(executable: Path) -> Prefix | None:
    """The environment that an executable runs in, by the path it was started with.

    The path must be unresolved: a venv's python is a link to the interpreter it was made from.
    python itself looks for ``pyvenv.cfg`` only beside that path and one folder up, and for its
    standard library from where the links end (Modules/getpath.py), so that is done here too.
    """
    start = _absolute(executable)
    if not _is_text(start):
        return None
    interpreter = is_python(start)
    venv = _nearest(start, "venv", interpreter=interpreter)
    conda = _nearest(start, "conda", interpreter=interpreter)
    if venv and conda:
        return max(venv, conda, key=lambda prefix: len(prefix.path))
    if venv or conda:
        return venv or conda
    target = start
    for target in links(start):
        if conda := _nearest(target, "conda", interpreter=is_python(target)):
            return conda
    return _installation(target) if is_python(target) else None


def is_python(executable: Path) -> bool:
    """Whether its name is a python interpreter's."""
    return _PYTHON.fullmatch(executable.name) is not None


def links(path: Path) -> Iterator[Path]:
    """Where a path's links lead, one step at a time, without the path itself."""
    for _ in range(_MOST_LINKS):
        try:
            target = path.readlink()
        except (OSError, ValueError):
            return
        path = _absolute(path.parent / target)
        yield path


def _nearest(executable: Path, kind: str, *, interpreter: bool) -> Prefix | None:
    # An interpreter lies in bin/ or, on Windows, at the top; R lies four folders down.
    folders = list(executable.parents)[:2] if interpreter else executable.parents
    has = _is_conda if kind == "conda" else _is_venv
    return next((probe(folder) for folder in folders if has(folder)), None)


def _installation(executable: Path) -> Prefix | None:
    """The prefix of an interpreter that is in no environment."""
    # /bin is a link to /usr/bin on most systems; the root is no prefix.
    real = Path(os.path.realpath(executable))  # Path.resolve raises on links in a circle
    for folder in (*list(executable.parents)[:2], *list(real.parents)[:2]):
        if folder != folder.parent and _holds_standard_library(folder):
            return Prefix(path=str(folder), kind="system")
    return None


def _base_of(venv: Path) -> str | None:
    """The prefix that a venv was made from; None where ``pyvenv.cfg`` does not say."""
    home = _home(venv / "pyvenv.cfg")
    if home is None:
        return None
    for name in ("python3", "python", "python.exe", "pypy3"):
        target = home / name
        for target in (home / name, *links(home / name)):
            if conda := _nearest(target, "conda", interpreter=True):
                return conda.path
        if found := _installation(target):
            return found.path
    return str(home.parent if home.name in {"bin", "Scripts"} else home)


def _home(config: Path) -> Path | None:
    """``home`` of a ``pyvenv.cfg``: the folder of the interpreter that made the venv."""
    try:
        text = config.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if equals and key.strip().lower() == "home" and value.strip():
            home = _absolute(Path(value.strip()))
            return home if _is_text(home) else None
    return None


def _absolute(path: Path) -> Path:
    # Path.resolve would follow links, Path.absolute keeps "..": neither is the path as meant.
    return Path(os.path.abspath(path))  # noqa: PTH100


def _is_conda(folder: Path) -> bool:
    return _is_folder(folder / "conda-meta")


def _is_venv(folder: Path) -> bool:
    return _is_file(folder / "pyvenv.cfg")


def _holds_standard_library(folder: Path) -> bool:
    # ~/.local has lib/pythonX.Y too, with site-packages only.
    if _is_file(folder / "Lib" / "os.py"):
        return True
    return any(
        _VERSIONED.fullmatch(name) and _is_file(folder / library / name / "os.py")
        for library in ("lib", "lib64")
        for name in _names(folder / library)
    )


def _names(folder: Path) -> tuple[str, ...]:
    try:
        return tuple(os.listdir(folder))  # noqa: PTH208 - names are wanted, not paths
    except (OSError, ValueError):
        return ()


def _is_text(path: Path) -> bool:
    # Bytes that are no UTF-8 can stand in no reply, row or document.
    try:
        return b"\0" not in str(path).encode()
    except UnicodeEncodeError:
        return False


def _is_folder(path: Path) -> bool:
    # Path.is_dir raises where a parent may not be searched; os.path.isdir says no.
    return os.path.isdir(path)  # noqa: PTH112


def _is_file(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113
