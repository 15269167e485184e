"""Which Python a prefix has and where it looks for packages, without running it."""

# pathlib would cost as much as the system calls do.
# ruff: noqa: PTH116, PTH117, PTH118, PTH208

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from jupyter_envsnap.adapters import prefix_files, prefixes
from jupyter_envsnap.core.model import Kind

_FOLDER = re.compile(r"(?:python|pypy)(\d+\.\d+)t?")
_VERSION = re.compile(r"\d+\.\d+(?:\.\d+)?(?:(?:a|b|rc)\d+)?")
_PATCHLEVEL = re.compile(rb'#define\s+PY_VERSION\s+"([^"+]+)')
_CONFIGURED = re.compile(r"^\s*version(?:_info)?\s*=\s*(\S+)", re.MULTILINE)


class Python(Struct, frozen=True, kw_only=True):
    """What is known of a prefix's interpreter."""

    version: str | None = None
    """As exact as can be told; ``3.11`` where the patch level is nowhere written."""
    site_packages: str | None = None
    """Where it keeps them, relative to the prefix, if a record says so."""

    @property
    def minor(self) -> str | None:
        return None if self.version is None else ".".join(self.version.split(".")[:2])


def of_venv(prefix: str) -> Python:
    """From ``pyvenv.cfg``, which venv, virtualenv and uv each write their own way."""
    try:
        text = prefix_files.read(os.path.join(prefix, "pyvenv.cfg")).decode(errors="replace")
    except OSError:
        return of_installation(prefix)
    found = _CONFIGURED.search(text)
    version = _VERSION.match(found.group(1)) if found else None
    return Python(version=version.group()) if version else of_installation(prefix)


def of_installation(prefix: str) -> Python:
    """From the name that ``bin/python3`` links to, else the newest standard library."""
    minor = _linked(prefix) or max(_libraries(prefix), key=_as_numbers, default=None)
    if minor is None:
        return Python()
    header = os.path.join(prefix, "include", f"python{minor}", "patchlevel.h")
    try:
        found = _PATCHLEVEL.search(prefix_files.read(header))
    except OSError:
        found = None
    return Python(version=found.group(1).decode() if found else minor)


def package_folders(prefix: str, kind: Kind, python: Python) -> tuple[str, ...]:
    """The folders with packages, relative to the prefix, in the order of import."""
    found: dict[tuple[int, int], str] = {}
    for folder in _candidates(prefix, kind, python):
        try:
            status = os.stat(os.path.join(prefix, folder))
        except (OSError, ValueError):
            continue
        # lib64 is often a link to lib.
        found.setdefault((status.st_dev, status.st_ino), folder)
    return tuple(found.values())


def _candidates(prefix: str, kind: Kind, python: Python) -> Iterator[str]:
    if python.site_packages and _is_inside(python.site_packages):
        yield python.site_packages
    minors = [python.minor] if python.minor else sorted(_libraries(prefix))
    for minor in minors:
        if kind == "system":
            yield f"local/lib/python{minor}/dist-packages"
            yield "lib/python3/dist-packages"
            yield f"lib/python{minor}/dist-packages"
        for lib in ("lib", "lib64"):
            for implementation in (f"python{minor}", f"python{minor}t", f"pypy{minor}"):
                yield f"{lib}/{implementation}/site-packages"
    yield "Lib/site-packages"


def _is_inside(relative: str) -> bool:
    return not os.path.isabs(relative) and ".." not in relative.split("/")


def _linked(prefix: str) -> str | None:
    steps = prefixes.links(Path(prefix, "bin", "python3"))
    found = (_FOLDER.fullmatch(step.name) for step in steps)
    return next((match.group(1) for match in found if match), None)


def _libraries(prefix: str) -> set[str]:
    found: set[str] = set()
    for lib in ("lib", "lib64"):
        try:
            names = os.listdir(os.path.join(prefix, lib))
        except OSError:
            continue
        found.update(m.group(1) for name in names if (m := _FOLDER.fullmatch(name)))
    return found


def _as_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
