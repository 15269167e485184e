"""What changed, in words that stay on one line whatever a package calls itself."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from jupyter_envsnap.core.diff import Change, PackageChange
from jupyter_envsnap.core.facts import FactChange
from jupyter_envsnap.core.model import ArchiveSource, LocalSource, PypiPackage, VcsSource

MINUS = "−"
_SIGNS = ("+ ", f"{MINUS} ")
_OF_VERSIONS = frozenset({"upgraded", "downgraded", "changed"})
_ALWAYS: Mapping[Change, str] = {
    "artifact-replaced": "the same build, other content",
    "details": "other details",
}
# Control and format characters, surrogates, private ones and line ends: a terminal or a reader
# could take them for something else than a name.
_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_WIDE = frozenset({"W", "F"})
_SHORT_COMMIT = 7


def plain(text: str) -> str:
    """On one line and without anything that is not shown."""
    if text.isascii() and text.isprintable():
        return text
    shown = (" " if unicodedata.category(c) in _UNSHOWN else c for c in text)
    return "".join(shown)


def columns(text: str) -> int:
    """How wide a plain text is where each character has a cell, and a wide one two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in _WIDE else 1
        for c in text
    )


def cut(text: str, width: int) -> str:
    """As much of a plain text as fits, and a sign where some is left out."""
    if columns(text) <= width:
        return text
    while columns(text) > width - 1:
        text = text[: max(len(text) - max(1, (columns(text) - width) // 2), 0)]
    return f"{text}…"


def words(change: PackageChange) -> str:
    """Such as ``numpy 1.26.4 → 2.0.1``, ``+ polars 1.9`` or ``− dask``."""
    before, after = change.before, change.after
    if after is None:
        return plain(f"{MINUS} {change.name}")
    if before is None:
        return plain(f"+ {change.name} {after.version}".rstrip())
    if change.change in _OF_VERSIONS:
        return plain(f"{change.name} {before.version or 'any'} → {after.version or 'any'}")
    return plain(f"{change.name} {after.version}".rstrip() + f" ({_how(change)})")


def fact_words(fact: FactChange) -> str:
    """Such as ``channels: defaults → conda-forge``."""
    return plain(f"{fact.name}: {fact.before or 'none'} → {fact.after or 'none'}")


def signed(text: str) -> str:
    """The same with a sign in front, also where something only changed."""
    return text if text.startswith(_SIGNS) else f"~ {text}"


def _how(change: PackageChange) -> str:
    """What is another where the version is not."""
    of_conda, of_pip = change.conda_after, change.pypi_after
    if change.change == "moved":
        before = change.before.version if change.before else ""
        known = before and change.after and before != change.after.version
        return f"now by {'conda' if of_conda else 'pip'}{f', was {before}' if known else ''}"
    if change.change == "requested-changed":
        asked = bool(change.after and change.after.requested)
        return "asked for now" if asked else "not asked for any more"
    if change.change == "rebuilt" and of_conda is not None:
        return f"build {of_conda.build or 'any'}"
    if change.change == "channel-changed" and of_conda is not None:
        return f"now from {of_conda.channel or 'any channel'}"
    if change.change == "source-changed" and of_pip is not None:
        return f"now from {_where(of_pip)}"
    return _ALWAYS.get(change.change, "changed")


def _where(package: PypiPackage) -> str:
    match package.source:
        case VcsSource(url=url, commit=commit):
            return f"{url}@{commit[:_SHORT_COMMIT]}" if commit else url
        case ArchiveSource(url=url):
            return url
        case LocalSource():
            return "a folder or a file"
        case _:
            return "an index"
