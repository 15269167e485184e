"""The channels that conda's configuration names, in the order of their priority."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from jupyter_envsnap.adapters import prefix_files
from jupyter_envsnap.core import names
from jupyter_envsnap.core.documents.yaml_io import YamlInvalid, load


class CondaConfiguration:
    """The configuration files that hold for a prefix, read when they changed."""

    def __init__(self, environ: Mapping[str, str], home: Path) -> None:
        self._environ = environ
        self._home = home
        self._read: dict[Path, tuple[prefix_files.Stamp, tuple[str, ...]]] = {}

    def channels(self, prefix: str) -> tuple[str, ...]:
        """Canonical names, highest priority first; what cannot be read names none."""
        found = (c for path in self._files(prefix) for c in self._channels_in(path))
        return tuple(dict.fromkeys(found))

    def _files(self, prefix: str) -> Iterator[Path]:
        # conda's order of precedence; its other places come with a full reading of condarc.
        if own := self._environ.get("CONDARC"):
            yield Path(own)
        yield Path(prefix, ".condarc")
        yield self._home / ".condarc"
        yield self._home / ".conda" / ".condarc"
        if root := self._environ.get("CONDA_ROOT"):
            yield Path(root, ".condarc")

    def _channels_in(self, path: Path) -> tuple[str, ...]:
        stamp = prefix_files.stamp(str(path))
        if stamp is None:
            return ()
        known = self._read.get(path)
        if known is None or known[0] != stamp:
            known = self._read[path] = (stamp, _channels(str(path)))
        return known[1]


def _channels(path: str) -> tuple[str, ...]:
    try:
        settings = load(prefix_files.read(path).decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, YamlInvalid):
        return ()
    listed = settings.get("channels") if isinstance(settings, dict) else None
    if isinstance(listed, str):
        listed = [listed]
    if not isinstance(listed, list):
        return ()
    return tuple(c for item in listed if isinstance(item, str) and (c := names.channel(item)))
