"""Several conda configurations as one (conda/common/configuration.py, conda/base/context.py)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from jupyter_envsnap.core import redact
from jupyter_envsnap.core.conda_channels import ALIAS, DEFAULT_CHANNELS, Settings
from jupyter_envsnap.core.documents.yaml_io import Commented

Source = Mapping[str, Commented]
"""One file, by key; sources come in the order of rising precedence."""
Environ = Mapping[str, str]

_REFERENCE = re.compile(r"\$(?:(\w+)|\{([^}]*)\})")
_FINAL, _TOP, _BOTTOM = "final", "top", "bottom"
_CHANNELS = ("channels", "channel")
_ENVS_DIRS = ("envs_dirs", "envs_path")


class Configuration(Struct, frozen=True, kw_only=True):
    """What of conda's configuration matters for writing an environment down."""

    settings: Settings = Settings()
    envs_dirs: tuple[str, ...] = ()
    """Folders whose members are environments with a name; as written, variables filled in."""
    root_prefix: str | None = None
    build_folders: tuple[str, ...] = ()
    """Where conda-build may keep the packages of the channel ``local``."""


class _List(Struct, frozen=True):
    """A list of one source."""

    items: tuple[str, ...]
    flags: tuple[str | None, ...]
    final: bool


def merged(
    sources: Sequence[Source],
    environ: Environ,
    *,
    path_separator: str = ":",
    default_channels: tuple[str, ...] = DEFAULT_CHANNELS,
) -> Configuration:
    """What holds where all of these speak; what is of the wrong kind says nothing."""
    fill = _filler(environ)

    def listed(*keys: str, mark: str = ",") -> tuple[str, ...] | None:
        found = [each for source in sources if (each := _list_in(source, keys)) is not None]
        named = next((environ[n] for k in keys if (n := f"CONDA_{k.upper()}") in environ), None)
        if named is not None:
            words = tuple(word.strip() for word in named.split(mark) if word.strip())
            found.append(_List(words, (None,) * len(words), final=False))
        return _one_list(found) if found else None

    def mapped(key: str) -> dict[str, object]:
        return _one_map([source[key] for source in sources if key in source])

    def word(*keys: str) -> str | None:
        named = next((environ[n] for k in keys if (n := f"CONDA_{k.upper()}") in environ), None)
        return named or _one_word(sources, keys)

    channels = tuple(_clean(fill(c)) for c in listed(*_CHANNELS) or ())
    given = listed("default_channels")
    return Configuration(
        settings=Settings(
            channels=tuple(dict.fromkeys(c for c in channels if c)),
            channel_alias=_clean(fill(word("channel_alias") or ALIAS)),
            migrated_channel_aliases=tuple(map(_clean, listed("migrated_channel_aliases") or ())),
            custom_channels=_words(mapped("custom_channels"), fill),
            migrated_custom_channels=_words(mapped("migrated_custom_channels"), fill),
            custom_multichannels={
                name: tuple(_clean(fill(item)) for item in items if isinstance(item, str))
                for name, items in mapped("custom_multichannels").items()
                if isinstance(items, list)
            },
            default_channels=(
                default_channels if given is None else tuple(_clean(fill(c)) for c in given)
            ),
        ),
        envs_dirs=tuple(fill(d) for d in listed(*_ENVS_DIRS, mark=path_separator) or ()),
        root_prefix=word("root_prefix", "root_dir"),
        build_folders=_build_folders(sources),
    )


def _list_in(source: Source, keys: Iterable[str]) -> _List | None:
    held = next((source[key] for key in keys if key in source), None)
    if held is None:
        return None
    value, comments = held.value, held.comments
    if isinstance(value, str):  # conda refuses it, and everybody knows what is meant
        value, comments = [value], (None,)
    if value is None:
        value, comments = [], ()
    if not isinstance(value, list) or not isinstance(comments, tuple):
        return None
    pairs = [
        (str(item), _flag(comment))
        for item, comment in zip(value, comments, strict=True)
        if isinstance(item, str) or (isinstance(item, int | float) and item is not True)
    ]
    return _List(
        tuple(item for item, _ in pairs),
        tuple(flag for _, flag in pairs),
        final=_flag(held.comment) == _FINAL,
    )


def _one_list(found: Sequence[_List]) -> tuple[str, ...]:
    """Later sources first; nothing of those after one that says it is final."""
    last = next((i for i, each in enumerate(found) if each.final), len(found) - 1)
    relevant = found[: last + 1]

    def marked(each: _List, flag: str) -> list[str]:
        pairs = zip(each.items, each.flags, strict=True)
        return [item for item, its_flag in pairs if its_flag == flag]

    top = [item for each in relevant for item in marked(each, _TOP)]
    bottom = [item for each in reversed(relevant) for item in marked(each, _BOTTOM)]
    every = [item for each in reversed(relevant) for item in each.items]
    from_top = tuple(dict.fromkeys((*top, *every)))
    backwards = dict.fromkeys((*reversed(bottom), *reversed(from_top)))
    return tuple(reversed(tuple(backwards)))


def _one_map(found: Sequence[Commented]) -> dict[str, object]:
    last = next((i for i, each in enumerate(found) if _flag(each.comment) == _FINAL), len(found))
    relevant = [each for each in found[: last + 1] if isinstance(each.value, dict)]
    result: dict[str, object] = {}
    for each in relevant:
        result |= {str(key): value for key, value in _items(each)}
    for each in reversed(relevant):
        flags = each.comments if isinstance(each.comments, dict) else {}
        result |= {str(k): v for k, v in _items(each) if _flag(flags.get(str(k))) == _FINAL}
    return result


def _items(held: Commented) -> Iterable[tuple[object, object]]:
    return held.value.items() if isinstance(held.value, dict) else ()


def _one_word(sources: Sequence[Source], keys: Iterable[str]) -> str | None:
    keys = tuple(keys)
    found = [source[key] for source in sources for key in keys if key in source]
    final = next((each for each in found if _flag(each.comment) == _FINAL), None)
    chosen = final or (found[-1] if found else None)
    return chosen.value if chosen is not None and isinstance(chosen.value, str) else None


def _build_folders(sources: Sequence[Source]) -> tuple[str, ...]:
    keys = ("conda_build", "conda-build")
    nested = _one_map([source[key] for source in sources for key in keys if key in source])
    found = (_one_word(sources, ("croot",)), _one_word(sources, ("bld_path",)))
    return tuple(str(each) for each in (*found, nested.get("root-dir")) if each)


def _words(values: Mapping[str, object], fill: Callable[[str], str]) -> dict[str, str]:
    return {name: _clean(fill(v)) for name, v in values.items() if isinstance(v, str)}


def _flag(comment: str | None) -> str | None:
    stripped = comment.strip("!#") if comment else None
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
