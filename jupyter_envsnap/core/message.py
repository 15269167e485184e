"""The commit message that is proposed for a saved environment."""

from __future__ import annotations

import re

from jupyter_envsnap.core.diff import EnvironmentDiff, PackageChange
from jupyter_envsnap.core.model import Environment

_SUBJECT_WIDTH = 72
_SMALL = 8
"""So many changes are always told one by one, however few packages there are."""
_MOST_LINES = 500
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_QUIET = frozenset({"details", "requested-changed"})
"""Nothing in the file tells them."""


def propose(changes: EnvironmentDiff | None, environment: Environment, *, path: str) -> str:
    """A subject of at most 72 columns, and what it does not say in lines below.

    ``changes``: of what the file said to what it is going to say; None where there was no file,
    or none that says what it means.
    """
    if changes is None:
        return f"env: record environment of {_plain(environment.name)} ({_counts(environment)})"
    packages = [c for c in changes.packages if c.change not in _QUIET]
    # What somebody asked for first; changed, then added, then removed.
    packages.sort(key=lambda c: (not c.requested, c.after is None, c.before is None, c.name))
    told = [_plain(words(change)) for change in packages]
    told += [
        _plain(f"{fact.name}: {fact.before or 'none'} → {fact.after or 'none'}")
        for fact in changes.facts
        if fact.name not in {"python", "kind", "platform"}
    ]
    if not told:
        return f"env: update {_plain(path.rpartition('/')[2])}"
    every = len(environment.conda) + len(environment.pypi)
    if len(told) > max(_SMALL, every // 2):
        subject = f"env: update environment of {_plain(environment.name)} ({_counts(environment)})"
        return _whole(subject, told)
    return _listed(told)


def words(change: PackageChange) -> str:
    """A change in words, such as ``+ polars 1.9``."""
    before, after = change.before, change.after
    if after is None:
        return f"− {change.name}"
    if before is None:
        return f"+ {change.name} {after.version}".rstrip()
    if before.version != after.version and change.change != "moved":
        return f"{change.name} {before.version or 'any'} → {after.version or 'any'}"
    return f"{change.name} {after.version}".rstrip() + f" ({_how(change)})"


def _how(change: PackageChange) -> str:
    """What is another where the version is not."""
    if change.change == "moved":
        return "now by pip" if change.pypi_after is not None else "now by conda"
    after = change.conda_after
    if after is not None and change.change == "rebuilt":
        return f"build {after.build or 'any'}"
    if after is not None and change.change == "channel-changed":
        return f"now from {after.channel or 'any channel'}"
    return "another source"


def _counts(environment: Environment) -> str:
    counts = {"conda": len(environment.conda), "pip": len(environment.pypi)}
    parts = [f"{count} {kind}" for kind, count in counts.items() if count]
    noun = "package" if sum(counts.values()) == 1 else "packages"
    return f"{', '.join(parts) or 'no'} {noun}"


def _listed(told: list[str]) -> str:
    """As many changes as fit into a subject, how many more there are, and those in the body."""
    subject = _cut(f"env: {told[0]}")
    for index, change in enumerate(told[1:], start=1):
        longer = f"{subject}, {change}"
        rest = len(told) - index - 1
        if len(f"{longer} and {rest} more" if rest else longer) > _SUBJECT_WIDTH:
            return _whole(_cut(f"{subject} and {len(told) - index} more"), told[index:])
        subject = longer
    return subject


def _whole(subject: str, rest: list[str]) -> str:
    lines = rest[:_MOST_LINES]
    if len(rest) > len(lines):
        lines.append(f"and {len(rest) - len(lines)} more")
    return "\n".join([_cut(subject), "", *lines])


def _cut(subject: str) -> str:
    return subject if len(subject) <= _SUBJECT_WIDTH else f"{subject[: _SUBJECT_WIDTH - 1]}…"


def _plain(text: str) -> str:
    """On one line, whatever a package calls itself."""
    return _CONTROL.sub(" ", text)
