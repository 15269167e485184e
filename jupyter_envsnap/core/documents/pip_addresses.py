"""Where a line of pip says that a package comes from, taken apart as pip does it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from posixpath import normpath
from urllib.parse import unquote

from msgspec import Struct
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)

from jupyter_envsnap.core import names, redact

_VCS = re.compile(r"(git|hg|svn|bzr)\+(.*)", re.DOTALL)
_EXTRAS = re.compile(r"(.*?)\s*\[([\w\s.,-]*)\]", re.DOTALL)
_AUTHORITY = re.compile(r"([a-z][a-z0-9+.-]*)://(?:[^/]*@)?([^/]*)", re.IGNORECASE)
_HASH = re.compile(r"(sha\d+|md5)[=:]([0-9a-fA-F]+)")
_LAST = re.compile(r"([^/?#]+)(?:[?#].*)?")


class Address(Struct, frozen=True, kw_only=True):
    """The address of an archive or a repository."""

    vcs: str = ""
    """Empty: an archive's."""
    url: str
    """As written, without the reference and what stands behind ``#``."""
    reference: str = ""
    """Branch, tag or commit."""
    subdirectory: str = ""
    hashes: frozenset[tuple[str, str]] = frozenset()
    """(algorithm, digest), in lower case."""


def address(text: str) -> Address:
    """The parts of an address such as ``git+https://h/r.git@main#subdirectory=py``."""
    url, _, fragment = text.partition("#")
    found = _VCS.fullmatch(url)
    told = dict(part.partition("=")[::2] for part in fragment.split("&"))
    reference = ""
    if found is not None:
        # What stands before the host may have an @ too; a branch may have slashes.
        start = found.start(2) + len(found[2].partition("://")[0]) + len("://")
        host = url.find("/", start)
        at = url.rfind("@", host) if host >= 0 else -1
        url, reference = (url[:at], url[at + 1 :]) if at >= 0 else (url, "")
    return Address(
        vcs=found[1] if found else "",
        url=url.removeprefix(f"{found[1]}+") if found else url,
        reference=unquote(reference),
        subdirectory=told.get("subdirectory", ""),
        hashes=hashes(fragment),
    )


def hashes(text: str) -> frozenset[tuple[str, str]]:
    """(algorithm, digest) of each hash in a fragment, or in options."""
    return frozenset((kind.lower(), value.lower()) for kind, value in _HASH.findall(text))


def same_hashes(ours: Iterable[tuple[str, str]], theirs: Iterable[tuple[str, str]]) -> bool:
    """Whether none contradicts: of an algorithm that both have, one is the same."""
    ours, theirs = set(ours), set(theirs)
    shared = {kind for kind, _ in ours} & {kind for kind, _ in theirs}
    return all(any((k, v) in theirs for k, v in ours if k == kind) for kind in shared)


def place(url: str) -> str:
    """What two addresses of one place have in common; whoever signs in there is no part of it."""
    cleaned = redact.url(url).partition("#")[0].rstrip("/").removesuffix(".git")
    found = _AUTHORITY.match(cleaned)
    if found is None:
        return unquote(cleaned)
    rest = unquote(cleaned[found.end() :])
    return f"{found[1].lower()}://{found[2].lower()}{rest}"


def path(text: str) -> str:
    """A folder in its plainest form; only where it is an address is anything encoded in it."""
    found = re.match(r"file:(?://(?=/))?", text)
    return normpath(unquote(text[found.end() :]) if found else text)


def unquoted(text: str) -> str:
    """The value of an option: pip reads it as a shell does."""
    try:
        words = shlex.split(text)
    except ValueError:
        return text
    return words[0] if words else ""


def without_extras(text: str) -> tuple[str, tuple[str, ...]]:
    """(what stands before ``[dev,test]``, the extras)."""
    found = _EXTRAS.fullmatch(text)
    if found is None:
        return text, ()
    return found[1], tuple(sorted(e for e in re.split(r"[\s,]+", found[2]) if e))


def of_wheel(text: str) -> str:
    """The package that a wheel's name says it holds; empty where this is the name of none."""
    try:
        return names.pypi(parse_wheel_filename(_file(text))[0]) or ""
    except InvalidWheelFilename:
        return ""


def of_sdist(text: str) -> str:
    """As of a wheel; a guess, as archives of repositories have such names too."""
    try:
        return names.pypi(parse_sdist_filename(_file(text))[0]) or ""
    except InvalidSdistFilename:
        return ""


def _file(text: str) -> str:
    found = _LAST.fullmatch(text.partition("#")[0].partition("?")[0].rpartition("/")[2])
    return unquote(found[1]) if found else ""
