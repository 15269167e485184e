"""Makes an environment of what was read in a prefix: ordered, each package once, digested."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct

from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core import names
from jupyter_envsnap.core.findings import finding
from jupyter_envsnap.core.model import (
    CondaPackage,
    Environment,
    Finding,
    Kind,
    LocalSource,
    Machine,
    PipIndexes,
    PypiPackage,
    VirtualPackage,
)


class CondaRecord(Struct, frozen=True, kw_only=True):
    """A record of ``conda-meta`` and what it owns."""

    package: CondaPackage
    path: str
    """Of the record, relative to the prefix."""
    mtime_ns: int
    owns: Mapping[str, str] = {}
    """Path of each dist-info and egg-info it installed, relative to the prefix: whose it is."""
    lists_files: bool = True
    """False: the record does not say what it installed."""
    site_packages: str | None = None
    """``python_site_packages_path`` of a python record."""
    credentials_in: frozenset[str] = frozenset()
    """Where credentials were taken out."""


class Distribution(Struct, frozen=True, kw_only=True):
    """A dist-info, egg-info or egg-link that no conda record owns."""

    package: PypiPackage
    path: str
    """Relative to the prefix, or absolute outside of it."""
    place: int
    """Of its folder in the order of import."""
    mtime_ns: int
    credentials_removed: bool = False


class Parts(Struct, frozen=True, kw_only=True):
    """All that was read, in any order."""

    name: str
    kind: Kind
    platform: str
    python: str | None
    records: Sequence[CondaRecord] = ()
    distributions: Sequence[Distribution] = ()
    present: Mapping[str, int] = {}
    """mtime_ns of every dist-info and egg-info on disk, by path as in ``CondaRecord.owns``."""
    configured_channels: Sequence[str] = ()
    variables: Mapping[str, str] = {}
    """As set, secrets among them."""
    secret_variables: Sequence[str] = ()
    """Names of those left out of ``variables``."""
    pins: Sequence[str] = ()
    requests: Mapping[str, str] = {}
    """The spec of each package that was asked for, by the history, without credentials."""
    indexes: PipIndexes = PipIndexes()
    virtual_packages: Sequence[VirtualPackage] = ()
    machine: Machine = Machine()
    findings: Sequence[Finding] = ()


def assemble(parts: Parts) -> Environment:
    """The environment that these parts make, the same for every order they were read in."""
    records, doubled_records = _one_per_name(parts.records)
    found, doubled = _one_in_use(parts.distributions)
    distributions, superseded, replaced = _settle(records, found, parts.present)
    conda = tuple(
        _requested(r.package, parts.requests) for r in records if r.package.name not in superseded
    )
    pypi = tuple(d.package for d in distributions)
    channels = by_priority(Counter(p.channel for p in conda), parts.configured_channels)
    findings = {
        *parts.findings,
        *doubled_records,
        *doubled,
        *replaced,
        *_told(parts, conda, records, distributions),
    }
    return digested(
        Environment(
            digest="",
            name=parts.name,
            kind=parts.kind,
            platform=parts.platform,
            python=parts.python,
            channels=channels,
            conda=conda,
            pypi=pypi,
            variables=dict(sorted(parts.variables.items())),
            pins=tuple(parts.pins),
            indexes=parts.indexes,
            virtual_packages=tuple(sorted(parts.virtual_packages)),
            machine=parts.machine,
            findings=ordered(findings),
        )
    )


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each once, by code, package and place."""
    return tuple(
        sorted(set(findings), key=lambda f: (f.code, f.package or "", f.path or "", f.message))
    )


def digested(environment: Environment) -> Environment:
    """The environment with the digest of its content.

    It is the sha256 (hex) of JSON lines: the facts, then each kind of package after an empty line.
    Virtual packages are the machine's: a new kernel or another node makes no other environment.
    """
    encoder = msgspec.json.Encoder()
    facts = (
        *(environment.kind, environment.platform, environment.python, environment.channels),
        *(environment.variables, environment.pins, environment.indexes),
    )
    sha256 = hashlib.sha256(encoder.encode(facts))
    for kind in (environment.conda, environment.pypi):
        sha256.update(b"\n")
        # One by one: 3,200 packages in one call would hold the event loop.
        for package in kind:
            sha256.update(b"\n" + encoder.encode(package))
    return msgspec.structs.replace(environment, digest=sha256.hexdigest())


