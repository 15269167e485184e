"""How conda names channels (conda/models/channel.py, CEP 26); no credential is ever part of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct

from jupyter_envsnap.core import names, redact

ALIAS = "https://conda.anaconda.org"
DEFAULT_CHANNELS = ("https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r")
DEFAULT_CHANNELS_ON_WINDOWS = (*DEFAULT_CHANNELS, "https://repo.anaconda.com/pkgs/msys2")
CUSTOM_CHANNELS: Mapping[str, str] = MappingProxyType({"pkgs/pro": "https://repo.anaconda.com"})
"""Where nobody names others."""
LOCAL = "local"
T = TypeVar("T")
_UNKNOWN = frozenset({"", "<unknown>", "None:///<unknown>", "None", "unknown", "@"})

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]{0,11})://")
_PACKAGE = re.compile(r"\.(?:conda|tar\.bz2)$")


class Settings(Struct, frozen=True, kw_only=True):
    """What conda's configuration says of channels; everything without credentials."""

    channels: tuple[str, ...] = ()
    """As written, highest priority first."""
    channel_alias: str = ALIAS
    migrated_channel_aliases: tuple[str, ...] = ()
    custom_channels: Mapping[str, str] = CUSTOM_CHANNELS
    migrated_custom_channels: Mapping[str, str] = {}
    custom_multichannels: Mapping[str, tuple[str, ...]] = {}
    default_channels: tuple[str, ...] = DEFAULT_CHANNELS
    local_channels: tuple[str, ...] = ()
    """Of conda-build's folders that exist."""


class Channel(Struct, frozen=True):
    """A channel, taken apart."""

    location: str
    """Host, port and path in front of the name; without a scheme."""
    name: str
    scheme: str | None = None


class Naming:
    """The names that channels have under these settings."""

    def __init__(self, settings: Settings) -> None:
        self._alias = _location(settings.channel_alias)
        aliases = map(_location, settings.migrated_channel_aliases)
        self._aliases = (self._alias, *aliases)
        self._migrated = dict(settings.migrated_custom_channels)
        groups = {
            **settings.custom_multichannels,
            # What conda reserves goes before what a user calls alike.
            names.DEFAULTS: settings.default_channels,
            LOCAL: settings.local_channels,
        }
        self._groups = {n: tuple(self._simple(c) for c in each) for n, each in groups.items()}
        self._custom = {c.name: c for each in self._groups.values() for c in each}
        customs = (self._simple(url, name) for name, url in settings.custom_channels.items())
        self._custom |= {c.name: c for c in customs}

    def canonical(self, value: str) -> str:
        """A channel's canonical name; empty where it is unknown.

        ``value``: a name or an address, of a channel, a platform's folder in it or a package.
        """
        if value.strip() in _UNKNOWN:
            return ""
        if value in self._groups:
            return value
        return self._canonical(self.channel(value))

    def short(self, value: str) -> str:
        """What conda writes before ``::`` of a spec that has this channel there."""
        name = self.name(value) or self._whole(self.channel(value))
        if name in self._groups:
            return name
        found = self.channel(name)
        canonical = self._canonical(found)
        if canonical in self._groups:
            return canonical
        return found.name if found.location == self._alias.location else self._whole(found)

    def name(self, value: str) -> str:
        """A channel's own name, which may be empty; that of a group is the group's."""
        bare = _without_subdir(value)
        return bare if bare in self._groups else self.channel(value).name

    @staticmethod
    def subdir(value: str) -> str:
        """The platform whose folder of a channel this names; empty where it names none."""
        parts = value.partition("://")[2] or value
        return next((part for part in parts.split("/")[1:] if names.is_subdir(part)), "")

    def members(self, value: str) -> tuple[str, ...]:
        """The channels that a name stands for: those of a group, else itself."""
        group = self._groups.get(value)
        if group is None:
            return (value,)
        return tuple(map(self._whole, group))

    def channel(self, value: str) -> Channel:
        """The parts of a name or an address."""
        if value.startswith(("/", "~", "./", "../")):
            value = f"file://{quote(value)}"
        if _SCHEME.match(value):
            return self._of_url(value)
        # A host and its token may stand there without a scheme.
        return self._named(_without_subdir(redact.url(f"{value.rstrip('/')}/").rstrip("/")))

    @staticmethod
    def _whole(found: Channel) -> str:
        return f"{found.scheme or 'https'}://{_joined(found.location, found.name)}"

    def _canonical(self, found: Channel) -> str:
        for group, channels in self._groups.items():
            if any(found.name == channel.name for channel in channels):
                return group
        parts = found.name.split("/")
        if found.name and any(_begins(parts, name.split("/")) for name in self._custom):
            return found.name
        if found.location in {alias.location for alias in self._aliases}:
            return found.name
        whole = _joined(found.location, found.name)
        return f"{found.scheme}://{whole}" if found.scheme else whole.lstrip("/")

    def _named(self, name: str) -> Channel:
        head = name
        while head not in self._custom and "/" in head:
            head = head.rpartition("/")[0]
        near = self._custom.get(head, self._alias)
        return Channel(near.location, name, near.scheme)

    def _simple(self, address: str, name: str | None = None) -> Channel:
        """One of a list of the configuration, whose members may be names."""
        found = _location(address)
        if found.scheme is None:
            return Channel(self._alias.location, (name or address).strip("/"), self._alias.scheme)
        if name is not None:
            return Channel(found.location, name.strip("/"), found.scheme)
        if self._alias.location and found.location.startswith(self._alias.location):
            rest = found.location.removeprefix(self._alias.location)
            return Channel(self._alias.location, rest.strip("/"), found.scheme)
        host, _, path = found.location.partition("/")
        return Channel(host, path.strip("/"), found.scheme)

    def _of_url(self, url: str) -> Channel:
        scheme, at = _split(url)
        found = self._configured(at, scheme)
        return Channel(found.location, unquote(found.name), found.scheme or "https")

    def _configured(self, at: str, scheme: str) -> Channel:
        """The first of conda's rules that fits; ``at``: host, port and path."""
        if "/" not in at:
            return Channel(at, "", scheme)
        return self._moved(at) or self._listed(at, scheme) or _of_address(at, scheme)

    def _moved(self, at: str) -> Channel | None:
        """At its new place, where the configuration says that it moved."""
        for name, address in _longest_first(self._migrated):
            old = _joined(_location(address).location, name)
            if _begins(at.split("/"), old.split("/")):
                return self._named(_joined(name, at.replace(old, "", 1)))
        for alias in self._aliases[1:]:
            if at.startswith(alias.location):
                name = at.replace(alias.location, "", 1).strip("/")
                return Channel(self._alias.location, name, self._alias.scheme)
        return None

    def _listed(self, at: str, scheme: str) -> Channel | None:
        for _, custom in _longest_first(self._custom):
            whole = _joined(custom.location, custom.name)
            if _begins(at.split("/"), whole.split("/")):
                rest = at.replace(whole, "", 1).strip("/")
                return Channel(custom.location, _joined(custom.name, rest), scheme)
        alias = self._alias
        if alias.location and _begins(at.split("/"), alias.location.split("/")):
            return Channel(alias.location, at.replace(alias.location, "", 1).strip("/"), scheme)
        return None


