"""Making two sides comparable where one of them, or both, is a file that says less."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from jupyter_envsnap.core import groups as grouping
from jupyter_envsnap.core import names, redact, sayable
from jupyter_envsnap.core.documents import entries, markers, pip_sources, selectors, splice
from jupyter_envsnap.core.documents.declared import CondaEntry, Declared, PipEntry, pip_entry
from jupyter_envsnap.core.documents.entries import Installed, installed_in
from jupyter_envsnap.core.graph import Node
from jupyter_envsnap.core.groups import Groups
from jupyter_envsnap.core.model import (
    CondaPackage,
    Environment,
    PipIndexes,
    PypiPackage,
)
from jupyter_envsnap.core.pip_lines import PipLine, pip_lines
from jupyter_envsnap.core.selection import Selection, select
from jupyter_envsnap.core.stated import (
    asked_version,
    by_name,
    channels,
    conda_package,
    indexes,
    pypi_package,
    variables,
)

Side = Environment | Declared


def comparable(
    before: Side, after: Side, *, groups: Groups = grouping.DEFAULTS
) -> tuple[Environment, Environment]:
    """Both sides as environments that differ only in what they both can say.

    Against a file, an environment is what the file's profile and exclusions let it list, and a
    spec that takes what is installed is no difference. No credential of a file is in them.
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

    ``like``: tells the platform, and which of the packages somebody asked for.
    """
    asked: set[str] = set()
    if like is not None:
        asked = {package.name for package in like.conda if package.requested}
        asked |= {package.name for package in like.pypi if package.requested}
    holds = selectors.holding(like.platform if like else "")
    conda = {
        package.name: package
        for entry in declared.conda
        if like is None or holds(entry.comment)
        for package in [conda_package(entry, requested=entry.name in asked)]
    }
    pypi = {
        package.name: package
        for entry in declared.pip
        if entry.kind != "option" and (like is None or holds(entry.comment))
        for package in [pypi_package(entry, requested=entry.name in asked)]
    }
    python = conda.get("python")
    return Environment(
        digest="",
        name=redact.text(declared.name or (like.name if like else "")),
        kind="conda",
        platform=like.platform if like else "",
        python=python.version if python else None,
        channels=channels(declared),
        conda=by_name(conda.values()),
        pypi=by_name(pypi.values()),
        variables=variables(declared),
        indexes=indexes(declared),
    )


class _Both(Struct, frozen=True, kw_only=True):
    """A file and an environment, and what of each is about the other."""

    file: Declared
    selection: Selection
    builds: bool
    installed: Installed
    lines: Mapping[str, PipLine]
    """Every line that pip's packages could have in a file, by name."""
    stated: Mapping[str, CondaEntry]
    told: Mapping[str, PipEntry]
    options: tuple[str, ...]
    """Those that pip needs for what the file lists."""
    unclear: frozenset[Node]
    """What the file has in lines of which it cannot be told whether they are for this platform."""

    @property
    def environment(self) -> Environment:
        return self.selection.environment


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
    options = pip_lines(selection.pypi, environment.indexes).options
    if file.format != "environment":
        selection = sayable.BY_FORMAT[file.format](selection)
        environment = selection.environment
    holds, marked = selectors.holding(environment.platform), markers.holding(environment)
    lines = {line.package.name: line for line in entries.pip_lines_of(environment)}
    stated: dict[str, CondaEntry] = {}
    told: dict[str, PipEntry] = {}
    unclear: set[Node] = set()
    for entry in file.conda:
        judged = holds(entry.comment)
        if judged is None:
            unclear.add(("conda", entry.name))
        elif judged and entry.name and not entries.is_of_machine(entry.name):
            stated[entry.name] = entry
    for line in file.pip:
        name = line.name or pip_sources.of_address(line, lines)
        judgements = (holds(line.comment), marked(line.marker))
        if name and all(judgements):
            told[name] = line
        elif False not in judgements:
            unclear.add(("pypi", name))
    unclear -= {*(("conda", name) for name in stated), *(("pypi", name) for name in told)}
    both = _Both(
        file=file,
        selection=selection,
        builds=how.profile == "exact",
        installed=installed_in(environment),
        lines=lines,
        stated=stated,
        told=told,
        options=options,
        unclear=frozenset(unclear),
    )
    seen = _seen(both)
    return seen, _as_stated(both, seen)


