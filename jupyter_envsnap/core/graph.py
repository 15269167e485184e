"""Which package needs which: conda's ``depends`` and pip's ``Requires-Dist`` as one graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Literal

from packaging.markers import InvalidMarker, UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement

from jupyter_envsnap.core import names, platforms
from jupyter_envsnap.core.model import CondaPackage, Environment, PypiPackage

Node = tuple[Literal["conda", "pypi"], str]
"""A package of an environment: how it was installed, and its name there."""

# A MatchSpec's package name, behind its channel (CEP 29).
_NAME = re.compile(r"(?:[^\s\[]*::)?([A-Za-z0-9_][\w.-]*)")


class Graph:
    """The packages of an environment, and what each of them needs of the others."""

    def __init__(self, environment: Environment) -> None:
        self._conda: dict[str, CondaPackage] = {p.name: p for p in environment.conda}
        self._pypi: dict[str, PypiPackage] = {p.name: p for p in environment.pypi}
        self._owners = {name: p.name for p in environment.conda for name in (*p.provides, p.name)}
        # A name that a record says is its distribution's goes before one that only looks alike.
        self._owners |= {name: p.name for p in environment.conda for name in p.provides}
        self._markers = _markers(environment)
        self.nodes: tuple[Node, ...] = (
            *(("conda", name) for name in self._conda),
            *(("pypi", name) for name in self._pypi),
        )
        self.needs: Mapping[Node, tuple[Node, ...]] = {
            node: tuple(dict.fromkeys(self._needs(node))) for node in self.nodes
        }

    def needed_by(self) -> Mapping[Node, tuple[Node, ...]]:
        """The other direction, in the order of the nodes."""
        found: dict[Node, list[Node]] = {node: [] for node in self.nodes}
        for node, needs in self.needs.items():
            for needed in needs:
                found[needed].append(node)
        return {node: tuple(users) for node, users in found.items()}

    def closure(
        self, roots: Iterable[Node], *, within: Literal["conda", "pypi"] | None = None
    ) -> set[Node]:
        """The roots and everything they need; ``within``: by needs of that kind alone."""
        found = set(roots)
        todo = list(found)
        while todo:
            for needed in self.needs[todo.pop()]:
                if needed not in found and (within is None or needed[0] == within):
                    found.add(needed)
                    todo.append(needed)
        return found

    def _needs(self, node: Node) -> Iterator[Node]:
        kind, name = node
        found = self._of_conda(name) if kind == "conda" else self._of_pypi(name)
        return (needed for needed in found if needed != node)

    def _of_conda(self, name: str) -> Iterator[Node]:
        for spec in self._conda[name].depends:
            match = _NAME.match(spec)
            wanted = match.group(1).lower() if match else ""
            if wanted in self._conda:
                yield "conda", wanted
            elif (normalised := names.pypi(wanted) or "") in self._pypi:
                yield "pypi", normalised  # pip put another version in the place of conda's

    def _of_pypi(self, name: str) -> Iterator[Node]:
        # Each with the extras that were asked of it; an extra may ask for one of its own package.
        todo: list[tuple[str, str]] = [(name, "")]
        seen = set(todo)
        while todo:
            of, extra = todo.pop()
            package = self._pypi.get(of)
            for text in package.requires if package else ():
                needed = _needed(text, self._markers, extra)
                if needed is None:
                    continue
                wanted, extras = needed
                if wanted in self._pypi:
                    yield "pypi", wanted
                elif wanted in self._owners:
                    yield "conda", self._owners[wanted]
                for pair in ((wanted, e) for e in extras):
                    if pair not in seen:
                        seen.add(pair)
                        todo.append(pair)


def _needed(
    text: str, markers: tuple[tuple[str, str], ...], extra: str
) -> tuple[str, tuple[str, ...]] | None:
    """(normalised name, extras) that a requirement asks for here; None where it does not hold."""
    found = _parsed(text)
    if found is None:
        return None
    name, extras, requirement = found
    # Without an extra, what an extra adds is left to the packages that ask for it.
    if requirement is None:
        return None if extra else (name, extras)
    if extra and "extra" not in str(requirement.marker):
        return None
    marker = requirement.marker
    try:
        holds = marker is None or marker.evaluate({**dict(markers), "extra": extra})
    except (UndefinedComparison, UndefinedEnvironmentName, InvalidMarker, ValueError):
        holds = True
    return (name, extras) if holds else None


@lru_cache(maxsize=16_384)  # parsing is most of the work, and environments share their packages
def _parsed(text: str) -> tuple[str, tuple[str, ...], Requirement | None] | None:
    """(name, extras, the requirement where it has a marker)."""
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        match = re.match(r"[A-Za-z0-9][\w.-]*", text)
        name = names.pypi(match.group()) if match else None
        return (name, (), None) if name else None
    name = names.pypi(requirement.name)
    if name is None:
        return None
    extras = tuple(sorted(names.pypi(extra) or extra for extra in requirement.extras))
    return name, extras, requirement if requirement.marker is not None else None


def _markers(environment: Environment) -> tuple[tuple[str, str], ...]:
    """The variables of PEP 508's markers, for the environment and not for this process."""
    python = environment.python or "3"
    of_platform = platforms.markers(environment.platform) or platforms.markers("linux-64")
    return (
        ("python_version", ".".join(python.split(".")[:2])),
        ("python_full_version", python),
        ("implementation_version", python),
        ("implementation_name", "cpython"),
        ("platform_python_implementation", "CPython"),
        *of_platform.items(),
    )
