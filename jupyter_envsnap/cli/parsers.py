"""The command line as argparse has it: strict, as traitlets lets unknown options pass."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, get_args

from jupyter_envsnap.cli import help_texts, output
from jupyter_envsnap.core import names
from jupyter_envsnap.core.wire import NamedBy

MOST_ROWS = 500


class Usage(Exception):
    """The command line says something that cannot be meant."""

    code = "bad-usage"

    def __init__(self, message: str, command: str) -> None:
        super().__init__(message)
        self.command = command


class Parser(ArgumentParser):
    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=RawDescriptionHelpFormatter, allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        raise Usage(f"{message[:1].upper()}{message[1:]}.", self.prog)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """After ``--help`` and ``--version``, whose text may still wait in a buffer."""
        output.flush()
        super().exit(status, message)


def _export_parser(commands: Any) -> Parser:
    parser: Parser = commands.add_parser(
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


def _save_parser(commands: Any) -> Parser:
    parser: Parser = commands.add_parser(
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
    how.add_argument(
        "--local",
        action="append",
        default=[],
        type=_named,
        metavar="NAME=git|folder|comment",
        help="name a package that runs from a folder here by its git address, by that folder, or"
        " only in a comment (can be repeated)",
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


def _diff_parser(commands: Any) -> Parser:
    parser: Parser = commands.add_parser(
        "diff",
        help="what changed between two environments, files or revisions",
        description=help_texts.DIFF,
        epilog=help_texts.DIFF_EXAMPLES,
    )
    parser.add_argument("before", type=_word, metavar="A", help="the one before")
    parser.add_argument("after", type=_word, metavar="B", help="the one after")
    parser.add_argument("--json", action="store_true", help="every detail, as JSON")
    return parser


def _snapshot_parser(commands: Any) -> Parser:
    parser: Parser = commands.add_parser(
        "snapshot",
        help="keep an environment in the history",
        description=help_texts.SNAPSHOT,
        epilog=help_texts.SNAPSHOT_EXAMPLES,
    )
    _add_targets(parser)
    parser.add_argument("--note", type=_text, metavar="TEXT", help="why, in your own words")
    parser.add_argument("--json", action="store_true", help="what was kept, as JSON")
    return parser


def _history_parser(commands: Any) -> Parser:
    parser: Parser = commands.add_parser(
        "history",
        help="list the environments that were kept, newest first",
        description=help_texts.HISTORY,
        epilog=help_texts.HISTORY_EXAMPLES,
    )
    only = parser.add_argument_group("only those")
    only.add_argument("--notebook", type=_text, metavar="PATH", help="of a notebook")
    only.add_argument("--prefix", type=_text, metavar="P", help="of the environment in a folder")
    only.add_argument("--package", type=_text, metavar="NAME", help="that hold a package")
    only.add_argument(
        "--version", type=_text, metavar="V", help="in this version of it; 1.26 is also 1.26.4"
    )
    only.add_argument("--reason", type=_text, metavar="R", help="kept for a reason")
    parser.add_argument(
        "--limit", type=_count, default=20, metavar="N", help="how many (default: 20)"
    )
    parser.add_argument("--json", action="store_true", help="every detail, as JSON")
    return parser


def _show_parser(commands: Any) -> Parser:
    parser: Parser = commands.add_parser(
        "show",
        help="write down an environment that was kept",
        description=help_texts.SHOW,
        epilog=help_texts.SHOW_EXAMPLES,
    )
    parser.add_argument("id", type=_text, metavar="ID", help="or its beginning, or latest")
    how = _add_document(parser)
    how.add_argument("--json", action="store_true", help="all that was kept, as JSON")
    how.add_argument(
        "-o", "--output", type=_word, metavar="FILE", help="write to a file, not to the screen"
    )
    return parser


def _check_parser(commands: Any) -> Parser:
    parser: Parser = commands.add_parser(
        "check",
        help="whether an environment still is what its file says",
        description=help_texts.CHECK,
        epilog=help_texts.CHECK_EXAMPLES,
    )
    parser.add_argument(
        "files", nargs="*", type=_text, metavar="FILE", help="the file (default: found from here)"
    )
    _add_targets(parser)
    parser.add_argument("--json", action="store_true", help="every detail, as JSON")
    return parser


def _count(text: str) -> int:
    try:
        count = int(text)
    except ValueError as error:
        raise ArgumentTypeError("it is no number") from error
    if not 1 <= count <= MOST_ROWS:
        raise ArgumentTypeError(f"it is not between 1 and {MOST_ROWS}")
    return count


def _add_targets(parser: Parser) -> None:
    targets = parser.add_argument_group("which environment (at most one)")
    target = targets.add_mutually_exclusive_group()
    target.add_argument("--prefix", type=_word, metavar="P", help="the one in this folder")
    target.add_argument("--kernel", type=_word, metavar="NAME", help="of an installed kernel")
    target.add_argument("--kernel-id", type=_word, metavar="ID", help="of a running kernel")


def _add_document(parser: Parser) -> Any:
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


def _named(text: str) -> tuple[str, str]:
    name, _, by = text.partition("=")
    if by not in get_args(NamedBy):
        raise ArgumentTypeError(f"it is not NAME={'|'.join(get_args(NamedBy))}")
    return _word(names.pypi(name) or ""), by


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


BUILDERS: Mapping[str, Callable[[Any], Parser]] = {
    "export": _export_parser,
    "save": _save_parser,
    "diff": _diff_parser,
    "check": _check_parser,
    "snapshot": _snapshot_parser,
    "history": _history_parser,
    "show": _show_parser,
}
"""By command, in the order of the help."""
