"""What nothing else in an environment needs, told quickly and without a look at any marker."""

from __future__ import annotations

import re

from jupyter_envsnap.core import names
from jupyter_envsnap.core.model import Environment

# The name at the head of a MatchSpec (CEP 29) or of a requirement (PEP 508).
_HEAD = re.compile(r"\s*(?:[^\s\[]*::)?([A-Za-z0-9_][\w.-]*)")


def is_any_requested(environment: Environment) -> bool:
    """Whether it is known of any package that somebody asked for it."""
    return any(p.requested for p in environment.conda) or any(p.requested for p in environment.pypi)


def leaves(environment: Environment) -> frozenset[str]:
    """Names of the packages that no other one names among what it needs."""
    users: dict[str, set[str]] = {}
    for package in environment.conda:
        for spec in package.depends:
            users.setdefault(spec.partition(" ")[0], set()).add(package.name)
    for distribution in environment.pypi:
        for spec in distribution.requires:
            users.setdefault(spec.partition(" ")[0], set()).add(distribution.name)
    needed: set[str] = set()
    for word, by in users.items():  # a tenth of all specs, as many begin alike
        head = _HEAD.match(word)
        name = head.group(1).lower() if head else ""
        needed |= {name, names.pypi(name) or name} if by != {name} else set()
    found = {p.name for p in environment.conda if needed.isdisjoint((p.name, *p.provides))}
    return frozenset(found | {p.name for p in environment.pypi} - needed)
