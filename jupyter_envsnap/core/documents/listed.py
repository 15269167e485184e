"""What any file says that we write: YAML, JSON, ``requirements.txt`` and ``@EXPLICIT``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jupyter_envsnap.core import redact
from jupyter_envsnap.core.documents import addresses, declared
from jupyter_envsnap.core.documents.declared import CondaEntry, Declared, pip_entry
from jupyter_envsnap.core.documents.recorded import parse as recorded_in
from jupyter_envsnap.core.documents.yaml_io import of_json

_EXPLICIT = re.compile(r"^@EXPLICIT\s*$", re.MULTILINE)
_REQUIREMENTS = re.compile(r"(?:.*/)?[^/]*\.(?:txt|in)", re.IGNORECASE)
_HASHED = re.compile(r"\s+--hash[=\s]\S+")


def parse(text: str, path: str) -> Declared:
    """What a file says, by its text and its name.

    Raises:
        FileNotUnderstood: as ``declared.parse``.

    """
    if _EXPLICIT.search(text):
        return _explicit(text)
    if _REQUIREMENTS.fullmatch(path):
        return requirements(text)
    return declared.parse(of_json(text) if path.lower().endswith(".json") else text)


def _explicit(text: str) -> Declared:
    entries = tuple(_addresses(text))
    channels = dict.fromkeys(entry.spec.channel for entry in entries if entry.spec)
    return Declared(
        text=text,
        format="explicit",
        channels=tuple(channel for channel in channels if channel),
        conda=entries,
    )


def _addresses(text: str) -> Iterator[CondaEntry]:
    for line in text.splitlines():
        spec = addresses.spec_of(line)
        if spec is not None:
            yield CondaEntry(text=redact.url(line.strip()), token=None, spec=spec)


def requirements(text: str) -> Declared:
    """A requirements file, taken apart as the pip section of an environment file would be."""
    # A backslash at its end continues a line, for hashes mostly.
    lines = re.sub(r"\\\r?\n", " ", text.removeprefix("\ufeff")).splitlines()
    entries = (line.strip() for line in lines)
    return Declared(
        text=text,
        format="requirements",
        recorded=recorded_in(text),
        pip=tuple(pip_entry(_HASHED.sub("", e)) for e in entries if e and not e.startswith("#")),
    )
