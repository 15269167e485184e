"""Whether an installer's process is changing an environment, by what it was called with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from jupyter_envsnap.core.ports import AtWork

_VERBS = frozenset({"install", "update", "upgrade", "remove", "uninstall", "create", "sync", "add"})
_NAMED_WITHIN = 5
"""Words, as in ``python -s -E -m pip``."""
_PIP = frozenset({"pip", "pip3"})
_PYTHONS = ("python", "pypy", "pip")
_UV_OWN = frozenset({"tool", "python", "self", "cache"})
"""What uv installs for itself."""
_UV_COMMANDS = _VERBS | _UV_OWN | {"pip", "run"}
_PIXI = f"{os.sep}.pixi{os.sep}envs{os.sep}"


class Call(Struct, frozen=True, kw_only=True):
    """A process, as it was started."""

    command: Sequence[str]
    environ: Mapping[str, str] | None = None
    """None where the system does not tell: it is another user's."""
    folder: str | None = None
    """Where it works."""


def installer(call: Call, prefix: str) -> AtWork | None:
    """The installer that a process is, if it may be changing this prefix."""
    if not _VERBS.intersection(call.command):
        return None
    for word in call.command[:_NAMED_WITHIN]:
        name = os.path.basename(word).removesuffix(".exe")  # noqa: PTH119
        if name in _MEANS:
            return _at_work(name, _MEANS[name](call, prefix))
        if name in _PIP or name.startswith("pip3."):
            return _at_work("pip", _pip_means(call, prefix))
    return None


def _at_work(name: str, means: bool | None) -> AtWork | None:
    return None if means is False else AtWork(name=name, sure=means is True)


# Each of these: whether this prefix is meant, None where that cannot be told.


def _pip_means(call: Call, prefix: str) -> bool | None:
    """The environment whose python runs it, or that it is told to work on."""
    program = call.command[0]
    if not os.path.basename(program).startswith(_PYTHONS):  # noqa: PTH119
        return False
    if (python := _option(call, "--python")) is not None:
        path = _from(call.folder, python)
        return None if path is None else _named(path, prefix) or _named(_two_up(path), prefix)
    if os.sep not in program:
        if call.environ is None:
            return None
        program = shutil.which(program, path=call.environ.get("PATH", "")) or program
    path = _from(call.folder, program)
    # Never resolved: a venv's python is a link to that of another environment.
    return None if path is None else _named(_two_up(path), prefix)


def _conda_means(call: Call, prefix: str) -> bool | None:
    path, name = _option(call, "-p", "--prefix"), _option(call, "-n", "--name")
    if path is not None:
        return _named(_from(call.folder, path), prefix)
    if name in {"base", "root"}:
        return _named(_conda_root(call), prefix)
    if name is not None:
        return name == os.path.basename(prefix)  # noqa: PTH119
    if call.environ is None or "env" in call.command[:3]:  # its file may name another
        return None
    return _named(call.environ.get("CONDA_PREFIX") or _conda_root(call), prefix)


def _conda_root(call: Call) -> str | None:
    """The environment called base; None where that cannot be told."""
    program, environ = call.command[0], call.environ or {}
    if os.path.basename(program) == "micromamba":  # noqa: PTH119
        return environ.get("MAMBA_ROOT_PREFIX")
    if os.sep not in program:
        program = environ.get("CONDA_EXE", "")
    return _two_up(program) if program else None


def _uv_means(call: Call, prefix: str) -> bool | None:
    # Options come before it, some with a value.
    command = next((word for word in call.command[1:] if word in _UV_COMMANDS), None)
    if command in _UV_OWN:
        return False
    return (_uv_pip_means if command == "pip" else _uv_sync_means)(call, prefix)


def _uv_pip_means(call: Call, prefix: str) -> bool | None:
    if (path := _option(call, "--prefix", "--target")) is not None:
        return _named(_from(call.folder, path), prefix)
    if (python := _option(call, "-p", "--python")) is not None:
        path = _from(call.folder, python) if os.sep in python else None
        return None if path is None else _is_in(path, prefix)
    if call.environ is None or "--system" in call.command:
        return None
    if active := call.environ.get("VIRTUAL_ENV"):
        return _named(_from(call.folder, active), prefix)
    return _named(call.environ.get("CONDA_PREFIX"), prefix) or _is_own(call.folder, prefix)


def _uv_sync_means(call: Call, prefix: str) -> bool | None:
    if call.environ is None:
        return None
    folder = _option(call, "--project", "--directory")
    folder = call.folder if folder is None else _from(call.folder, folder)
    variable = "VIRTUAL_ENV" if "--active" in call.command else "UV_PROJECT_ENVIRONMENT"
    if named := call.environ.get(variable):
        return _named(_from(folder, named), prefix)
    return _is_own(folder, prefix)


def _is_own(folder: str | None, prefix: str) -> bool | None:
    """Whether it is the environment of a project around a folder."""
    if folder is None:
        return None
    return any(
        _named(str(each / ".venv"), prefix) for each in (Path(folder), *Path(folder).parents)
    )


def _pixi_means(call: Call, prefix: str) -> bool | None:
    project, is_pixis, _ = prefix.partition(_PIXI)
    if not is_pixis:
        return False
    manifest = _option(call, "--manifest-path")
    at = call.folder if manifest is None else _from(call.folder, manifest)
    return None if at is None else _is_in(at, project)


_MEANS: Mapping[str, Callable[[Call, str], bool | None]] = {
    "conda": _conda_means,
    "mamba": _conda_means,
    "micromamba": _conda_means,
    "pixi": _pixi_means,
    "uv": _uv_means,
}
"""These change environments other than the one they run in."""


def _named(path: str | None, prefix: str) -> bool | None:
    if path is None:
        return None
    return os.path.normpath(path) == os.path.normpath(prefix) or _real(path) == _real(prefix)


def _is_in(path: str, folder: str) -> bool:
    real = Path(_real(os.path.dirname(path)), os.path.basename(path))  # noqa: PTH119, PTH120
    return real.is_relative_to(_real(folder))


def _real(path: str) -> str:
    return os.path.realpath(path)


def _two_up(path: str) -> str:
    return os.path.dirname(os.path.dirname(path))  # noqa: PTH120


def _from(folder: str | None, path: str) -> str | None:
    """A path as the process means it; None where it is relative to who knows what."""
    if os.path.isabs(path):  # noqa: PTH117
        return path
    return None if folder is None else os.path.join(folder, path)  # noqa: PTH118


def _option(call: Call, *names: str) -> str | None:
    """Its value, written as ``-n NAME``, ``--name NAME`` or ``--name=NAME``."""
    for word, following in zip(call.command, (*call.command[1:], None), strict=True):
        if word in names:
            return following
        for name in names:
            if word.startswith(f"{name}="):
                return word.removeprefix(f"{name}=")
    return None