def _seen(both: _Both) -> Environment:
    """The packages that the file lists or would have to."""
    environment, selection = both.environment, both.selection
    conda = {package.name for package in selection.conda}
    options = pip_lines(selection.pypi, environment.indexes)
    pypi = {line.package.name for line in options.lines if line.can_install}
    # Also what the file names in the other of its two lists.
    conda |= {*both.stated, *(both.installed.owners.get(name, "") for name in both.told)}
    pypi |= {*both.told, *(names.pypi(name) or "" for name in both.stated)}
    if "pip" not in both.stated and both.file.pip and _comes_with_pip(selection):
        conda.discard("pip")
    out = selection.excluded | both.unclear
    return replace(
        environment,
        digest="",
        conda=tuple(
            p for p in environment.conda if p.name in conda and ("conda", p.name) not in out
        ),
        pypi=tuple(p for p in environment.pypi if p.name in pypi and ("pypi", p.name) not in out),
    )


def _comes_with_pip(selection: Selection) -> bool:
    """A file with a pip section means pip, whether it names it or not."""
    return any(p.name == "pip" and selection.reason(p).why == "pip" for p in selection.conda)


def _as_stated(both: _Both, seen: Environment) -> Environment:
    """What the file says; where it takes what is there, in the words of what is there."""
    conda: dict[str, CondaPackage] = {}
    pypi: dict[str, PypiPackage] = {}
    there = {package.name: package for package in both.environment.pypi}
    python = seen.python
    for name, entry in both.stated.items():
        installed = both.installed.conda.get(name)
        takes = installed is not None and _takes(entry, installed, builds=both.builds)
        if name == "python" and not takes:
            python = asked_version(entry)
        if both.installed.knows_conda:
            if installed is not None:
                conda[name] = installed if takes else conda_package(entry, like=installed)
            elif name != "pip":
                conda[name] = conda_package(entry, requested=True)
        elif name in there:
            # In a venv, what pip put there counts for what a file asks of conda; of what else
            # conda would have put there, it can say nothing.
            pypi[name] = (
                there[name] if takes else replace(there[name], version=asked_version(entry))
            )
    for name, told in both.told.items():
        line = both.lines.get(name)
        if line is None:
            pypi[name] = pypi_package(told, name=name, requested=True)
        elif _installs(told, line):
            pypi[name] = line.package
        else:
            pypi[name] = pypi_package(told, like=line.package)
    is_whole = both.file.format == "environment"
    return replace(
        seen,
        name=redact.text(both.file.name or seen.name),
        conda=by_name(conda.values()),
        pypi=by_name(pypi.values()),
        python=python,
        channels=seen.channels if _names_all(both.file, seen) else channels(both.file),
        variables=variables(both.file) if is_whole and seen.kind == "conda" else seen.variables,
        indexes=seen.indexes if both.file.format == "explicit" else _indexes(both),
    )


def _takes(entry: CondaEntry, package: CondaPackage, *, builds: bool) -> bool:
    return entries.conda_updated(entry, package, pin=False, builds=builds) == entry.text


def _installs(entry: PipEntry, line: PipLine) -> bool:
    """Whether pip would put there what is there; for what only this machine has, its version."""
    if not line.can_install and entry.kind == "requirement" and not entry.url:
        return entries.takes(entry.specifier, line.package.version)
    return entries.pip_updated(entry, line, pin=False) == entry.text


def _names_all(file: Declared, seen: Environment) -> bool:
    """Whether it has every channel that supplies packages; a person's own others are no harm."""
    missing = set(seen.channels) - set(channels(file))
    return (
        not missing
        or file.format == "requirements"
        or (file.section("channels") is None and missing == {names.DEFAULTS})
    )


def _indexes(both: _Both) -> PipIndexes:
    """Those of the environment, less what the file's packages need and the file does not name."""
    own = both.environment.indexes
    named = {entry.place for entry in both.file.pip}
    needed = {option.partition(" ")[2]: pip_entry(option).place for option in both.options}
    missing = {place for place, plainest in needed.items() if plainest not in named}
    return PipIndexes(
        index_url=None if own.index_url in missing else own.index_url,
        extra=tuple(url for url in own.extra if url not in missing),
        find_links=tuple(place for place in own.find_links if place not in missing),
    )
