"""A conda package named by its address, as explicit lists and environment files may name it."""

from __future__ import annotations

import re
from urllib.parse import unquote

from jupyter_envsnap.core import names
from jupyter_envsnap.core.specs import Spec

# CEP 23: a package's address, and its md5, or its sha256 behind a word that says so.
_ADDRESS = re.compile(
    r"(?P<base>\S+)/(?P<subdir>[^/\s]+)/(?P<name>[^/\s#]+)-(?P<version>[^/\s#-]+)"
    r"-(?P<build>[^/\s#-]+?)(?:\.conda|\.tar\.bz2)(?:#(?:sha256:(?P<sha256>\w{64})|(?P<md5>\w{32})))?"
)
_HASHES = ("sha256", "md5")


def spec_of(text: str) -> Spec | None:
    """What an address stands for; None where it is none."""
    found = _ADDRESS.fullmatch(text.strip())
    if found is None:
        return None
    name, version, build = (unquote(found[part]) for part in ("name", "version", "build"))
    return Spec(
        name=name.lower(),
        channel=names.channel(found["base"]),
        version=version,
        build=build,
        fields={kind: found[kind] for kind in _HASHES if found[kind]},
    )
