"""Making two sides comparable where one of them, or both, is a file that says less."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from jupyter_envsnap.core import groups as grouping
from jupyter_envsnap.core import names, redact
from jupyter_envsnap.core.documents import entries, selectors, splice
from jupyter_envsnap.core.documents.declared import CondaEntry, Declared, PipEntry
from jupyter_envsnap.core.documents.entries import installed_in
from jupyter_envsnap.core.groups import Groups
from jupyter_envsnap.core.model import CondaPackage, Environment, PypiPackage
from jupyter_envsnap.core.pip_lines import PipLine
from jupyter_envsnap.core.selection import select

Side = Environment | Declared


def comparable(
    before: Side, after: Side, *, groups: Groups = grouping.DEFAULTS
) -> tuple[Environment, Environment]:
    """Both sides as environments that differ only in what they both can say.

    Against a file, an environment is what the file's profile and exclusions let it list, and a
    spec that takes what is installed is no difference.
    """
    if isinstance(before, Environment) and isinstance(after, Declared):
        return _against(before, after, groups)
    if isinstance(before, Declared) and isinstance(after, Environment):
        environment, file = _against(after, before, groups)
        return file, environment
    return _alone(before), _alone(after)


def _alone(side: Side) -> Environment:
    return side if isinstance(side, Environment) else of_file(side)


def of_file(declared: Declared, like: Environment | None = None) -> Environment:
    """What a file says, version by version as it writes them.

    ``like``: tells which of the packages somebody asked for.
    """
    asked: set[str] = set()
    if like is not None:
        asked = {p.name for p in like.conda if p.requested}
        asked |= {p.name for p in like.pypi if p.requested}
    holds = selectors.holding(like.platform if like else "")
    conda = {
        entry.name: _declared_conda(entry, requested=entry.name in asked)
        for entry in declared.conda
        if entry.spec is not None and (like is None or holds(entry.comment))
    }
    pypi = {
        entry.name: _declared_pypi(entry, requested=entry.name in asked)
        for entry in declared.pip
        if entry.name
    }
    python = conda.get("python")
    return Environment(
        digest="",
        name=declared.name or (like.name if like else ""),
        kind="conda",
        platform=like.platform if like else "",
        python=python.version if python else None,
        channels=tuple(names.channel(channel) for channel in declared.channels),
        conda=tuple(conda[name] for name in sorted(conda)),
        pypi=tuple(pypi[name] for name in sorted(pypi)),
        variables={k: v for k, v in declared.variables if not redact.is_secret(k, v)},
    )


def _against(
    environment: Environment, file: Declared, groups: Groups
) -> tuple[Environment, Environment]:
    """(the environment as the file can say it, the file as the environment has it)."""
    how = splice.intended(file, environment, groups=groups)
    selection = select(
        environment,
        minimal=how.profile == "minimal",
        exclude=how.exclude,
        without=how.without,
        groups=groups,
    )
    holds = selectors.holding(environment.platform)
    installed = installed_in(environment)
    lines = {line.package.name: line for line in entries.pip_lines_of(environment)}
    stated = {e.name: e for e in file.conda if e.spec is not None and holds(e.comment)}
    told = {
        name: e
        for e in file.pip
        if not e.marker and holds(e.comment) and (name := e.name or entries.of_path(e, lines))
    }
    listed = {p.name for p in selection.conda} | {
        name for name in stated if ("conda", name) not in selection.excluded
    }
    piped = {p.name for p in selection.pypi} | {
        name for name in told if ("pypi", name) not in selection.excluded
    }
    # A file with a pip section means pip, whether it names it or not.
    if told and "pip" not in stated:
        listed.discard("pip")
    own = installed.conda if environment.kind != "conda" else None
    seen = replace(
        environment,
        conda=tuple(p for p in _every_conda(environment, own, stated) if p.name in listed),
        pypi=tuple(
            p for p in environment.pypi if p.name in piped and (own is None or p.name not in stated)
        ),
        virtual_packages=(),
        pins=(),
    )
    return seen, _as_stated(seen, file, stated, told, lines, builds=how.profile == "exact")


def _every_conda(
    environment: Environment,
    stand_ins: Mapping[str, CondaPackage] | None,
    stated: Mapping[str, CondaEntry],
) -> tuple[CondaPackage, ...]:
    """In a venv, what pip put there counts for what a file asks of conda."""
    if stand_ins is None:
        return environment.conda
    return tuple(stand_ins[name] for name in sorted(stand_ins) if name in stated)


def _as_stated(
    seen: Environment,
    file: Declared,
    stated: Mapping[str, CondaEntry],
    told: Mapping[str, PipEntry],
    lines: Mapping[str, PipLine],
    *,
    builds: bool,
) -> Environment:
    """What the file says, where it is content with what is there in the words of what is there."""
    conda = {p.name: p for p in seen.conda}
    pypi = {p.name: p for p in seen.pypi}
    for name, entry in stated.items():
        there = conda.get(name)
        if there is None and seen.kind != "conda" and name not in pypi:
            continue  # a venv cannot tell what of conda is missing
        content = there is not None and (
            entries.conda_updated(entry, there, pin=False, builds=builds) == entry.text
        )
        if not content and name != "pip":
            conda[name] = _declared_conda(entry, requested=there is None or bool(there.requested))
    for name in conda.keys() - stated.keys():
        del conda[name]
    for name, pip in told.items():
        line, package = lines.get(name), pypi.get(name)
        content = line is not None and entries.pip_updated(pip, line, pin=False) == pip.text
        if not content:
            asked = package is None or package.requested
            pypi[name] = _declared_pypi(replace(pip, name=name), requested=asked)
    for name in pypi.keys() - told.keys():
        del pypi[name]
    channels = tuple(names.channel(channel) for channel in file.channels)
    written = {k: v for k, v in file.variables if not redact.is_secret(k, v)}
    python = conda.get("python")
    return replace(
        seen,
        digest="",
        conda=tuple(conda[name] for name in sorted(conda)),
        pypi=tuple(pypi[name] for name in sorted(pypi)),
        channels=seen.channels if set(seen.channels) <= set(channels) else channels,
        variables=written if seen.kind == "conda" else seen.variables,
        python=python.version if python else seen.python,
    )


def _declared_conda(entry: CondaEntry, *, requested: bool) -> CondaPackage:
    spec = entry.spec
    version = (spec.version if spec else None) or ""
    return CondaPackage(
        name=entry.name,
        version=version.removesuffix(".*"),
        build=(spec.build if spec else None) or "",
        channel=names.channel((spec.channel if spec else None) or ""),
        subdir="",
        requested=(entry.text,) if requested else (),
    )


def _declared_pypi(entry: PipEntry, *, requested: bool) -> PypiPackage:
    """A source is told by its line, which nothing else is compared with."""
    text = entry.specifier.removeprefix("===").removeprefix("==")
    return PypiPackage(
        name=entry.name,
        version=redact.url(entry.url) if entry.url else text,
        requested=requested,
    )
