"""The commit message that is proposed for a saved environment."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from jupyter_envsnap.core.change_words import columns, cut, fact_words, plain, signed, words
from jupyter_envsnap.core.diff import EnvironmentDiff
from jupyter_envsnap.core.model import Environment

_SUBJECT_WIDTH = 72
_LINE_WIDTH = 200
_SMALL = 8
"""So many changes are always told one by one, however few packages there are."""
_MOST_LENGTH = 16_000
"""A request to save takes messages of 20,000 characters."""
_QUIET = frozenset({"details", "requested-changed"})
"""Nothing in the file tells them."""
_PIP = " (pip)"
_OF_THE_ENVIRONMENT = frozenset({"python", "kind", "platform"})
"""A package tells the same, or no file does."""


def propose(changes: EnvironmentDiff | None, environment: Environment, *, path: str) -> str:
    """A subject of at most 72 columns, and what it does not say in lines below.

    ``changes``: of what the file said to what it is going to say; None where there was no file,
    or none that says what it means.
    """
    if changes is None:
        return cut(f"env: record {_environment(environment)}", _SUBJECT_WIDTH)
    told = _told(changes)
    if not told:
        return cut(f"env: update {plain(path.rpartition('/')[2])}", _SUBJECT_WIDTH)
    every = len(environment.conda) + len(environment.pypi)
    if len(told) > max(_SMALL, every // 2):
        return _whole(f"env: update {_environment(environment)}", told)
    return _listed(told)


class Summary(Struct, frozen=True, kw_only=True):
    """What was installed, for a toast."""

    words: str
    """The first of the changes, and how many more there are."""
    count: int
    """Of the changes."""


def summary(changes: EnvironmentDiff) -> Summary | None:
    """Such as ``+ polars 1.9 (pip) and 4 more``; None where all is alike."""
    packages = [c for c in changes.packages if c.change not in _QUIET]
    packages.sort(key=lambda c: (not c.requested, c.name))
    facts = [fact for fact in changes.facts if not fact.name.startswith("__")]
    told = [f"{words(c)}{_PIP if c.after is c.pypi_after and c.after else ''}" for c in packages]
    told += map(fact_words, facts)
    if not told:
        return None
    rest = f" and {len(told) - 1} more" if len(told) > 1 else ""
    return Summary(words=cut(f"{told[0]}{rest}", _LINE_WIDTH), count=len(told))


def _told(changes: EnvironmentDiff) -> list[str]:
    """What somebody asked for first; changed, then added, then removed."""
    packages = [c for c in changes.packages if c.change not in _QUIET]
    packages.sort(key=lambda c: (not c.requested, c.after is None, c.before is None, c.name))
    facts = [fact for fact in changes.facts if fact.name not in _OF_THE_ENVIRONMENT]
    return [*map(words, packages), *map(fact_words, facts)]


def _environment(environment: Environment) -> str:
    """Its name and how much is in it; of a long name, the beginning."""
    counts = {"conda": len(environment.conda), "pip": len(environment.pypi)}
    parts = [f"{count} {kind}" for kind, count in counts.items() if count]
    noun = "package" if sum(counts.values()) == 1 else "packages"
    packages = f"({', '.join(parts) or 'no'} {noun})"
    room = _SUBJECT_WIDTH - len(f"env: record environment of  {packages}")
    return f"environment of {cut(plain(environment.name), room)} {packages}"


def _listed(told: Sequence[str]) -> str:
    """As many changes as fit into a subject, how many more there are, and those in the body."""
    subject = f"env: {told[0]}"
    for index, change in enumerate(told[1:], start=1):
        longer = f"{subject}, {change}"
        rest = len(told) - index - 1
        if columns(f"{longer} and {rest} more" if rest else longer) > _SUBJECT_WIDTH:
            more = f" and {len(told) - index} more"
            subject = cut(subject, _SUBJECT_WIDTH - len(more))
            return _whole(f"{subject}{more}", told[0 if subject.endswith("…") else index :])
        subject = longer
    whole = cut(subject, _SUBJECT_WIDTH)
    return whole if whole == subject else _whole(whole, told)


def _whole(subject: str, rest: Sequence[str]) -> str:
    """A sign is in front of each line: git takes ``Name: words`` at the end for a trailer."""
    lines = [cut(subject, _SUBJECT_WIDTH), ""]
    length = 0
    for index, change in enumerate(rest):
        line = cut(signed(change), _LINE_WIDTH)
        length += len(line) + 1
        if length > _MOST_LENGTH:
            return "\n".join([*lines, f"… and {len(rest) - index:,} more"])
        lines.append(line)
    return "\n".join(lines)
