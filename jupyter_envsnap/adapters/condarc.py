"""Finds and reads conda's configuration without running conda."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from jupyter_envsnap.adapters import conda_meta, prefix_files
from jupyter_envsnap.core import names
from jupyter_envsnap.core.conda_channels import (
    DEFAULT_CHANNELS,
    DEFAULT_CHANNELS_ON_WINDOWS,
    Naming,
    Settings,
)
from jupyter_envsnap.core.condarc import Configuration, Source, merged
from jupyter_envsnap.core.documents.yaml_io import YamlInvalid, load_commented

_ON_WINDOWS = os.name == "nt"
_SYSTEM: Final = ("C:/ProgramData/conda",) if _ON_WINDOWS else ("/etc/conda", "/var/lib/conda")
_NAMES: Final = (".condarc", "condarc")
_ENDINGS: Final = (".yml", ".yaml")
_ROOTS: Final = ("CONDA_ROOT", "CONDA_ROOT_PREFIX")
_NODEFAULTS = "nodefaults"

_Stamped = tuple[tuple[str, prefix_files.Stamp], ...]


class CondaConfiguration:
    """The configuration files that hold for a prefix, read when they changed."""

    def __init__(
        self, environ: Mapping[str, str], home: Path, *, system: tuple[str, ...] = _SYSTEM
    ) -> None:
        self._environ = environ
        self._home = home
        self._system = system
        self._sources: dict[str, tuple[prefix_files.Stamp, Source]] = {}
        self._made: dict[tuple[_Stamped, str | None], Configuration] = {}
        self._listed: dict[tuple[_Stamped, str | None], tuple[str, ...]] = {}

    def channels(self, prefix: str) -> tuple[str, ...]:
        """Names as in ``Environment.channels``, highest priority first.

        What cannot be read names none.
        """
        root = self._root(prefix)
        key = (self._present(prefix, root), root)
        listed = self._listed.get(key)
        if listed is None:
            self._listed.clear()  # of before the files changed
            settings = self._configuration(*key).settings
            listed = self._listed[key] = tuple(dict.fromkeys(_public_names(settings)))
        return listed

    def of(self, prefix: str) -> Configuration:
        """All that conda would find for a prefix that is named to it.

        It takes that one for the active prefix, whatever ``CONDA_PREFIX`` says.
        """
        root = self._root(prefix)
        return self._configuration(self._present(prefix, root), root)

    def name_of(self, prefix: str, configuration: Configuration) -> str:
        """What conda calls the environment in this folder: a name, or the whole path."""
        root = configuration.root_prefix or self._root(prefix)
        if root is not None and _same(root, prefix):
            return "base"
        folders = [*configuration.envs_dirs, "~/.conda/envs"]
        if root is not None:
            folders.append(f"{root}/envs")
        parent, _, name = prefix.rstrip("/").rpartition("/")
        return name if any(_same(self._expanded(f), parent) for f in folders) else prefix

    def _configuration(self, present: _Stamped, root: str | None) -> Configuration:
        made = self._made.get((present, root))
        if made is None:
            made = merged(
                [self._source(path, stamp) for path, stamp in present],
                self._environ,
                path_separator=os.pathsep,
                default_channels=DEFAULT_CHANNELS_ON_WINDOWS if _ON_WINDOWS else DEFAULT_CHANNELS,
            )
            local = tuple(self._local(made, root))
            made = replace(made, settings=replace(made.settings, local_channels=local))
            self._made.clear()
            self._made[present, root] = made
        return made

    def _local(self, configuration: Configuration, root: str | None) -> Iterator[str]:
        folders = [*configuration.build_folders, "~/conda-bld"]
        if root is not None:
            folders.append(f"{root}/conda-bld")
        for folder in dict.fromkeys(map(self._expanded, folders)):
            if os.path.isdir(folder):  # noqa: PTH112 - a plain string is wanted
                yield f"file://{folder}"

    def _root(self, prefix: str) -> str | None:
        """Where conda itself is installed, by its variables or by the prefix's own place."""
        named = next((self._environ[name] for name in _ROOTS if self._environ.get(name)), None)
        if named is not None:
            return named
        if executable := self._environ.get("CONDA_EXE"):
            return str(Path(executable).parent.parent)
        own = Path(prefix)
        near = (own, own.parent.parent) if own.parent.name == "envs" else (own,)
        found = next((str(path) for path in near if conda_meta.is_root(path)), None)
        return found or self._environ.get("MAMBA_ROOT_PREFIX") or None

    def _present(self, prefix: str, root: str | None) -> _Stamped:
        """The files that there are, in the order of rising precedence."""
        found = ((path, prefix_files.stamp(path)) for path in self._paths(prefix, root))
        return tuple((path, stamp) for path, stamp in found if stamp is not None)

    def _paths(self, prefix: str, root: str | None) -> Iterator[str]:
        config = self._environ.get("XDG_CONFIG_HOME")
        homes = (f"{config}/conda" if config else None, "~/.config/conda", "~/.conda")
        # conda/base/constants.py, SEARCH_PATH
        for folder in (*self._system, root, *homes):
            if folder:
                yield from self._in_folder(self._expanded(folder))
        yield from _files_at(f"{self._home}/.condarc")
        yield from self._in_folder(prefix)
        if own := self._environ.get("CONDARC"):
            yield from _files_at(self._expanded(own))

    def _in_folder(self, folder: str) -> Iterator[str]:
        for name in (*_NAMES, "condarc.d"):
            yield from _files_at(f"{folder}/{name}")

    def _expanded(self, path: str) -> str:
        return f"{self._home}{path[1:]}" if path == "~" or path.startswith("~/") else path

    def _source(self, path: str, stamp: prefix_files.Stamp) -> Source:
        known = self._sources.get(path)
        if known is None or known[0] != stamp:
            known = self._sources[path] = (stamp, _read(path))
        return known[1]


def _files_at(path: str) -> Iterator[str]:
    """The file of that name, or the files of that folder; conda knows them by their names."""
    try:
        listed = sorted(os.listdir(path))  # noqa: PTH208 - strings are wanted
    except NotADirectoryError:
        if path.rpartition("/")[2] in _NAMES or path.endswith(_ENDINGS):
            yield path
    except OSError:
        return  # there is none
    else:
        yield from (f"{path}/{name}" for name in listed if name.endswith(_ENDINGS))


def _read(path: str) -> Source:
    try:
        return load_commented(prefix_files.read(path).decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, YamlInvalid):
        return {}


def _public_names(settings: Settings) -> Iterator[str]:
    """Addresses in place of names that only this configuration knows."""
    naming = Naming(settings)
    for channel in settings.channels:
        if channel == _NODEFAULTS:
            continue
        for member in naming.members(channel):
            found = naming.channel(member)
            at = f"{found.location}/{found.name}".rstrip("/")
            yield names.channel(f"{found.scheme or 'https'}://{at}")


def _same(one: str, other: str) -> bool:
    if sys.platform == "win32":
        one, other = one.lower().replace("\\", "/"), other.lower().replace("\\", "/")
    return os.path.abspath(one) == os.path.abspath(other)  # noqa: PTH100 - links stay