def by_priority(packages: Mapping[str, int], configured: Sequence[str]) -> tuple[str, ...]:
    """The channels that supplied packages: configured ones in that order, then the busiest.

    ``defaults`` is the last of those that are not configured, as conda has it.
    """
    order = {channel: place for place, channel in reversed(list(enumerate(configured)))}

    def key(channel: str) -> tuple[int, bool, int, str]:
        return (
            order.get(channel, len(order)),
            channel == names.DEFAULTS,
            -packages[channel],
            channel,
        )

    return tuple(sorted((c for c in packages if c), key=key))


def _requested(package: CondaPackage, requests: Mapping[str, str]) -> CondaPackage:
    """With the spec of the history, where the record does not say the same."""
    spec = requests.get(package.name)
    if not spec or spec in package.requested:
        return package
    return msgspec.structs.replace(package, requested=(*package.requested, spec))


def _one_per_name(records: Sequence[CondaRecord]) -> tuple[list[CondaRecord], list[Finding]]:
    """By name; of two records the later written, as an interrupted update leaves the old one."""
    ordered = sorted(records, key=lambda r: (r.mtime_ns, r.path))
    latest = {record.package.name: record for record in ordered}
    count = Counter(record.package.name for record in records)
    return (
        [latest[name] for name in sorted(latest)],
        [_duplicate(n, latest[n].package.version) for n in latest if count[n] > 1],
    )


def _one_in_use(
    distributions: Sequence[Distribution],
) -> tuple[list[Distribution], list[Finding]]:
    """By name; of two the one python would import: first folder, then written last."""
    ordered = sorted(distributions, key=lambda d: (-d.place, d.mtime_ns, d.path))
    in_use = {dist.package.name: dist for dist in ordered}
    # Debian ships some with both a dist-info and an egg-info: of one version, that is no finding.
    doubled = {
        dist.package.name
        for dist in ordered
        if dist.package.version != in_use[dist.package.name].package.version
    }
    return (
        [in_use[name] for name in sorted(in_use)],
        [_duplicate(name, in_use[name].package.version) for name in doubled],
    )


def _settle(
    records: Sequence[CondaRecord],
    distributions: Sequence[Distribution],
    present: Mapping[str, int],
) -> tuple[list[Distribution], set[str], list[Finding]]:
    """(distributions in use, names of the conda packages that pip replaced, what to tell)."""
    owners = {name: (r, path) for r in records for path, name in r.owns.items()}
    silent = {(names.pypi(r.package.name), r.package.version) for r in records if not r.lists_files}
    superseded: set[str] = set()
    kept: list[Distribution] = []
    told: list[Finding] = []
    for dist in distributions:
        name = dist.package.name
        if dist.package.user_site:
            # It takes nothing away from the prefix, which others may use without it.
            kept.append(dist)
            continue
        if (name, dist.package.version) in silent:
            continue  # it is that record's, which does not say so
        record, path = owners.get(name, (None, ""))
        if record is not None and present.get(path, -1) > dist.mtime_ns:
            told.append(_duplicate(name, record.package.version))
            continue
        kept.append(dist)
        if record is not None:
            told.append(finding(codes.CONDA_AND_PIP, package=name))
            superseded.add(name)
    gone = {
        r.package.name
        for r in records
        # A package of several distributions stays while one of them is still conda's.
        if r.owns and superseded.issuperset(r.owns.values())
    }
    return kept, gone, told


def _duplicate(name: str, version: str) -> Finding:
    return finding(codes.DUPLICATE_DISTRIBUTION, package=name, version=version)


def _told(
    parts: Parts,
    conda: Sequence[CondaPackage],
    records: Sequence[CondaRecord],
    distributions: Sequence[Distribution],
) -> Iterable[Finding]:
    for place in sorted({place for r in records for place in r.credentials_in}):
        yield finding(codes.CREDENTIALS_REMOVED, place=place)
    for dist in distributions:
        name = dist.package.name
        if dist.credentials_removed:
            place = f"the address of `{name}`"
            yield finding(codes.CREDENTIALS_REMOVED, package=name, place=place)
        if isinstance(dist.package.source, LocalSource):
            editable = dist.package.source.editable
            code = codes.EDITABLE_INSTALL if editable else codes.LOCAL_SOURCE
            yield finding(code, package=name)
        if dist.package.user_site:
            yield finding(codes.USER_SITE_PACKAGE, package=name)
    for variable in sorted(parts.secret_variables):
        yield finding(codes.SECRET_VARIABLE_OMITTED, variable=variable)
    count = sum(p.channel == names.DEFAULTS for p in conda)
    if count:
        come = "1 package comes" if count == 1 else f"{count} packages come"
        yield finding(codes.DEFAULTS_CHANNEL, packages=come)
