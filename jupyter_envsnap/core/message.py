"""The commit message that is proposed for a saved environment."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jupyter_envsnap.core.model import Environment
from jupyter_envsnap.core.wire import DiffLine

_SUBJECT_WIDTH = 72
_SMALL = 8
"""So many changes are always told one by one, however few packages there are."""

_SECTION = re.compile(r"^([A-Za-z_]+):")
_ENTRY = re.compile(
    r"""^\s*-\s+["']?
    (?:[^\s"'=<>!~;]+::)?            # a channel
    (?P<name>[A-Za-z0-9][\w.-]*)
    (?:\[[^\]]*\])?                  # extras
    (?:\s*={1,3}\s*(?P<version>[^\s"'=<>!~;,]+))?
    (?=$|[\s"'=<>!~;,@#*])""",
    re.VERBOSE,
)


def _entries(lines: Iterable[DiffLine], sign: str) -> dict[str, str]:
    """Versions by package, of the dependencies on the lines of one sign."""
    found: dict[str, str] = {}
    section = ""
    for line in lines:
        if line.sign not in {" ", sign}:
            continue
        heading = _SECTION.match(line.text)
        section = heading[1] if heading else section
        entry = _ENTRY.match(line.text)
        if entry and section == "dependencies" and line.sign == sign:
            found[re.sub(r"[-_.]+", "-", entry["name"]).lower()] = entry["version"] or ""
    return found


def _change(name: str, before: str | None, after: str | None) -> str:
    if before is None:
        return f"+ {name} {after}".rstrip()
    if after is None:
        return f"- {name}"
    return f"{name} {before or 'any'} → {after or 'any'}"


def _changes(environment: Environment, diff: Iterable[DiffLine]) -> list[str]:
    """Each change in words; those of packages that somebody asked for come first."""
    lines = tuple(diff)
    before, after = _entries(lines, "-"), _entries(lines, "+")
    requested = {package.name for package in environment.conda if package.requested}
    requested |= {package.name for package in environment.pypi if package.requested}
    changed = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
    changed.sort(key=lambda name: (name not in requested, name in before, name not in after, name))
    return [_change(name, before.get(name), after.get(name)) for name in changed]


def _counts(environment: Environment) -> str:
    counts = {"conda": len(environment.conda), "pip": len(environment.pypi)}
    parts = [f"{count} {kind}" for kind, count in counts.items() if count]
    noun = "package" if sum(counts.values()) == 1 else "packages"
    return f"{', '.join(parts) or 'no'} {noun}"


def _listed(changes: list[str]) -> str:
    """As many changes as fit into a subject, and how many more there are."""
    subject = f"env: {changes[0]}"
    for index, change in enumerate(changes[1:], start=1):
        longer = f"{subject}, {change}"
        rest = len(changes) - index - 1
        if len(f"{longer} and {rest} more" if rest else longer) > _SUBJECT_WIDTH:
            return f"{subject} and {len(changes) - index} more"
        subject = longer
    return subject


def propose(environment: Environment, diff: Iterable[DiffLine], *, path: str, exists: bool) -> str:
    """One line that says what the commit changes."""
    lines = tuple(diff)
    if not exists or all(line.sign == " " for line in lines):
        return f"env: record environment of {environment.name} ({_counts(environment)})"
    changes = _changes(environment, lines)
    if not changes:
        return f"env: update {path.rpartition('/')[2]}"
    if len(changes) > max(_SMALL, (len(environment.conda) + len(environment.pypi)) // 2):
        return f"env: update environment of {environment.name} ({_counts(environment)})"
    return _listed(changes)
