"""How an environment is written: one module per format, and their registry."""

from __future__ import annotations

import re

from msgspec import Struct

from jupyter_envsnap.core import groups as grouping
from jupyter_envsnap.core.documents import as_conda, recorded
from jupyter_envsnap.core.documents.as_conda import CondaView
from jupyter_envsnap.core.documents.environment_json import FORMAT as ENVIRONMENT_JSON
from jupyter_envsnap.core.documents.environment_yaml import FORMAT as ENVIRONMENT_YAML
from jupyter_envsnap.core.documents.explicit import FORMAT as EXPLICIT
from jupyter_envsnap.core.documents.format import Format, Line, Profile, numbered
from jupyter_envsnap.core.documents.recorded import Recorded
from jupyter_envsnap.core.documents.requirements import FORMAT as REQUIREMENTS
from jupyter_envsnap.core.errors import FormatUnknown, OptionRefused, ProfileUnknown
from jupyter_envsnap.core.groups import Groups
from jupyter_envsnap.core.model import CondaPackage, Environment, Finding
from jupyter_envsnap.core.selection import Selection, select
from jupyter_envsnap.core.wire import (
    DocumentQuery,
    Entry,
    FormatEntry,
    FormatList,
    GroupEntry,
    LocalPackage,
    ProfileEntry,
)

_FORMATS = {f.name: f for f in (ENVIRONMENT_YAML, ENVIRONMENT_JSON, EXPLICIT, REQUIREMENTS)}
_DEFAULTS = DocumentQuery()
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


class Document(Struct, frozen=True, kw_only=True):
    """Text made from an environment by a format and a profile."""

    text: str
    media_type: str
    filename: str
    format: str
    profile: str
    entries: tuple[Entry, ...] = ()
    """By line."""
    findings: tuple[Finding, ...] = ()
    """What a reader of it must know, those of the environment first."""
    local: tuple[LocalPackage, ...] = ()


def write(
    environment: Environment,
    query: DocumentQuery = _DEFAULTS,
    *,
    groups: Groups = grouping.DEFAULTS,
) -> Document:
    """The environment as text; the same environment always gives the same bytes.

    Raises:
        FormatUnknown, ProfileUnknown, GroupUnknown: their messages name those that there are.
        OptionRefused: the profile cannot do what is asked of it, or is written from a prefix.

    """
    chosen, profile = chosen_of(query)
    if profile.write is None:
        raise OptionRefused(
            "What conda prints is made from an environment's folder: it is not to be had of a"
            " snapshot. Choose another profile.",
            profile=profile.name,
        )
    selection = select(
        environment,
        minimal=profile.minimal,
        exclude=query.exclude,
        without=query.without,
        groups=groups,
    )
    written = profile.write(selection)
    lines = written.lines
    if chosen.remembers:
        how = Recorded(profile=profile.name, exclude=query.exclude, without=query.without)
        lines = (Line(recorded.line(how)), *lines)
    return Document(
        text="".join(f"{line.text}\n" for line in lines),
        media_type=chosen.media_type,
        filename=chosen.filename,
        format=chosen.name,
        profile=profile.name,
        entries=_entries(selection, lines),
        findings=tuple(
            dict.fromkeys((*environment.findings, *selection.findings, *written.findings))
        ),
    )


def write_as_conda(view: CondaView, query: DocumentQuery) -> Document:
    """The text of conda's own export; raises as ``write``."""
    chosen, profile = chosen_of(query)
    return Document(
        text=as_conda.write(view, chosen, query),
        media_type=chosen.media_type,
        filename=chosen.filename,
        format=chosen.name,
        profile=profile.name,
        findings=view.findings,
    )


def is_as_conda(query: DocumentQuery) -> bool:
    """Whether this is made from what conda reads, and not from an environment; raises so."""
    return chosen_of(query)[1].write is None


def chosen_of(query: DocumentQuery) -> tuple[Format, Profile]:
    """The format and the profile that are asked for.

    Raises:
        FormatUnknown, ProfileUnknown, OptionRefused

    """
    chosen = _FORMATS.get(query.format)
    if chosen is None:
        known = ", ".join(_FORMATS)
        raise FormatUnknown(
            f"There is no format “{query.format}”. Choose one of: {known}.",
            format=query.format,
            known=known,
        )
    profiles = {p.name: p for p in chosen.profiles}
    name = query.profile or chosen.profiles[0].name
    if name not in profiles:
        known = ", ".join(profiles)
        raise ProfileUnknown(
            f"The format “{chosen.name}” has no profile “{name}”. Choose one of: {known}.",
            format=chosen.name,
            profile=name,
            known=known,
        )
    _check(query, profiles[name])
    return chosen, profiles[name]


def filename_of(name: str) -> str:
    """What a file with this format in it is called; raises FormatUnknown."""
    return chosen_of(DocumentQuery(format=name))[0].filename


def formats(groups: Groups = grouping.DEFAULTS) -> FormatList:
    """The formats that can be written, each with its profiles; the groups to leave out."""
    return FormatList(
        formats=tuple(
            FormatEntry(
                name=f.name,
                label=f.label,
                media_type=f.media_type,
                filename=f.filename,
                profiles=tuple(
                    ProfileEntry(name=p.name, label=p.label, description=p.description)
                    for p in f.profiles
                ),
            )
            for f in _FORMATS.values()
        ),
        groups=tuple(GroupEntry(name=name, packages=tuple(p)) for name, p in groups.items()),
    )


def _check(query: DocumentQuery, profile: Profile) -> None:
    of_conda = (query.from_history, query.builds, query.channels) != (False, True, True)
    if profile.write is not None and of_conda:
        raise OptionRefused(
            "To leave out builds or channels, or to go by the history, is conda's own: it goes with"
            f" the profile “conda”, not with “{profile.name}”.",
            profile=profile.name,
        )
    if profile.write is None and (query.exclude or query.without):
        raise OptionRefused(
            "conda leaves nothing out. Choose another profile, or leave nothing out.",
            profile=profile.name,
        )
    for name in (*query.exclude, *query.without):
        if not _NAME.fullmatch(name):
            raise OptionRefused(f"“{name}” is no name of a package.", name=name)


def _entries(selection: Selection, lines: tuple[Line, ...]) -> tuple[Entry, ...]:
    found = []
    for number, line in numbered(lines):
        package = line.package
        if package is not None:
            reason = selection.reason(package)
            found.append(
                Entry(
                    line=number,
                    kind="conda" if isinstance(package, CondaPackage) else "pypi",
                    name=package.name,
                    version=package.version,
                    why=reason.why,
                    because=reason.because,
                )
            )
    return tuple(found)
