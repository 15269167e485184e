"""The source of an installed package against the one that a line of a file names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from jupyter_envsnap.core.documents import pip_addresses as addresses
from jupyter_envsnap.core.documents.declared import PipEntry
from jupyter_envsnap.core.model import ArchiveSource, LocalSource, Source, VcsSource
from jupyter_envsnap.core.pip_lines import PipLine, encoded

# git itself takes four digits; of those that people write, none is a branch.
_SHORT_COMMIT = re.compile(r"[0-9a-f]{7,}", re.IGNORECASE)


def of_address(
    entry: PipEntry, lines: Mapping[str, PipLine], folders: Mapping[str, str] | None = None
) -> str:
    """The package that an entry without a name is about; empty where that cannot be told.

    ``folders``: the package of each path that no line may have.
    """
    if not entry.url:
        return ""
    for name, line in lines.items():
        source = line.package.source
        if source is not None and _is_same_place(entry, source):
            return name
    guess = addresses.of_sdist(entry.url)
    return guess if guess in lines else (folders or {}).get(addresses.path(entry.url), "")


def is_same(entry: PipEntry, line: PipLine, *, pin: bool) -> bool:
    """Whether the entry would install what is there, from where it came."""
    source = line.package.source
    if source is None or not _is_same_place(entry, source):
        return False
    if isinstance(source, ArchiveSource):
        asked = addresses.address(entry.url).hashes | addresses.hashes(entry.options)
        return addresses.same_hashes(asked, addresses.hashes(" ".join(source.hashes)))
    if (entry.kind == "editable") != source.editable:
        return False
    if isinstance(source, LocalSource):
        return True
    asked_for = addresses.address(entry.url).reference
    if asked_for == source.commit or _is_short_of(asked_for, source.commit):
        return True
    return not pin and asked_for in {"", source.revision}


def at_commit(entry: PipEntry, line: PipLine) -> str | None:
    """The entry with another commit in its place; None where more of it is another."""
    source = line.package.source
    if not isinstance(source, VcsSource) or not _is_same_place(entry, source):
        return None
    before = entry.url.partition("#")[0]
    if (entry.kind == "editable") != source.editable or entry.text.count(before) != 1:
        return None
    asked = addresses.address(entry.url)
    bare = f"{asked.vcs}+{asked.url}"
    return entry.text.replace(before, f"{bare}@{encoded(source.commit)}")


def _is_same_place(entry: PipEntry, source: Source) -> bool:
    if isinstance(source, LocalSource):
        if source.written is None or not entry.url:
            return False
        return addresses.path(source.written) == addresses.path(entry.url)
    asked = addresses.address(entry.url)
    vcs = source.vcs if isinstance(source, VcsSource) else ""
    return (
        asked.vcs == vcs
        and addresses.place(asked.url) == addresses.place(source.url)
        and asked.subdirectory.strip("/") == (source.subdirectory or "").strip("/")
    )


def _is_short_of(asked: str, commit: str) -> bool:
    return _SHORT_COMMIT.fullmatch(asked) is not None and commit.startswith(asked.lower())
