"""What a package that runs from this machine's own folders becomes in a document for others."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.environment import digested, ordered
from jupyter_envsnap.core.findings import finding
from jupyter_envsnap.core.model import Environment, Finding, LocalSource, PypiPackage, VcsSource

_ARCHIVES = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar", ".egg")
_SHORT = 7
"""Characters of a commit that people are shown."""


class Checkout(Struct, frozen=True, kw_only=True):
    """The repository that a folder lies in."""

    top: str
    """Its work tree's top folder, symlinks resolved."""
    url: str | None
    """Of the remote that others clone, without credentials; None where there is none."""
    commit: str | None
    clean: bool
    """Nothing in it differs from that commit."""
    pushed: bool
    """The remote has that commit, as far as this machine knows."""
    subdirectory: str | None
    """Of the folder below ``top``; None where it is the top."""


def local_sources(environment: Environment) -> tuple[LocalSource, ...]:
    """Folders that others may have under another name; of a file nobody has but this machine."""
    sources = (package.source for package in environment.pypi)
    return tuple(
        dict.fromkeys(s for s in sources if isinstance(s, LocalSource) and not _is_archive(s))
    )


def placed(
    environment: Environment, checkouts: Mapping[str, Checkout], folder: str | None
) -> Environment:
    """The environment as a document in ``folder`` names it, with findings for what it cannot name.

    ``checkouts``: by path, of the folder and of what ``local_sources`` gives. A folder in the
    document's own repository is named by its way from there; one that runs from a commit of
    another repository, which others can clone, by that. The rest stays as it is.
    """
    home = checkouts.get(folder) if folder is not None else None
    changed: dict[str, PypiPackage] = {}
    told: dict[str, Finding] = {}
    for package in environment.pypi:
        source = package.source
        if not isinstance(source, LocalSource) or _is_archive(source):
            continue
        checkout = checkouts.get(source.path)
        if checkout is None:
            continue
        better = _elsewhere(source, checkout, home)
        if better is not None:
            changed[package.name] = replace(package, source=better)
        elif source.editable and checkout.url and checkout.commit and not checkout.pushed:
            told[package.name] = finding(
                codes.UNPUSHED_SOURCE, package=package.name, commit=checkout.commit[:_SHORT]
            )
    if not changed and not told:
        return environment
    settled = changed.keys() | told.keys()
    kept = (
        f
        for f in environment.findings
        if f.package not in settled or f.code not in {codes.EDITABLE_INSTALL, codes.LOCAL_SOURCE}
    )
    return digested(
        replace(
            environment,
            pypi=tuple(changed.get(package.name, package) for package in environment.pypi),
            findings=ordered((*kept, *told.values())),
        )
    )


def _elsewhere(
    source: LocalSource, checkout: Checkout, home: Checkout | None
) -> LocalSource | VcsSource | None:
    below = "/".join(part for part in (checkout.subdirectory, source.subdirectory) if part)
    if home is not None and home.top == checkout.top:
        return replace(source, relative=_way(home.subdirectory or "", below))
    # What is not editable is what the folder held when it was installed, which may be long ago.
    if source.editable and checkout.url and checkout.commit and checkout.clean and checkout.pushed:
        return VcsSource(
            vcs="git",
            url=checkout.url,
            commit=checkout.commit,
            subdirectory=below or None,
            editable=True,
        )
    return None


def _way(start: str, end: str) -> str:
    """From one folder to another, both named from the same top."""
    here, there = ([part for part in path.split("/") if part] for path in (start, end))
    shared = 0
    while shared < min(len(here), len(there)) and here[shared] == there[shared]:
        shared += 1
    up = [".."] * (len(here) - shared) or ["."]
    return "/".join([*up, *there[shared:]])


def _is_archive(source: LocalSource) -> bool:
    return not source.editable and source.path.lower().endswith(_ARCHIVES)
