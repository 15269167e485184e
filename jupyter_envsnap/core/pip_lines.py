"""The lines that make pip install again what it installed (PEP 508, PEP 610, pip's own options)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from msgspec import Struct
from packaging.version import InvalidVersion, Version

from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.findings import finding
from jupyter_envsnap.core.model import (
    ArchiveSource,
    Finding,
    LocalSource,
    PipIndexes,
    PypiPackage,
    VcsSource,
)

_TORCH = "https://download.pytorch.org/whl/"
_PYG = "https://data.pyg.org/whl/"
_LABELS = (
    # Label of a local version → the option that finds such wheels, by their makers' own rules.
    (re.compile(r"(cpu|xpu|cu\d{2,3}|rocm\d+(?:\.\d+){0,2})"), f"--extra-index-url {_TORCH}{{0}}"),
    (re.compile(r"cpu\.cxx11\.abi"), f"--extra-index-url {_TORCH}cpu-cxx11-abi"),
    (re.compile(r"(cu\d{3})\.with\.pypi\.cudnn"), f"--extra-index-url {_TORCH}{{0}}_pypi_cudnn"),
    (
        re.compile(r"pt(\d)(\d{1,2})(cpu|cu\d{2,3})"),
        f"--find-links {_PYG}torch-{{0}}.{{1}}.0+{{2}}.html",
    ),
)
_ELSEWHERE = frozenset({"dgl", "detectron2"})
"""They use the labels of torch, and are not on its index."""
_HASH = re.compile(r"(sha256|sha512|sha384|sha224|sha1|md5)=[0-9a-fA-F]+")
"""Those that pip checks, in a URL's fragment."""
_REMOTE = re.compile(r"(?!file:)[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_BARE = re.compile(r"[\w@%+=:,./~-]*")
_QUOTABLE = re.compile(r"(?!.*\s#)[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]*")
"""pip looks for comments before it looks for quotes."""
_UNQUOTED = re.compile(r"[\w@%+=:,./~ -]*")
"""A path that is no option's cannot be quoted: pip would read the rest as extras or markers."""
_IN_URLS = "!$%&'()*+,-./:;=?@[]_~{}"
"""Kept as they are: what is reserved, and what pip replaces by a variable."""


class PipLine(Struct, frozen=True, kw_only=True):
    """One package."""

    package: PypiPackage
    text: str
    can_install: bool = True
    """False: ``text`` is for a comment, as only this machine has the package."""


class PipLines(Struct, frozen=True, kw_only=True):
    """What a pip section or a requirements file says."""

    options: tuple[str, ...] = ()
    """Such as ``--extra-index-url …``: they hold for all lines and come first."""
    lines: tuple[PipLine, ...] = ()
    findings: tuple[Finding, ...] = ()


def pip_lines(packages: Sequence[PypiPackage], indexes: PipIndexes) -> PipLines:
    """The lines of these packages, in their order."""
    from_index = [package for package in packages if package.source is None]
    indexes = _for_others(indexes)
    lines = tuple(_line(package) for package in packages)
    return PipLines(
        options=tuple(_options(from_index, indexes)) if from_index else (),
        lines=lines,
        findings=(
            *(
                finding(codes.UNKNOWN_INDEX, package=package.name)
                for package in from_index
                if indexes == PipIndexes() and _local(package) and _option(package) is None
            ),
            *(_unwritten(line) for line in lines if not line.can_install and _named(line.package)),
        ),
    )


def _for_others(indexes: PipIndexes) -> PipIndexes:
    """Without the folders of this machine: nobody else has them, and here pip knows them anyway."""

    def reached(places: Sequence[str]) -> tuple[str, ...]:
        return tuple(place for place in places if _REMOTE.match(place))

    return PipIndexes(
        index_url=next(iter(reached([indexes.index_url or ""])), None),
        extra=reached(indexes.extra),
        find_links=reached(indexes.find_links),
    )


def _options(packages: Sequence[PypiPackage], indexes: PipIndexes) -> Iterator[str]:
    """Those of the user's own pip, then those that the packages' versions ask for."""
    configured = [
        *([f"--index-url {indexes.index_url}"] if indexes.index_url else []),
        *(f"--extra-index-url {url}" for url in indexes.extra),
        *(f"--find-links {place}" for place in indexes.find_links),
    ]
    by_rule = sorted({option for package in packages if (option := _option(package))})
    seen: set[str] = set()
    for option in (*configured, *by_rule):
        address = option.partition(" ")[2].rstrip("/")
        if address not in seen:
            seen.add(address)
            yield option


def _option(package: PypiPackage) -> str | None:
    """The option that finds wheels with the label of this version; None where no rule says."""
    if package.name in _ELSEWHERE:
        return None
    for label, option in _LABELS:
        if match := label.fullmatch(_local(package)):
            return option.format(*match.groups())
    return None


def _local(package: PypiPackage) -> str:
    """What PEP 440 has behind the ``+``: no version on PyPI has one."""
    return package.version.partition("+")[2]


def _line(package: PypiPackage) -> PipLine:
    source = package.source
    if not isinstance(source, LocalSource):
        return PipLine(package=package, text=_requirement(package))
    path = None if source.written is None else _path(source.written, editable=source.editable)
    if path is None:
        return PipLine(package=package, text=_left_out(package, source), can_install=False)
    return PipLine(package=package, text=path)


def _named(package: PypiPackage) -> str | None:
    return package.source.written if isinstance(package.source, LocalSource) else None


def _unwritten(line: PipLine) -> Finding:
    """For a folder that others have, and whose name no line can hold."""
    source = line.package.source
    editable = isinstance(source, LocalSource) and source.editable
    code = codes.EDITABLE_INSTALL if editable else codes.LOCAL_SOURCE
    return finding(code, package=line.package.name)


def is_writable(path: str, *, editable: bool) -> bool:
    """Whether a line can hold the name of this folder."""
    return _path(path, editable=editable) is not None


def _path(written: str, *, editable: bool) -> str | None:
    """The line for a folder; None where pip would read another path than is meant."""
    # To pip a path is what begins with a dot, or with the root.
    path = written if written.partition("/")[0] in {"", ".", ".."} else f"./{written}"
    if not editable:
        return path if _UNQUOTED.fullmatch(path) else None
    if not _QUOTABLE.fullmatch(path):
        return None
    # pip reads an option as a shell does.
    quoted = path if _BARE.fullmatch(path) else "'" + path.replace("'", "'\"'\"'") + "'"
    return f"-e {quoted}"


def _left_out(package: PypiPackage, source: LocalSource) -> str:
    why = (
        "runs from a folder on one machine, install it by hand"
        if source.editable
        else "was installed from a file on one machine, install it by hand"
    )
    return f"{package.name}=={package.version}: {why}"


def _requirement(package: PypiPackage) -> str:
    """A PEP 508 requirement; a source in the form that pip reads."""
    source = package.source
    if isinstance(source, VcsSource):
        at = f"{source.vcs}+{_encoded(source.url)}@{_encoded(source.commit)}"
        parts = [f"subdirectory={_encoded(source.subdirectory)}"] if source.subdirectory else []
        if source.editable:
            return f"-e {at}#{'&'.join([f'egg={package.name}', *parts])}"
        return f"{package.name} @ {at}{_fragment(parts)}"
    if isinstance(source, ArchiveSource):
        parts = [f"subdirectory={_encoded(source.subdirectory)}"] if source.subdirectory else []
        # Last: to pip before 23.1, a hash goes on to the end.
        parts += sorted((h for h in source.hashes if _HASH.fullmatch(h)), key=_strength)[:1]
        return f"{package.name} @ {_encoded(source.url)}{_fragment(parts)}"
    return f"{package.name}{_equals(package.version)}{package.version}"


def _fragment(parts: list[str]) -> str:
    return f"#{'&'.join(parts)}" if parts else ""


def _strength(hashed: str) -> int:
    order = ("sha256", "sha512", "sha384", "sha224", "sha1", "md5")
    return order.index(hashed.partition("=")[0])


def _encoded(text: str) -> str:
    """Without what would end an address in the middle of a line."""
    return quote(text, safe=_IN_URLS)


def _equals(version: str) -> str:
    """``===`` takes what PEP 440 has no place for, word by word."""
    try:
        Version(version)
    except InvalidVersion:
        return "==="
    return "=="
