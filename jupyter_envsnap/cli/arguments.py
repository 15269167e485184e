"""The command line, parsed strictly: traitlets exits 1, or lets an unknown option pass."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, TypeVar

import msgspec
from msgspec import Struct

from jupyter_envsnap import __version__
from jupyter_envsnap.cli import help_texts, output
from jupyter_envsnap.core.wire import DocumentQuery

PROGRAM = "jupyter envsnap"
C = TypeVar("C", "Export", "Save", "Diff")


class Usage(Exception):
    """The command line says something that cannot be meant."""

    code = "bad-usage"

    def __init__(self, message: str, command: str) -> None:
        super().__init__(message)
        self.command = command


class Command(Struct, frozen=True, kw_only=True):
    """What every command is asked; no target means the environment it runs in."""

    prefix: str | None
    kernel: str | None
    kernel_id: str | None
    format: str | None
    profile: str | None
    exclude: tuple[str, ...]
    without: tuple[str, ...]
    builds: bool
    from_history: bool
    channels: bool
    json: bool

    @property
    def query(self) -> DocumentQuery:
        """How the environment is to be written."""
        return DocumentQuery(
            format=self.format or DocumentQuery().format,
            profile=self.profile,
            exclude=self.exclude,
            without=self.without,
            from_history=self.from_history,
            builds=self.builds,
            channels=self.channels,
        )


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


class _Parser(ArgumentParser):
    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=RawDescriptionHelpFormatter, allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        raise Usage(f"{message[:1].upper()}{message[1:]}.", self.prog)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """After ``--help`` and ``--version``, whose text may still wait in a buffer."""
        output.flush()
        super().exit(status, message)


class Diff(Struct, frozen=True, kw_only=True):
    """``jupyter envsnap diff``."""

    before: str
    after: str
    json: bool


def parse(argv: Sequence[str]) -> Export | Save | Diff:
    """The command; prints and exits for ``--help`` and ``--version``.

    Raises:
        Usage

    """
    program = _Parser(
        prog=PROGRAM, description=help_texts.PROGRAM, epilog=help_texts.PROGRAM_EXAMPLES
    )
    program.add_argument("--version", action="version", version=__version__)
    commands = program.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    parsers = {
        "export": _export_parser(commands),
        "save": _save_parser(commands),
        "diff": _diff_parser(commands),
    }
    found, unknown = program.parse_known_args(argv)
    if found.command is None:
        program.error(f"say what to do: {', '.join(parsers)}")
    parser = parsers[found.command]
    if unknown:
        parser.error(f"unknown: {' '.join(unknown)}")
    return _MADE[found.command](parser, found)


def _exported(parser: _Parser, found: Namespace) -> Export:
    if found.json and (found.format or _values(Export, found).query != DocumentQuery()):
        parser.error("--json is the environment itself: it goes with none of the ways to write it")
    return _values(Export, found)


def _compared(_: _Parser, found: Namespace) -> Diff:
    return _values(Diff, found)


def _values(kind: type[C], found: Namespace) -> C:
    return msgspec.convert(vars(found), kind)


def _saved(parser: _Parser, found: Namespace) -> Save:
    if found.message is not None and not found.commit:
        parser.error("-m is a commit's message: it goes with --commit")
    if found.replace and found.pin:
        parser.error("--pin is about a file that is updated: it goes with no --replace")
    return _values(Save, found)


def _export_parser(commands: Any) -> _Parser:
    parser: _Parser = commands.add_parser(
        "export",
        help="write an environment down, as environment.yml for example",
        description=help_texts.EXPORT,
        epilog=help_texts.EXPORT_EXAMPLES,
    )
    _add_targets(parser)
    how = _add_document(parser)
    how.add_argument("--json", action="store_true", help="the environment as JSON instead")
    how.add_argument(
        "-o", "--output", type=_word, metavar="FILE", help="write to a file, not to the screen"
    )
    how.add_argument(
        "--sidecar",
        type=_word,
        metavar="FILE",
        help="write a second file with hashes, addresses and the machine, as JSON",
    )
    return parser


def _save_parser(commands: Any) -> _Parser:
    parser: _Parser = commands.add_parser(
        "save",
        help="save an environment to its file in the repository, and commit it",
        description=help_texts.SAVE,
        epilog=help_texts.SAVE_EXAMPLES,
    )
    parser.add_argument(
        "path", nargs="?", type=_text, metavar="PATH", help="the file (default: found from here)"
    )
    _add_targets(parser)
    how = _add_document(parser)
    how.add_argument(
        "--replace", action="store_true", help="write the file anew, not only what changed in it"
    )
    how.add_argument(
        "--pin", action="store_true", help="pin also what the file leaves open, such as numpy>=1.24"
    )
    how.add_argument("--dry-run", action="store_true", help="write nothing, show what would change")
    how.add_argument(
        "--json", action="store_true", help="say on the screen, in JSON, what was done"
    )
    commit = parser.add_argument_group("commit")
    commit.add_argument("--commit", action="store_true", help="commit the file, and only it")
    commit.add_argument(
        "-m",
        "--message",
        type=_text,
        metavar="MSG",
        help="with this message (default: made from the change)",
    )
    return parser


def _diff_parser(commands: Any) -> _Parser:
    parser: _Parser = commands.add_parser(
        "diff",
        help="what changed between two environments, files or revisions",
        description=help_texts.DIFF,
        epilog=help_texts.DIFF_EXAMPLES,
    )
    parser.add_argument("before", type=_word, metavar="A", help="the one before")
    parser.add_argument("after", type=_word, metavar="B", help="the one after")
    parser.add_argument("--json", action="store_true", help="every detail, as JSON")
    return parser


def _add_targets(parser: _Parser) -> None:
    targets = parser.add_argument_group("which environment (at most one)")
    target = targets.add_mutually_exclusive_group()
    target.add_argument("--prefix", type=_word, metavar="P", help="the one in this folder")
    target.add_argument("--kernel", type=_word, metavar="NAME", help="of an installed kernel")
    target.add_argument("--kernel-id", type=_word, metavar="ID", help="of a running kernel")


def _add_document(parser: _Parser) -> Any:
    how = parser.add_argument_group("how")
    how.add_argument(
        "--format", type=_word, metavar="F", help="how it is written (default: environment-yaml)"
    )
    how.add_argument(
        "--profile",
        type=_word,
        metavar="P",
        help="how much it says: versions, minimal, exact or conda (default: versions)",
    )
    how.add_argument(
        "--exclude",
        action="append",
        default=[],
        type=_word,
        metavar="NAME",
        help="leave a package out, and what only it needs (can be repeated)",
    )
    how.add_argument(
        "--without",
        action="append",
        default=[],
        type=_word,
        metavar="GROUP",
        help="leave a group out: jupyter or dev, or one of your own (can be repeated)",
    )
    conda = parser.add_argument_group("with --profile conda, as conda's own export has them")
    conda.add_argument("--no-builds", dest="builds", action="store_false", help="no builds")
    conda.add_argument(
        "--from-history", action="store_true", help="only what was asked for, by the history"
    )
    conda.add_argument(
        "--ignore-channels",
        dest="channels",
        action="store_false",
        help="only the configured channels",
    )
    return how


def _word(text: str) -> str:
    if not text or "\0" in text:
        raise ArgumentTypeError("it is empty")
    return text


def _text(text: str) -> str:
    """Something that can be told again, in a message and in JSON."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ArgumentTypeError("it is not UTF-8") from error
    return _word(text if text.strip() else "")


_MADE: Mapping[str, Callable[[_Parser, Namespace], Export | Save | Diff]] = {
    "export": _exported,
    "save": _saved,
    "diff": _compared,
}
