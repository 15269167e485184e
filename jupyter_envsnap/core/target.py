"""Which file an environment is saved to, and which paths are no such file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from jupyter_envsnap.core.errors import NothingToCommit, TargetIgnored, TargetRefused

NAMES = ("environment.yml", "environment.yaml")
_FORMATS = {
    ".yml": ("environment-yaml",),
    ".yaml": ("environment-yaml",),
    ".json": ("environment-json",),
    ".txt": ("requirements", "explicit"),
}
"""By the end of a file's name, the formats that are written to it."""
_EXPLICIT = re.compile(r"^@EXPLICIT\s*$", re.MULTILINE)
# A whole part of the name: `inspect.txt` is none.
_EXPLICIT_NAME = re.compile(r"(?:^|[-_.])(?:explicit|spec|conda)(?=[-_.])", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:(/|$)")
_BINDER = ("binder", ".binder")
"""Where repo2docker looks first, in its order."""


def parent(path: str) -> str:
    """The folder of a server path; empty at the root."""
    return path.rpartition("/")[0]


def folder_of(notebook: str | None) -> str:
    """The folder of a session, whose path a client may have made up; else the root."""
    folder = parent((notebook or "").strip("/"))
    return "" if {"", ".", ".."} & set(folder.split("/")) else folder


def joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def folders(folder: str) -> Iterator[str]:
    """A folder and those above it, up to the server's root."""
    while folder:
        yield folder
        folder = parent(folder)
    yield ""


def candidates(folder: str) -> Iterator[str]:
    """Where in one folder an environment file may lie, best first."""
    for place in (*(joined(folder, binder) for binder in _BINDER), folder):
        for name in NAMES:
            yield joined(place, name)


def new_file(folder: str) -> str:
    """The file that is made where there is none."""
    return joined(folder, NAMES[0])


def is_hidden(path: str) -> bool:
    return any(part.startswith(".") for part in path.split("/"))


def check(path: str, *, allow_hidden: bool) -> None:
    """Raise TargetRefused unless the server path can name an environment file."""
    parts = path.split("/")
    unplain = any(part in {"", ".", ".."} for part in parts) or _DRIVE.match(path)
    if unplain or "\0" in path or "\\" in path:
        raise TargetRefused(
            "This is not a path below the server's folder. Name the file from there, without “..”.",
            path=path.replace("\0", "�"),
        )
    _check_git(parts, path)
    if not allow_hidden and is_hidden(path):
        raise TargetRefused(
            "The server keeps hidden files and folders closed. Choose a path without a name that"
            " begins with a dot.",
            path=path,
        )
    _check_suffix(path)


def check_own(path: str) -> None:
    """Raise TargetRefused unless a path of the user's own shell can name an environment file."""
    _check_git(path.split("/"), path)
    _check_suffix(path)


def _check_git(parts: Iterable[str], path: str) -> None:
    if ".git" in (part.lower() for part in parts):
        raise TargetRefused("Nothing is saved inside a .git folder.", path=path)


def _check_suffix(path: str) -> None:
    if not _formats(path):
        raise TargetRefused(
            f"An environment file ends in {', '.join(_FORMATS)}. Choose such a name.", path=path
        )


def _formats(path: str) -> tuple[str, ...]:
    return next((f for end, f in _FORMATS.items() if path.lower().endswith(end)), ())


def format_of(path: str, text: str | None) -> str:
    """The format of a file, by its name; of two that share it, by what it says already."""
    first, *others = _formats(path) or _FORMATS[".yml"]
    name = path.rpartition("/")[2]
    is_explicit = _EXPLICIT.search(text) if text else _EXPLICIT_NAME.search(name)
    return others[0] if others and is_explicit else first


def check_format(path: str, wanted: str) -> None:
    """Raise TargetRefused where a file of this name is read in another way than it is written."""
    if wanted not in _formats(path):
        ends = [end for end, formats in _FORMATS.items() if wanted in formats]
        raise TargetRefused(
            f"A file with “{wanted}” in it ends in {' or '.join(ends)}. Choose such a name.",
            path=path,
            format=wanted,
        )


def ignored(name: str) -> TargetIgnored:
    """Why git would not take the file, in words."""
    return TargetIgnored(
        f"git ignores {name}. Take it out of .gitignore, or choose another path.",
        name=name,
    )


def nothing_to_commit(name: str) -> NothingToCommit:
    """Why there is no commit to make, in words."""
    return NothingToCommit(
        f"{name} is already committed just as it is. There is nothing to commit.", name=name
    )
