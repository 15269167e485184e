"""Several conda configurations as one (conda/common/configuration.py, conda/base/context.py)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from jupyter_envsnap.core import redact
from jupyter_envsnap.core.conda_channels import (
    ALIAS,
    CUSTOM_CHANNELS,
    DEFAULT_CHANNELS,
    DEFAULT_CHANNELS_ON_WINDOWS,
    LOCAL,
    Settings,
)
from jupyter_envsnap.core.documents.yaml_io import Commented

Source = Mapping[str, Commented]
"""One file, by key; sources come in the order of rising precedence."""
Environ = Mapping[str, str]

_REFERENCE = re.compile(r"\$(?:(\w+)|\{([^}]*)\})", re.ASCII)
_FINAL, _TOP, _BOTTOM = "final", "top", "bottom"
_VARIABLE: Final = "CONDA_"
_TRUE = frozenset({"1", "true", "yes", "on", "y"})


class Configuration(Struct, frozen=True, kw_only=True):
    """What of conda's configuration matters for writing an environment down."""

    settings: Settings = Settings()
    envs_dirs: tuple[str, ...] = ()
    """Folders whose members are environments with a name; as written, variables filled in."""
    root_prefix: str | None = None
    subdir: str | None = None
    """The platform that conda is to take the machine for."""
    had_credentials: bool = False
    """In the address of a channel; they are taken out."""
    build_folders: tuple[str, ...] = ()
    """Where conda-build may keep the packages of the channel ``local``."""


def merged(
    sources: Sequence[Source],
    environ: Environ,
    *,
    path_separator: str = ":",
    default_channels: tuple[str, ...] = DEFAULT_CHANNELS,
) -> Configuration:
    """What holds where all of these speak; what is of the wrong kind says nothing."""
    every = _Every(sources, environ)
    given = every.words("default_channels")
    subdir = every.word("subdir")
    if given is None:
        for_windows = (subdir or "").startswith("win-")
        given = DEFAULT_CHANNELS_ON_WINDOWS if for_windows else default_channels
    customs = every.mapping("custom_channels")
    channels = _channels(every)
    cleaned = tuple(map(_clean, channels))
    return Configuration(
        settings=Settings(
            channels=tuple(dict.fromkeys(channel for channel in cleaned if channel)),
            channel_alias=_clean(every.fill(every.word("channel_alias") or ALIAS)),
            migrated_channel_aliases=tuple(
                map(_clean, every.words("migrated_channel_aliases", filled=False) or ())
            ),
            custom_channels=CUSTOM_CHANNELS if customs is None else _addresses(customs, every),
            migrated_custom_channels=_addresses(
                every.mapping("migrated_custom_channels") or {}, every
            ),
            custom_multichannels={
                name: tuple(_clean(every.fill(item)) for item in _words(held))
                for name, held in (every.mapping("custom_multichannels") or {}).items()
                if isinstance(held.value, list)
            },
            default_channels=tuple(map(_clean, given)),
        ),
        envs_dirs=every.words("envs_dirs", "envs_path", mark=path_separator) or (),
        root_prefix=every.word("root_prefix", "root_dir"),
        subdir=subdir,
        had_credentials=cleaned != channels,
        build_folders=_build_folders(every),
    )


class _Every:
    """All that the sources say, the variables of the environment last."""

    def __init__(self, sources: Sequence[Source], environ: Environ) -> None:
        self._sources = sources
        self._variables = {
            name.removeprefix(_VARIABLE).lower(): value
            for name, value in environ.items()
            if name.startswith(_VARIABLE)
        }
        self.fill = _filler(environ)

    def word(self, *keys: str) -> str | None:
        named = self._variable(keys)
        variable = () if named is None else (Commented(value=named.split("!important")[0].strip()),)
        chosen = _first_final((*self._said(keys), *variable))
        value = chosen[-1].value if chosen else None
        return value if isinstance(value, str) and value else None

    def words(self, *keys: str, mark: str = ",", filled: bool = True) -> tuple[str, ...] | None:
        """None where nobody says anything."""
        found = [each for each in map(_as_list, self._said(keys)) if each is not None]
        named = self._variable(keys)
        if named is not None:
            parts = (part.strip() for part in named.split(mark))
            found.append(Commented(value=[Commented(value=part) for part in parts if part]))
        if not found:
            return None
        words = _words(_merged(found))
        return tuple(map(self.fill, words)) if filled else tuple(words)

    def mapping(self, *keys: str) -> dict[str, Commented] | None:
        """None where nobody says anything."""
        found = [each for each in self._said(keys) if isinstance(each.value, dict)]
        value = _merged(found).value if found else None
        return value if isinstance(value, dict) else None

    def is_set(self, *keys: str) -> bool:
        named = self._variable(keys)
        if named is not None:
            return named.strip().lower() in _TRUE
        chosen = _first_final(self._said(keys))
        value = chosen[-1].value if chosen else False
        return value.lower() in _TRUE if isinstance(value, str) else value is True

    def _said(self, keys: tuple[str, ...]) -> tuple[Commented, ...]:
        """An empty key says nothing."""
        found = (next((s[key] for key in keys if key in s), None) for s in self._sources)
        return tuple(each for each in found if each is not None and each.value is not None)

    def _variable(self, keys: tuple[str, ...]) -> str | None:
        return next((self._variables[key] for key in keys if key in self._variables), None)


