"""What a package that runs from this machine's own folders becomes in a document for others."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.documents import listed, pip_addresses
from jupyter_envsnap.core.environment import digested, ordered
from jupyter_envsnap.core.errors import FileNotUnderstood
from jupyter_envsnap.core.findings import finding
from jupyter_envsnap.core.model import Environment, Finding, LocalSource, PypiPackage, VcsSource
from jupyter_envsnap.core.pip_lines import is_writable
from jupyter_envsnap.core.wire import GitAddress, LocalPackage, NamedBy

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


class Placed(Struct, frozen=True, kw_only=True):
    """An environment as a document names it."""

    environment: Environment
    local: tuple[LocalPackage, ...] = ()
    """What runs from folders that are not in the document's repository, by name."""


def folders(environment: Environment) -> dict[str, LocalSource]:
    """By package, the folders that others may have under another name; an archive nobody has."""
    return {
        package.name: package.source
        for package in environment.pypi
        if isinstance(package.source, LocalSource) and not _is_archive(package.source)
    }


def names_by_folder(environment: Environment) -> dict[str, str]:
    """The packages that a line for pip is about which has nothing but a folder's whole path."""
    return {pip_addresses.path(source.path): name for name, source in folders(environment).items()}


def said_by_folder(environment: Environment, text: str, path: str) -> frozenset[str]:
    """The packages that a file names by the whole path of their folder."""
    known = names_by_folder(environment)
    try:
        lines = listed.parse(text, path).pip if known else ()
    except FileNotUnderstood:
        return frozenset()
    return frozenset(known[at] for line in lines if (at := pip_addresses.path(line.url)) in known)


def placed(
    environment: Environment,
    checkouts: Mapping[str, Checkout],
    folder: str | None,
    *,
    said: frozenset[str] = frozenset(),
    asked: Mapping[str, NamedBy] | None = None,
) -> Placed:
    """The environment as a document in ``folder`` names it, with findings for what it cannot name.

    ``checkouts``: by path, of the folder and of what ``folders`` gives. A folder in the document's
    own repository is named by its way from there: its git address would be that of a commit which
    the next save makes old. Any other is named as it is ``asked`` for; else by its path, where the
    document ``said`` so; else by a commit that others can clone, where that is all there is to it.
    The rest is left to a comment.
    """
    home = checkouts.get(folder) if folder is not None else None
    changed: dict[str, PypiPackage] = {}
    told: dict[str, Finding] = {}
    local: list[LocalPackage] = []
    sources = folders(environment)
    for package in environment.pypi:
        source = sources.get(package.name)
        if source is None:
            continue
        checkout = checkouts.get(source.path)
        if checkout is not None and home is not None and home.top == checkout.top:
            way = _way(home.subdirectory or "", _below(source, checkout))
            changed[package.name] = replace(package, source=replace(source, written=way))
            continue
        found = _local(package.name, source, checkout, is_said=package.name in said, asked=asked)
        local.append(found)
        if found.named == "git" and found.git is not None:
            changed[package.name] = replace(package, source=_cloned(source, checkout, found.git))
        elif found.named == "folder":
            changed[package.name] = replace(package, source=replace(source, written=source.path))
        elif source.editable and found.git is not None and not found.git.pushed:
            told[package.name] = finding(
                codes.UNPUSHED_SOURCE, package=package.name, commit=found.git.commit[:_SHORT]
            )
    if not changed and not told:
        return Placed(environment=environment, local=tuple(local))
    by_folder = {found.name for found in local if found.named == "folder"}
    settled = (changed.keys() | told.keys()) - by_folder
    kept = (
        f
        for f in environment.findings
        if f.package not in settled or f.code not in {codes.EDITABLE_INSTALL, codes.LOCAL_SOURCE}
    )
    return Placed(
        environment=digested(
            replace(
                environment,
                pypi=tuple(changed.get(package.name, package) for package in environment.pypi),
                findings=ordered((*kept, *told.values())),
            )
        ),
        local=tuple(local),
    )


def _local(
    name: str,
    source: LocalSource,
    checkout: Checkout | None,
    *,
    is_said: bool,
    asked: Mapping[str, NamedBy] | None,
) -> LocalPackage:
    """How a package that lies elsewhere can be named, and how it is."""
    git = None
    # What is not editable is what the folder held when it was installed, which may be long ago.
    if source.editable and checkout is not None and checkout.url and checkout.commit:
        git = GitAddress(
            url=checkout.url, commit=checkout.commit, clean=checkout.clean, pushed=checkout.pushed
        )
    can_clone = git is not None and git.pushed
    can_write = is_writable(source.path, editable=source.editable)
    options: tuple[NamedBy, ...] = (
        *(("git",) if can_clone else ()),
        *(("folder",) if can_write else ()),
        # A line that is there is not taken out: a file that is updated has no such comments.
        *(() if can_clone or (is_said and can_write) else ("comment",)),
    )
    usual: NamedBy = "git" if git is not None and can_clone and git.clean else "comment"
    if is_said and can_write:
        usual = "folder"
    wanted = (asked or {}).get(name, usual)
    return LocalPackage(
        name=name,
        folder=source.path,
        git=git,
        named=wanted if wanted in options else usual,
        options=options,
    )


def _cloned(source: LocalSource, checkout: Checkout | None, git: GitAddress) -> VcsSource:
    below = _below(source, checkout) if checkout is not None else ""
    return VcsSource(
        vcs="git", url=git.url, commit=git.commit, subdirectory=below or None, editable=True
    )


def _below(source: LocalSource, checkout: Checkout) -> str:
    return "/".join(part for part in (checkout.subdirectory, source.subdirectory) if part)


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
