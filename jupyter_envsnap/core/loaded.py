"""What a running kernel may still use of an environment that has changed since it started."""

from __future__ import annotations

from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.diff import diff
from jupyter_envsnap.core.findings import finding
from jupyter_envsnap.core.model import Environment, Finding

MOST_TOLD = 20
"""Whoever updated more than this many packages restarts the kernel anyhow."""
_OTHER_VERSION = frozenset(
    {"upgraded", "downgraded", "changed", "rebuilt", "moved", "source-changed"}
)


def loaded_before_change(at_start: Environment, now: Environment) -> tuple[Finding, ...]:
    """The packages that were there at the start and are others now; requested ones first."""
    changes = [
        change
        for change in diff(at_start, now).packages
        if change.before is not None and change.after is not None
        if change.change in _OTHER_VERSION and change.before.version != change.after.version
    ]
    changes.sort(key=lambda change: (not change.requested, change.name))
    return tuple(
        finding(
            codes.LOADED_BEFORE_CHANGE,
            package=change.name,
            version=change.before.version,
        )
        for change in changes[:MOST_TOLD]
        if change.before is not None
    )
