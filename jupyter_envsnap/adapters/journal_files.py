"""The files of a journal: how a life and an environment lie on disk, whole or not at all."""

from __future__ import annotations

import logging
import os
import shutil
import zlib
from collections.abc import Container, Iterator
from datetime import datetime, timezone
from pathlib import Path

import msgspec
from msgspec.structs import replace

from jupyter_envsnap.core.lives import Life
from jupyter_envsnap.core.model import Environment

_log = logging.getLogger(__name__)

VERSION = 1
OWNER = "SERVER.json"
ADOPTED = "adopted-"
UNREADABLE = "unreadable"
_LIFE = ".json"
_ENVIRONMENT = ".environment"


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a life."""

    version: int
    life: Life


def life_at(folder: Path, life_id: str) -> Path:
    return folder / f"{life_id}{_LIFE}"


def environment_at(folder: Path, digest: str) -> Path:
    return folder / f"{digest}{_ENVIRONMENT}"


def put_life(folder: Path, life: Life) -> None:
    put(life_at(folder, life.id), msgspec.json.encode(_Entry(version=VERSION, life=life)))


def put_environment(folder: Path, environment: Environment) -> None:
    body = zlib.compress(msgspec.json.encode(environment), 3)
    put(environment_at(folder, environment.digest), body)


def put(path: Path, data: bytes) -> None:
    """The whole file or none, also where the machine loses its power."""
    # A process that is killed leaves it: its name is none that tells of anything.
    begun = path.with_name(f".{path.name}.begun")
    try:
        with begun.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        begun.replace(path)
    except BaseException:
        begun.unlink(missing_ok=True)
        raise


def captured(root: Path, path: Path) -> Environment | None:
    try:
        return msgspec.json.decode(zlib.decompress(path.read_bytes()), type=Environment)
    except FileNotFoundError:
        return None
    except (zlib.error, msgspec.MsgspecError):
        _set_aside(root, path)
        return None


def tells(folder: Path) -> bool:
    """Whether something in it is not in the history yet."""
    return any(_lives(folder)) or any(folder.glob(f"{ADOPTED}*"))


def absorb(root: Path, taken: Path, own: Path, known: Container[str]) -> tuple[Life, ...]:
    """Move what a folder tells into the own one: the lives, each once, but those that are known.

    A folder changes only when all its lives were written: its own time is that of the last beat.
    """
    found: dict[str, Life] = {}
    # A server that was killed while it did this left one in the other; what it wrote is later.
    folders = (taken, *sorted(taken.rglob(f"{ADOPTED}*")))
    for folder in folders:
        seen = datetime.fromtimestamp(folder.stat().st_mtime, tz=timezone.utc)
        broken = [*folder.glob(f"*{_LIFE}.{UNREADABLE}")]  # by builds of before
        for path in _lives(folder):
            life = _life(path)
            if life is None:
                broken.append(path)
            elif life.id not in found and life.id not in known:
                if life.ending is None and life.last_seen is None:
                    life = replace(life, last_seen=seen)
                put_life(own, life)
                found[life.id] = life
        for path in folder.glob(f"*{_ENVIRONMENT}"):
            path.replace(own / path.name)
        for path in broken:
            _set_aside(root, path)
    shutil.rmtree(taken)
    return tuple(found.values())


def _lives(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob(f"*{_LIFE}")):
        if path.name != OWNER and not path.name.startswith("."):
            yield path


def _life(path: Path) -> Life | None:
    """None where it will never tell of one; raises OSError where it may the next time."""
    try:
        entry = msgspec.json.decode(path.read_bytes(), type=_Entry)
    except (IsADirectoryError, msgspec.MsgspecError) as error:
        _log.warning("A kernel's end is lost, as %s cannot be understood: %s", path, error)
        return None
    if entry.version != VERSION:
        _log.warning("%s is from another version of jupyter-envsnap and is set aside.", path)
        return None
    if entry.life.id != path.stem:
        _log.warning("%s is of another life than it says.", path)
        return None
    return entry.life


def _set_aside(root: Path, path: Path) -> None:
    """For a person who wants to look: no server takes it up again."""
    aside = root / UNREADABLE
    aside.mkdir(mode=0o700, exist_ok=True)
    path.replace(aside / f"{path.parent.name.removeprefix(ADOPTED)}-{path.name}")
