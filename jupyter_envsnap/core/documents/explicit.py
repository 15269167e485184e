"""``@EXPLICIT``: the address and hash of every conda package (CEP 23), needed ones first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.documents.format import AS_CONDA, Format, Line, Written, exact
from jupyter_envsnap.core.findings import finding
from jupyter_envsnap.core.graph import Graph
from jupyter_envsnap.core.model import CondaPackage, Finding
from jupyter_envsnap.core.pip_lines import pip_lines
from jupyter_envsnap.core.selection import Selection

_MD5 = re.compile(r"[0-9a-f]{32}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


def write(selection: Selection) -> Written:
    """No solver is needed to install this; what it cannot name follows as comments."""
    named = [p for p in _topological(selection) if _is_named(p)]
    unnamed = [p for p in selection.conda if not _is_named(p)]
    lines = (
        Line("# Installs the same packages on the same platform, without solving:"),
        Line("# conda create --name NAME --file THIS-FILE"),
        Line(f"# platform: {selection.environment.platform}"),
        Line("@EXPLICIT"),
        *(Line(f"{p.url}{_hash(p)}", p) for p in named),
        *_others(selection, unnamed),
    )
    return Written(lines=lines, findings=tuple(_told(selection, unnamed)))


def _others(selection: Selection, unnamed: list[CondaPackage]) -> Iterator[Line]:
    for package in unnamed:
        text = f"# without an address: {package.name}={package.version}={package.build}"
        yield Line(_UNPRINTABLE.sub("?", text), package)
    pip = pip_lines(selection.pypi, selection.environment.indexes)
    if pip.lines:
        yield Line("# Install with pip afterwards:")
        yield from (Line(f"#   {option}") for option in pip.options)
        yield from (Line(_UNPRINTABLE.sub("?", f"#   {p.text}"), p.package) for p in pip.lines)


def _told(selection: Selection, unnamed: list[CondaPackage]) -> Iterator[Finding]:
    if selection.pypi:
        count = len(selection.pypi)
        yield finding(
            codes.NOT_IN_FORMAT,
            what="1 pip package" if count == 1 else f"{count} pip packages",
            advice="They stand at the end, as comments. Install them with pip.",
        )
    for package in unnamed:
        yield finding(
            codes.NOT_IN_FORMAT,
            package=package.name,
            what=f"`{package.name}` has no address",
            advice="Install it by hand.",
        )


def _topological(selection: Selection) -> Iterator[CondaPackage]:
    """Each package after those it needs, otherwise by name; a ring begins at its first by name."""
    graph = Graph(selection.environment)
    packages = {package.name: package for package in selection.conda}
    done: set[str] = set()
    for name in packages:
        # A stack of its own: chains of thousands are deeper than Python's.
        stack = [(name, False)]
        while stack:
            current, ready = stack.pop()
            if ready:
                yield packages[current]
            elif current not in done:
                done.add(current)
                stack.append((current, True))
                needs = (n for kind, n in graph.needs["conda", current] if kind == "conda")
                stack += [(n, False) for n in sorted(needs, reverse=True) if n in packages]


def _is_named(package: CondaPackage) -> bool:
    return bool(package.url) and not _UNPRINTABLE.search(package.url or "")


def _hash(package: CondaPackage) -> str:
    if package.sha256 and _SHA256.fullmatch(package.sha256):
        return f"#sha256:{package.sha256}"
    if package.md5 and _MD5.fullmatch(package.md5):
        return f"#{package.md5}"
    return ""


FORMAT = Format(
    name="explicit",
    label="Explicit list",
    media_type="text/plain",
    filename="explicit.txt",
    profiles=(
        exact(write, "The address and hash of every conda package, for this platform only."),
        AS_CONDA,
    ),
)
