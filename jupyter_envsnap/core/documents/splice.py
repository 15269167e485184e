"""Updates an environment file that somebody wrote: only what changed is another text afterwards."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from jupyter_envsnap.core import groups as grouping
from jupyter_envsnap.core.documents import edits
from jupyter_envsnap.core.documents.decisions import Decisions
from jupyter_envsnap.core.documents.declared import Declared, parse
from jupyter_envsnap.core.documents.edits import Unplaceable
from jupyter_envsnap.core.documents.places import Places
from jupyter_envsnap.core.documents.recorded import Recorded
from jupyter_envsnap.core.documents.verifying import verify
from jupyter_envsnap.core.errors import CannotUpdate, FileNotUnderstood, ProfileUnknown
from jupyter_envsnap.core.groups import Groups
from jupyter_envsnap.core.model import Environment, Finding
from jupyter_envsnap.core.selection import select
from jupyter_envsnap.core.wire import Loose

_EXACT, _MINIMAL, _VERSIONS = "exact", "minimal", "versions"
PROFILES = frozenset({_EXACT, _MINIMAL, _VERSIONS})
"""Those that a file may be made by and be updated by."""
_MOSTLY = 0.5


class Updated(Struct, frozen=True, kw_only=True):
    """A file as it would be."""

    text: str
    how: Recorded
    """The profile and the exclusions that it was updated by."""
    loose: tuple[str, ...]
    """Packages whose spec was written for more than the version that is installed, and stays."""
    findings: tuple[Finding, ...]


def intended(
    declared: Declared, environment: Environment, *, groups: Groups = grouping.DEFAULTS
) -> Recorded:
    """How a file is made, as it records it, or as what it lists shows.

    A short list is what a person asked for: nothing that was only pulled in is added to it.
    """
    found = declared.recorded
    if found is not None and found.profile in PROFILES:
        known = tuple(name for name in found.without if name in groups)
        return Recorded(profile=found.profile, exclude=found.exclude, without=known)
    specs = [entry.spec for entry in declared.conda if entry.spec]
    exact = [spec for spec in specs if spec.build and spec.exact_version]
    if specs and len(exact) > _MOSTLY * len(specs):
        return Recorded(profile=_EXACT)
    few = {p.name for p in select(environment, minimal=True).conda}
    pulled_in = {p.name for p in environment.conda} - few
    listed = pulled_in & {spec.name for spec in specs}
    mostly = pulled_in and len(listed) >= _MOSTLY * len(pulled_in)
    return Recorded(profile=_VERSIONS if mostly else _MINIMAL)


def update(
    text: str,
    environment: Environment,
    *,
    profile: str | None = None,
    exclude: tuple[str, ...] | None = None,
    without: tuple[str, ...] | None = None,
    loose: Loose = "keep",
    groups: Groups = grouping.DEFAULTS,
    folders: Mapping[str, str] | None = None,
) -> Updated:
    """The file's text as it says what is installed.

    ``profile``, ``exclude``, ``without``: None as the file has them; others are recorded in it.
    ``folders``: the package that a line is about which has nothing but this path.

    Raises:
        CannotUpdate: it is written in a way that cannot be changed line by line.
        ProfileUnknown, GroupUnknown

    """
    if profile is not None and profile not in PROFILES:
        raise ProfileUnknown(
            f"No file can be updated by a profile “{profile}”. Choose one of:"
            f" {', '.join(sorted(PROFILES))}.",
            profile=profile,
        )
    try:
        declared = parse(text)
        own = intended(declared, environment, groups=groups)
        how = Recorded(
            profile=profile or own.profile,
            exclude=own.exclude if exclude is None else exclude,
            without=own.without if without is None else without,
        )
        selection = select(
            environment,
            minimal=how.profile == _MINIMAL,
            exclude=how.exclude,
            without=how.without,
            groups=groups,
        )
        plan = Decisions(
            declared, selection, how, loose=loose, narrower=how != own, folders=folders or {}
        )
        record = None if how == own else how
        changed = edits.applied(text, Places(plan).edits(record=record))
        verify(changed, plan)
    except FileNotUnderstood as error:
        raise _refused(error.message, str(error.detail.get("reason", ""))) from error
    except Unplaceable as error:
        raise _refused(f"The file cannot be changed line by line: {error}.", "place") from error
    return Updated(
        text=changed, how=how, loose=tuple(sorted(plan.loose)), findings=selection.findings
    )


def _refused(message: str, reason: str) -> CannotUpdate:
    return CannotUpdate(f"{message} Replace the file, or cancel.", reason=reason)