def _merged(found: Sequence[Commented]) -> Commented:
    """One value of several that are of the same kind, the first of which says which."""
    relevant = _first_final(found)
    first = relevant[0].value
    if isinstance(first, list):
        return Commented(value=_one_list([e.value for e in relevant if isinstance(e.value, list)]))
    if isinstance(first, dict):
        return Commented(value=_one_map([e.value for e in relevant if isinstance(e.value, dict)]))
    return relevant[-1]


def _one_list(found: Sequence[list[Commented]]) -> list[Commented]:
    """Later sources first."""

    def marked(items: Iterable[Commented], flag: str) -> Iterator[Commented]:
        return (item for item in items if _flag(item) == flag)

    top = [item for items in found for item in marked(items, _TOP)]
    bottom = [item for items in reversed(found) for item in marked(items, _BOTTOM)]
    every = [item for items in reversed(found) for item in items]
    from_top = _unique((*top, *every))
    return list(reversed(_unique((*reversed(bottom), *reversed(from_top)))))


def _unique(items: Iterable[Commented]) -> tuple[Commented, ...]:
    kept: dict[str, Commented] = {}
    for item in items:
        kept.setdefault(repr(item.value), item)
    return tuple(kept.values())


def _one_map(found: Sequence[dict[str, Commented]]) -> dict[str, Commented]:
    by_key: dict[str, list[Commented]] = {}
    for each in found:
        for key, held in each.items():
            by_key.setdefault(key, []).append(held)
    result = {key: _merged(values) for key, values in by_key.items()}
    for each in reversed(found):
        result |= {key: held for key, held in each.items() if _flag(held) == _FINAL}
    return result


def _first_final(found: Sequence[Commented]) -> Sequence[Commented]:
    """Nothing of those after one that says it is final."""
    last = next((i for i, each in enumerate(found) if _flag(each) == _FINAL), len(found))
    return found[: last + 1]


def _as_list(held: Commented) -> Commented | None:
    """A single word in a list's place is one: conda refuses it."""
    if isinstance(held.value, str):
        return Commented(value=[Commented(value=held.value)], comment=held.comment)
    return held if isinstance(held.value, list) else None


def _words(held: Commented) -> list[str]:
    items = held.value if isinstance(held.value, list) else []
    values = (item.value for item in items)
    return [str(v) for v in values if isinstance(v, str | int | float) and v is not True]


def _channels(every: _Every) -> tuple[str, ...]:
    local = (LOCAL,) if every.is_set("use_local") else ()
    return (*local, *(every.words("channels", "channel") or ()))


def _build_folders(every: _Every) -> tuple[str, ...]:
    nested = (every.mapping("conda_build", "conda-build") or {}).get("root-dir")
    root = nested.value if nested is not None else None
    found = (every.word("croot"), every.word("bld_path"), root)
    return tuple(each for each in found if isinstance(each, str) and each)


def _addresses(named: Mapping[str, Commented], every: _Every) -> dict[str, str]:
    return {n: _clean(every.fill(h.value)) for n, h in named.items() if isinstance(h.value, str)}


def _flag(held: Commented) -> str | None:
    stripped = held.comment.strip("!#") if held.comment else None
    return stripped if stripped in {_FINAL, _TOP, _BOTTOM} else None


def _filler(environ: Environ) -> Callable[[str], str]:
    """Fills in variables as ``os.path.expandvars`` does; a secret one stays a reference."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1) or match.group(2)
        found = environ.get(name)
        return match.group() if found is None or redact.is_secret(name, found) else found

    return lambda text: _REFERENCE.sub(value, text)


def _clean(text: str) -> str:
    """As written, or without what was secret in it."""
    with_end = f"{text.rstrip('/')}/"
    cleaned = redact.url(with_end)
    return text if cleaned == with_end else cleaned.rstrip("/")
