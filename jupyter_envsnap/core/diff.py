"""What changed from one environment to another, package by package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace
from packaging.version import InvalidVersion
from packaging.version import Version as PypiVersion

from jupyter_envsnap.core import names
from jupyter_envsnap.core.facts import FactChange, changed_facts
from jupyter_envsnap.core.leaves import is_any_requested, leaves
from jupyter_envsnap.core.model import (
    CondaPackage,
    Environment,
    Finding,
    Kind,
    Machine,
    PipIndexes,
    PypiPackage,
    VirtualPackage,
)
from jupyter_envsnap.core.versions import Version, VersionInvalid

Change = Literal[
    "removed",
    "added",
    "moved",
    "upgraded",
    "downgraded",
    "changed",
    "rebuilt",
    "channel-changed",
    "artifact-replaced",
    "source-changed",
    "requested-changed",
    "details",
]
"""The first that holds. ``moved``: between conda and pip. ``changed``: to a version that cannot be
ordered. ``artifact-replaced``: the same build with other bytes, which should not be. ``details``:
nothing that a reader must know."""

_P = TypeVar("_P", CondaPackage, PypiPackage)


class PackageChange(Struct, frozen=True, kw_only=True):
    """A package that is not as it was; of each side at most one of conda's and pip's."""

    name: str
    change: Change
    requested: bool
    """Somebody asked for it, before or after; nothing needs it, where nobody asked for any."""
    conda_before: CondaPackage | None = None
    conda_after: CondaPackage | None = None
    pypi_before: PypiPackage | None = None
    pypi_after: PypiPackage | None = None

    @property
    def before(self) -> CondaPackage | PypiPackage | None:
        return self.conda_before or self.pypi_before

    @property
    def after(self) -> CondaPackage | PypiPackage | None:
        return self.conda_after or self.pypi_after


class Facts(Struct, frozen=True, kw_only=True):
    """All of an environment but its packages."""

    digest: str
    name: str
    kind: Kind
    platform: str
    python: str | None
    channels: tuple[str, ...]
    variables: dict[str, str]
    pins: tuple[str, ...]
    indexes: PipIndexes
    virtual_packages: tuple[VirtualPackage, ...]
    machine: Machine
    findings: tuple[Finding, ...]


class EnvironmentDiff(Struct, frozen=True, kw_only=True):
    """From ``before`` to ``after``."""

    packages: tuple[PackageChange, ...]
    """Those that somebody asked for first, by name."""
    facts: tuple[FactChange, ...]
    before: Facts
    after: Facts

    def __bool__(self) -> bool:
        """Whether there is anything that a reader must know."""
        return bool(self.facts) or any(p.change != "details" for p in self.packages)


def diff(before: Environment, after: Environment) -> EnvironmentDiff:
    """What is to be done to the first environment to make it the second one."""
    changes = _with_roots(tuple(_packages(before, after)), before, after)
    return EnvironmentDiff(
        packages=tuple(sorted(changes, key=lambda c: (not c.requested, c.name))),
        facts=tuple(changed_facts(before, after)),
        before=_facts_of(before),
        after=_facts_of(after),
    )


def apply(changes: EnvironmentDiff, before: Environment) -> Environment:
    """The environment after the changes; the inverse of ``diff``."""
    conda = {package.name: package for package in before.conda}
    pypi = {package.name: package for package in before.pypi}
    for change in changes.packages:
        if change.conda_before is not None:
            conda.pop(change.conda_before.name, None)
        if change.pypi_before is not None:
            pypi.pop(change.pypi_before.name, None)
    for change in changes.packages:
        if change.conda_after is not None:
            conda[change.conda_after.name] = change.conda_after
        if change.pypi_after is not None:
            pypi[change.pypi_after.name] = change.pypi_after
    facts = {name: getattr(changes.after, name) for name in Facts.__struct_fields__}
    return Environment(
        conda=tuple(conda[name] for name in sorted(conda)),
        pypi=tuple(pypi[name] for name in sorted(pypi)),
        **facts,
    )


def inverse(changes: EnvironmentDiff) -> EnvironmentDiff:
    """From the second environment to the first one."""
    return EnvironmentDiff(
        packages=tuple(
            replace(
                change,
                change=_INVERSE.get(change.change, change.change),
                conda_before=change.conda_after,
                conda_after=change.conda_before,
                pypi_before=change.pypi_after,
                pypi_after=change.pypi_before,
            )
            for change in changes.packages
        ),
        facts=tuple(replace(fact, before=fact.after, after=fact.before) for fact in changes.facts),
        before=changes.after,
        after=changes.before,
    )


def _with_roots(
    changes: tuple[PackageChange, ...], *sides: Environment
) -> tuple[PackageChange, ...]:
    """Where nobody asked for anything, what nothing else needs counts for what was asked for."""
    if not changes or any(is_any_requested(environment) for environment in sides):
        return changes
    roots = frozenset[str]().union(*map(leaves, sides))
    return tuple(
        replace(change, requested=any(p.name in roots for p in (change.before, change.after) if p))
        for change in changes
    )


_INVERSE: Mapping[Change, Change] = {
    "removed": "added",
    "added": "removed",
    "upgraded": "downgraded",
    "downgraded": "upgraded",
}


def _packages(before: Environment, after: Environment) -> Iterator[PackageChange]:
    conda = {p.name: p for p in before.conda}, {p.name: p for p in after.conda}
    pypi = {p.name: p for p in before.pypi}, {p.name: p for p in after.pypi}
    for name in conda[0].keys() & conda[1].keys():
        if conda[0][name] != conda[1][name]:
            yield _of_conda(conda[0][name], conda[1][name])
    for name in pypi[0].keys() & pypi[1].keys():
        if pypi[0][name] != pypi[1][name]:
            yield _of_pypi(pypi[0][name], pypi[1][name])
    gone_conda, new_conda = _apart(conda)
    gone_pypi, new_pypi = _apart(pypi)
    for package, other in _moved(gone_conda, new_pypi):
        yield _change("moved", conda_before=package, pypi_after=other)
    for package, other in _moved(new_conda, gone_pypi):
        yield _change("moved", pypi_before=other, conda_after=package)
    yield from (_change("removed", conda_before=p) for p in gone_conda.values())
    yield from (_change("removed", pypi_before=p) for p in gone_pypi.values())
    yield from (_change("added", conda_after=p) for p in new_conda.values())
    yield from (_change("added", pypi_after=p) for p in new_pypi.values())


def _apart(sides: tuple[dict[str, _P], dict[str, _P]]) -> tuple[dict[str, _P], dict[str, _P]]:
    before, after = sides
    return (
        {name: p for name, p in sorted(before.items()) if name not in after},
        {name: p for name, p in sorted(after.items()) if name not in before},
    )


def _moved(
    conda: dict[str, CondaPackage], pypi: dict[str, PypiPackage]
) -> list[tuple[CondaPackage, PypiPackage]]:
    """Pairs of one distribution, taken out of both; each is in one pair."""
    found: list[tuple[CondaPackage, PypiPackage]] = []
    for package in tuple(conda.values()):
        # By what the record owns; one that says nothing of that, by its name.
        own = tuple(package.provides) or (names.pypi(package.name) or "",)
        other = next((pypi[name] for name in own if name in pypi), None)
        if other is not None:
            found.append((package, other))
            del conda[package.name], pypi[other.name]
    return found


def _of_conda(before: CondaPackage, after: CondaPackage) -> PackageChange:
    change: Change = "details"
    if (order := _order_of_conda(before.version, after.version)) is not None:
        change = order
    elif before.build != after.build:
        change = "rebuilt"
    elif _differ(before.channel or None, after.channel or None):
        change = "channel-changed"  # an unknown one is not another
    elif _differ(before.sha256, after.sha256) or _differ(before.md5, after.md5):
        change = "artifact-replaced"
    elif bool(before.requested) != bool(after.requested):
        change = "requested-changed"
    return _change(change, conda_before=before, conda_after=after)


def _of_pypi(before: PypiPackage, after: PypiPackage) -> PackageChange:
    change: Change = "details"
    # The version behind an address may be unknown.
    known = bool(before.version and after.version) or before.source == after.source
    if known and (order := _order_of_pypi(before.version, after.version)) is not None:
        change = order
    elif before.source != after.source:
        change = "source-changed"
    elif before.requested != after.requested:
        change = "requested-changed"
    return _change(change, pypi_before=before, pypi_after=after)


def _order_of_conda(before: str, after: str) -> Change | None:
    """None where they are equal, if written differently."""
    try:
        one, other = Version(before), Version(after)
    except VersionInvalid:
        return None if before == after else "changed"
    if one == other:
        return None
    return "upgraded" if one < other else "downgraded"


def _order_of_pypi(before: str, after: str) -> Change | None:
    try:
        one, other = PypiVersion(before), PypiVersion(after)
    except InvalidVersion:
        return None if before == after else "changed"
    if one == other:
        return None
    return "upgraded" if one < other else "downgraded"


def _differ(before: str | None, after: str | None) -> bool:
    return before is not None and after is not None and before != after


def _change(
    change: Change,
    *,
    conda_before: CondaPackage | None = None,
    conda_after: CondaPackage | None = None,
    pypi_before: PypiPackage | None = None,
    pypi_after: PypiPackage | None = None,
) -> PackageChange:
    every = (conda_after, pypi_after, conda_before, pypi_before)
    present = [package for package in every if package is not None]
    # A distribution's name is the one that both sides of a move know.
    moved = pypi_after or pypi_before
    return PackageChange(
        name=moved.name if change == "moved" and moved else present[0].name,
        change=change,
        requested=any(package.requested for package in present),
        conda_before=conda_before,
        conda_after=conda_after,
        pypi_before=pypi_before,
        pypi_after=pypi_after,
    )


def _facts_of(environment: Environment) -> Facts:
    return Facts(**{name: getattr(environment, name) for name in Facts.__struct_fields__})
