"""What the command line says, as values."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

import msgspec
from msgspec import Struct

from jupyter_envsnap import __version__
from jupyter_envsnap.cli import help_texts
from jupyter_envsnap.cli.parsers import BUILDERS, Parser, Usage
from jupyter_envsnap.core.wire import DocumentQuery, NamedBy

__all__ = ["Usage", "parse"]

PROGRAM = "jupyter envsnap"
C = TypeVar("C", bound=Struct)


class Target(Protocol):
    """Which environment; none of the three means the one that the command runs in."""

    @property
    def prefix(self) -> str | None: ...
    @property
    def kernel(self) -> str | None: ...
    @property
    def kernel_id(self) -> str | None: ...


class Written(Struct, frozen=True, kw_only=True):
    """How an environment is to be written."""

    format: str | None
    profile: str | None
    exclude: tuple[str, ...]
    without: tuple[str, ...]
    builds: bool
    from_history: bool
    channels: bool

    @property
    def query(self) -> DocumentQuery:
        """The same, as the use cases take it."""
        return DocumentQuery(
            format=self.format or DocumentQuery().format,
            profile=self.profile,
            exclude=self.exclude,
            without=self.without,
            from_history=self.from_history,
            builds=self.builds,
            channels=self.channels,
        )


class Command(Written, frozen=True, kw_only=True):
    """That of which environment."""

    prefix: str | None
    kernel: str | None
    kernel_id: str | None
    json: bool


class Export(Command, frozen=True, kw_only=True):
    output: str | None
    sidecar: str | None
    """A second file, for what no format can say."""


class Save(Command, frozen=True, kw_only=True):
    path: str | None
    """None: the environment file that belongs to the current folder."""
    commit: bool
    message: str | None
    """None: one that is made from what changes."""
    dry_run: bool
    replace: bool
    """Write the file anew; else only what changed is changed in one that is there."""
    pin: bool
    """Also specs that what is installed satisfies."""
    local: tuple[tuple[str, NamedBy], ...]
    """By package, how one that runs from a folder of this machine is named."""


class Diff(Struct, frozen=True, kw_only=True):
    """``jupyter envsnap diff``."""

    before: str
    after: str
    json: bool


class Snapshot(Struct, frozen=True, kw_only=True):
    """``jupyter envsnap snapshot``."""

    prefix: str | None
    kernel: str | None
    kernel_id: str | None
    note: str | None
    json: bool


class History(Struct, frozen=True, kw_only=True):
    """``jupyter envsnap history``."""

    notebook: str | None
    prefix: str | None
    package: str | None
    version: str | None
    reason: str | None
    limit: int
    json: bool


class Show(Written, frozen=True, kw_only=True):
    """``jupyter envsnap show``."""

    id: str
    output: str | None
    json: bool


class Check(Struct, frozen=True, kw_only=True):
    """``jupyter envsnap check``."""

    prefix: str | None
    kernel: str | None
    kernel_id: str | None
    files: tuple[str, ...]
    json: bool


Asked = Export | Save | Diff | Snapshot | History | Show | Check


def parse(argv: Sequence[str]) -> Asked:
    """The command; prints and exits for ``--help`` and ``--version``.

    Raises:
        Usage

    """
    program = Parser(
        prog=PROGRAM, description=help_texts.PROGRAM, epilog=help_texts.PROGRAM_EXAMPLES
    )
    program.add_argument("--version", action="version", version=__version__)
    commands = program.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    parsers = {name: build(commands) for name, build in BUILDERS.items()}
    found, unknown = program.parse_known_args(argv)
    if found.command is None:
        program.error(f"say what to do: {', '.join(parsers)}")
    parser = parsers[found.command]
    if unknown:
        parser.error(f"unknown: {' '.join(unknown)}")
    return _MADE[found.command](parser, found)


def _exported(parser: Parser, found: Namespace) -> Export:
    if found.json and (found.format or _values(Export, found).query != DocumentQuery()):
        parser.error("--json is the environment itself: it goes with none of the ways to write it")
    return _values(Export, found)


def _values(kind: type[C], found: Namespace) -> C:
    return msgspec.convert(vars(found), kind)


def _saved(parser: Parser, found: Namespace) -> Save:
    if found.message is not None and not found.commit:
        parser.error("-m is a commit's message: it goes with --commit")
    if found.replace and found.pin:
        parser.error("--pin is about a file that is updated: it goes with no --replace")
    return _values(Save, found)


def _listed(parser: Parser, found: Namespace) -> History:
    if found.version is not None and found.package is None:
        parser.error("--version is a package's: it goes with --package")
    return _values(History, found)


def _shown(parser: Parser, found: Namespace) -> Show:
    if found.json and (found.format or _values(Show, found).query != DocumentQuery()):
        parser.error("--json is the environment itself: it goes with none of the ways to write it")
    return _values(Show, found)


_MADE: Mapping[str, Callable[[Parser, Namespace], Asked]] = {
    "export": _exported,
    "save": _saved,
    "diff": lambda _, found: _values(Diff, found),
    "check": lambda _, found: _values(Check, found),
    "snapshot": lambda _, found: _values(Snapshot, found),
    "history": _listed,
    "show": _shown,
}
