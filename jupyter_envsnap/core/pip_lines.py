"""The lines that make pip install again what it installed (PEP 508, PEP 610, pip's own options)."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from msgspec import Struct
from packaging.version import InvalidVersion, Version

from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.findings import finding
from jupyter_envsnap.core.model import (
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
_IN_URLS = "!$%&'()*+,-./:=?@[]_~{}"
"""Kept as they are: what is reserved, and what pip replaces by a variable. To pip a marker begins
at a semicolon."""

_RUNS_HERE = "runs from a folder on one machine"
_INSTALLED_HERE = "was installed from a file on one machine"
_UNREADABLE = "lies in a folder with a name that pip cannot read"


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
    lines = tuple(with_extras(package, ()) for package in packages)
    return PipLines(
        options=tuple(_options(from_index, indexes)) if from_index else (),
        lines=lines,
        findings=(
            *(
                finding(codes.UNKNOWN_INDEX, package=package.name)
                for package in from_index
                if indexes == PipIndexes() and _local(package) and _option(package) is None
            ),
            *(_unwritten(line) for line in lines if not line.can_install and _is_shared(line)),
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


def with_extras(package: PypiPackage, extras: Sequence[str]) -> PipLine:
    """The line of a package, and of what its extras add."""
    source = package.source
    asked = f"[{','.join(extras)}]" if extras else ""
    if not isinstance(source, LocalSource):
        text = _requirement(package, asked)
        if text is not None:
            return PipLine(package=package, text=text)
        return PipLine(package=package, text=_left_out(package, _UNREADABLE), can_install=False)
    path = None
    if source.written is not None:
        path = _path(source.written, asked, editable=source.editable)
    if path is None:
        why = _RUNS_HERE if source.editable else _INSTALLED_HERE
        return PipLine(package=package, text=_left_out(package, why), can_install=False)
    return PipLine(package=package, text=path)


def _is_shared(line: PipLine) -> bool:
    """Whether others have it, too, so that it is for its name alone that no line can say it."""
    source = line.package.source
    return not isinstance(source, LocalSource) or source.written is not None


def _unwritten(line: PipLine) -> Finding:
    name, source = line.package.name, line.package.source
    if not isinstance(source, LocalSource):
        what = f"`{name}` lies in a folder with a name that pip cannot read"
        return finding(codes.NOT_IN_FORMAT, package=name, what=what, advice="Install it by hand.")
    code = codes.EDITABLE_INSTALL if source.editable else codes.LOCAL_SOURCE
    return finding(code, package=name)


def is_writable(path: str, *, editable: bool) -> bool:
    """Whether a line can hold the name of this folder."""
    return _path(path, "", editable=editable) is not None


def _path(written: str, extras: str, *, editable: bool) -> str | None:
    """The line for a folder; None where pip would read another path than is meant."""
    # To pip a path is what begins with a dot, or with the root.
    path = written if written.partition("/")[0] in {"", ".", ".."} else f"./{written}"
    if not editable:
        return f"{path}{extras}" if _UNQUOTED.fullmatch(path) else None
    if not _QUOTABLE.fullmatch(path):
        return None
    # pip reads an option as a shell does.
    if _BARE.fullmatch(path):
        return f"-e {path}{extras}"
    return f"-e {shlex.quote(path + extras)}"


def _left_out(package: PypiPackage, why: str) -> str:
    return f"{package.name}=={package.version}: {why}, install it by hand"


def _requirement(package: PypiPackage, extras: str) -> str | None:
    """A PEP 508 requirement; a source in the form that pip reads. None where it can read none."""
    source = package.source
    name = f"{package.name}{extras}"
    if source is None or isinstance(source, LocalSource):
        return f"{name}{_equals(package.version)}{package.version}"
    below = source.subdirectory
    if below and (encoded(below) != below or "&" in below):
        return None  # pip takes it letter by letter
    parts = [f"subdirectory={below}"] if below else []
    if isinstance(source, VcsSource):
        at = f"{source.vcs}+{encoded(source.url)}@{encoded(source.commit)}"
        if source.editable:
            at = at.replace("'", "%27")  # pip reads an option as a shell does
            return f"-e {at}#{'&'.join([f'egg={name}', *parts])}"
        return f"{name} @ {at}{_fragment(parts)}"
    # Last: to pip before 23.1, a hash goes on to the end.
    parts += sorted((h for h in source.hashes if _HASH.fullmatch(h)), key=_strength)[:1]
    return f"{name} @ {encoded(source.url)}{_fragment(parts)}"


def _fragment(parts: list[str]) -> str:
    return f"#{'&'.join(parts)}" if parts else ""


def _strength(hashed: str) -> int:
    order = ("sha256", "sha512", "sha384", "sha224", "sha1", "md5")
    return order.index(hashed.partition("=")[0])


def encoded(text: str) -> str:
    """An address without what would end an address in the middle of a line."""
    return quote(text, safe=_IN_URLS)


def _equals(version: str) -> str:
    """``===`` takes what PEP 440 has no place for, word by word."""
    try:
        Version(version)
    except InvalidVersion:
        return "==="
    return "=="