def _of_address(at: str, scheme: str) -> Channel:
    host, _, path = at.partition("/")
    if not host:  # of a file
        folder, _, name = at.rpartition("/")
        return Channel(folder or "/", name, "file")
    if path.split("/")[0] == "conda":  # as an Anaconda Enterprise server has them
        return Channel(f"{host}/conda", path.removeprefix("conda").strip("/"), scheme)
    return Channel(host, path.strip("/"), scheme)


def _split(url: str) -> tuple[str, str]:
    """(scheme, host with port and path) of a channel, without credentials, platform, package."""
    # A token may be all there is after the host, so that only a slash ends it.
    cleaned = redact.url(f"{url.rstrip('/')}/").rstrip("/")
    cleaned = cleaned.partition("?")[0].partition("#")[0]
    if _PACKAGE.search(cleaned):
        cleaned = cleaned.rpartition("/")[0]
    cleaned = _without_subdir(cleaned)
    try:
        parts = urlsplit(cleaned)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # a port that is no number, half an IPv6 address
        scheme, _, rest = cleaned.partition("://")
        return scheme, rest.rpartition("@")[2]
    host = f"[{host}]" if ":" in host else host
    return parts.scheme, f"{host}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def _location(address: str) -> Channel:
    if not _SCHEME.match(address):
        return Channel(address.rstrip("/"), "")
    cleaned = redact.url(f"{address.rstrip('/')}/").rstrip("/")
    parts = urlsplit(cleaned)
    at = f"{parts.netloc.rpartition('@')[2].lower()}{parts.path}".rstrip("/")
    return Channel(at, "", parts.scheme)


def _without_subdir(text: str) -> str:
    """Without the first part that is a platform's name."""
    parts = text.split("/")
    at = next((i for i, part in enumerate(parts) if i and names.is_subdir(part)), None)
    return text.rstrip("/") if at is None else "/".join(parts[:at] + parts[at + 1 :]).rstrip("/")


def _joined(*parts: str) -> str:
    start = "/" if not parts[0] or parts[0].startswith("/") else ""
    return start + "/".join(stripped for part in parts if (stripped := part.strip("/")))


def _begins(parts: list[str], start: list[str]) -> bool:
    return all(mine == its for mine, its in zip(parts, start, strict=False))


def _longest_first(named: Mapping[str, T]) -> Iterator[tuple[str, T]]:
    return iter(sorted(named.items(), key=lambda item: -len(item[0])))
