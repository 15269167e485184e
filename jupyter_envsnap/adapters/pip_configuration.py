"""The indexes that the user's pip is configured with, found as pip finds them, without running it.

Places and precedence are those of pip's documentation ("Configuration"). The section of a command
goes before ``[global]``, whatever file it stands in, and variables go before both.
"""

# pathlib would cost as much as the system calls do.
# ruff: noqa: PTH118

from __future__ import annotations

import configparser
import os
import sys
from collections.abc import Iterator, Mapping

from msgspec import Struct

from jupyter_envsnap.adapters import prefix_files
from jupyter_envsnap.adapters.prefix_files import Stamp, Stamps
from jupyter_envsnap.core import redact
from jupyter_envsnap.core.model import PipIndexes

_SECTIONS = ("global", "install")
"""The later goes before the earlier."""
_KEYS = ("index-url", "extra-index-url", "find-links", "no-index")
_NO_FILES = os.devnull
"""As PIP_CONFIG_FILE: no file is read at all."""
_PYPI = frozenset({"https://pypi.org/simple", "https://pypi.python.org/simple"})
_TRUE = frozenset({"1", "true", "yes", "on", "t", "y"})


class Found(Struct, frozen=True, kw_only=True):
    """What pip is configured with."""

    indexes: PipIndexes = PipIndexes()
    cleaned: bool = False
    """There were credentials in an address."""


class PipConfiguration:
    """The configuration that holds for the pip of a prefix; a file is read when it changed."""

    def __init__(self, environ: Mapping[str, str], home: str) -> None:
        self._environ = environ
        self._home = home
        self._read: dict[str, tuple[Stamp, dict[str, str]]] = {}

    def stamps(self, prefix: str) -> Stamps:
        """Of every place that pip looks at, in the order in which later ones win."""
        return {path: prefix_files.stamp(path) for path in self._files(prefix)}

    def read(self, stamps: Stamps) -> Found:
        """What the files of these stamps and the variables say; what cannot be read says nothing.

        Of two files or variables that name the same key the later wins as a whole.
        """
        settings: dict[str, str] = {}
        by_section: dict[str, dict[str, str]] = {section: {} for section in _SECTIONS}
        for path, stamp in stamps.items():
            for key, value in self._settings(path, stamp).items():
                section, _, name = key.partition(".")
                by_section[section][name] = value
        for section in _SECTIONS:
            # An empty value takes back that of an earlier file, and none of another section.
            settings |= {name: value for name, value in by_section[section].items() if value}
        settings |= dict(self._variables())
        return _found(settings)

    def _files(self, prefix: str) -> Iterator[str]:
        own = self._environ.get("PIP_CONFIG_FILE")
        if own == _NO_FILES:
            return
        yield from dict.fromkeys(
            _PLACES.get(sys.platform, _linux)(self._environ, self._home, prefix)
        )
        if own:
            yield own

    def _settings(self, path: str, stamp: Stamp | None) -> dict[str, str]:
        if stamp is None:
            self._read.pop(path, None)
            return {}
        known = self._read.get(path)
        if known is None or known[0] != stamp:
            known = self._read[path] = (stamp, _parsed(path))
        return known[1]

    def _variables(self) -> Iterator[tuple[str, str]]:
        for key in _KEYS:
            # pip takes an empty variable for none.
            if value := self._environ.get(f"PIP_{key.upper().replace('-', '_')}"):
                yield key, value


def _linux(environ: Mapping[str, str], home: str, prefix: str) -> Iterator[str]:
    for folder in (environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(os.pathsep):
        yield os.path.join(folder, "pip", "pip.conf")
    yield "/etc/pip.conf"
    yield os.path.join(home, ".pip", "pip.conf")
    config = environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    yield os.path.join(config, "pip", "pip.conf")
    yield os.path.join(prefix, "pip.conf")


def _macos(environ: Mapping[str, str], home: str, prefix: str) -> Iterator[str]:  # noqa: ARG001
    yield "/Library/Application Support/pip/pip.conf"
    yield os.path.join(home, ".pip", "pip.conf")
    support = os.path.join(home, "Library", "Application Support", "pip")
    there = prefix_files.stamp(support) is not None
    yield os.path.join(support if there else os.path.join(home, ".config", "pip"), "pip.conf")
    yield os.path.join(prefix, "pip.conf")


def _windows(environ: Mapping[str, str], home: str, prefix: str) -> Iterator[str]:
    yield os.path.join(environ.get("PROGRAMDATA") or "C:\\ProgramData", "pip", "pip.ini")
    yield os.path.join(home, "pip", "pip.ini")
    roaming = environ.get("APPDATA") or os.path.join(home, "AppData", "Roaming")
    yield os.path.join(roaming, "pip", "pip.ini")
    yield os.path.join(prefix, "pip.ini")


_PLACES = {"darwin": _macos, "win32": _windows}


def _parsed(path: str) -> dict[str, str]:
    """``section.key`` → value, of the sections and keys that name indexes."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(prefix_files.read(path).decode("utf-8-sig"))
    except (OSError, ValueError, configparser.Error):
        return {}
    return {
        f"{section}.{key}": value
        for section in _SECTIONS
        if parser.has_section(section)
        for name, value in parser.items(section)
        # pip takes these spellings alike.
        if (key := name.replace("_", "-").removeprefix("--")) in _KEYS
    }


def _found(settings: Mapping[str, str]) -> Found:
    written = {key: settings.get(key, "").split() for key in _KEYS}
    clean = {key: [redact.url(url) for url in urls] for key, urls in written.items()}
    index = next(iter(clean["index-url"]), None)
    extra = clean["extra-index-url"]
    if settings.get("no-index", "").strip().lower() in _TRUE:
        index, extra = None, []
    if index is not None and index.rstrip("/") in _PYPI:
        index = None
    return Found(
        indexes=PipIndexes(
            index_url=index,
            extra=tuple(dict.fromkeys(extra)),
            find_links=tuple(dict.fromkeys(clean["find-links"])),
        ),
        cleaned=clean != written,
    )
