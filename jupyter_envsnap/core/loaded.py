"""What a running kernel may still use of an environment that has changed since it started."""

from __future__ import annotations

from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.diff import PackageChange, diff
from jupyter_envsnap.core.findings import finding
from jupyter_envsnap.core.model import Environment, Finding

MOST_TOLD = 20
"""Whoever updated more than this many packages restarts the kernel anyhow."""
_OTHER_VERSION = frozenset(
    {"upgraded", "downgraded", "changed", "rebuilt", "moved", "source-changed"}
)
_ONE_OF_SEVERAL = "an old one"


class Loaded:
    """What a kernel found when it started, and which of it has changed more than once since."""

    def __init__(self, at_start: Environment) -> None:
        self._at_start = self._last = at_start
        self._several: frozenset[str] = frozenset()

    def before_change(self, now: Environment) -> tuple[Finding, ...]:
        """The packages that were there at the start and are others now; requested ones first.

        The version that may be in use is named where there was only one before.
        """
        last, self._last = self._last, now
        if self._at_start.digest == now.digest:
            return ()
        if self._at_start.digest != last.digest != now.digest:
            again = {change.name for change in _others(last, now)}
            self._several |= again.intersection(c.name for c in _others(self._at_start, last))
        changes = _others(self._at_start, now)
        changes.sort(key=lambda change: (not change.requested, change.name))
        return tuple(
            finding(
                codes.LOADED_BEFORE_CHANGE,
                package=change.name,
                version=_ONE_OF_SEVERAL if change.name in self._several else change.before.version,
            )
            for change in changes[:MOST_TOLD]
            if change.before is not None
        )


def _others(before: Environment, now: Environment) -> list[PackageChange]:
    return [
        change
        for change in diff(before, now).packages
        if change.before is not None and change.after is not None
        if change.change in _OTHER_VERSION and change.before.version != change.after.version
    ]
