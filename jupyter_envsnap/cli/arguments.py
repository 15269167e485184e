"""The command line, parsed strictly: traitlets exits 1, or lets an unknown option pass."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Sequence
from typing import NoReturn

from msgspec import Struct

from jupyter_envsnap import __version__
from jupyter_envsnap.cli import output

PROGRAM = "jupyter envsnap"

_DESCRIPTION = """\
Write down what is installed in an environment, so that others can make it again.

Without a target, this is the environment that the command itself runs in. Nothing is
changed in the environment, no kernel is disturbed, and conda need not be installed.
"""
_EXAMPLES = """\
examples:
  jupyter envsnap export                               this environment, on the screen
  jupyter envsnap export -o environment.yml            into a file
  jupyter envsnap export --prefix ~/envs/climate       the environment in a folder
  jupyter envsnap export --kernel climate              the one that a kernel would start in
  jupyter envsnap export --kernel-id ID                the one that a running kernel is in
  jupyter envsnap export --json                        every detail, for a program

`jupyter kernelspec list` shows the kernels' names. Messages go to standard error; the exit
status is 0, or 2 if it could not be done.
"""


class Usage(Exception):
    """The command line says something that cannot be meant."""

    code = "bad-usage"

    def __init__(self, message: str, command: str) -> None:
        super().__init__(message)
        self.command = command


class Export(Struct, frozen=True, kw_only=True):
    """What ``export`` was asked for; no target means the environment it runs in."""

    prefix: str | None
    kernel: str | None
    kernel_id: str | None
    format: str | None
    profile: str | None
    output: str | None
    json: bool


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Usage(f"{message[:1].upper()}{message[1:]}.", self.prog)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """After ``--help`` and ``--version``, whose text may still wait in a buffer."""
        output.flush()
        super().exit(status, message)


def parse(argv: Sequence[str]) -> Export:
    """The command; prints and exits for ``--help`` and ``--version``.

    Raises:
        Usage

    """
    program, export = _parsers()
    found, unknown = program.parse_known_args(argv)
    if found.command is None:
        program.error("say what to do: export")
    if unknown:
        export.error(f"unknown: {' '.join(unknown)}")
    if found.json and (found.format or found.profile):
        export.error("--json is the environment itself: it goes with no --format or --profile")
    return Export(**{name: getattr(found, name) for name in Export.__struct_fields__})


def _parsers() -> tuple[_Parser, _Parser]:
    program = _Parser(
        prog=PROGRAM,
        description="Gives a notebook kernel's environment what git gives code.",
        allow_abbrev=False,
    )
    program.add_argument("--version", action="version", version=__version__)
    commands = program.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    export = commands.add_parser(
        "export",
        help="write an environment down, as environment.yml for example",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    targets = export.add_argument_group("which environment (at most one)")
    target = targets.add_mutually_exclusive_group()
    target.add_argument("--prefix", type=_word, metavar="P", help="the one in this folder")
    target.add_argument("--kernel", type=_word, metavar="NAME", help="of an installed kernel")
    target.add_argument("--kernel-id", type=_word, metavar="ID", help="of a running kernel")
    how = export.add_argument_group("how")
    how.add_argument(
        "--format", type=_word, metavar="F", help="how it is written (default: environment-yaml)"
    )
    how.add_argument(
        "--profile", type=_word, metavar="P", help="how much it says (default: versions)"
    )
    how.add_argument("--json", action="store_true", help="the environment as JSON instead")
    how.add_argument(
        "-o", "--output", type=_word, metavar="FILE", help="write to a file, not to the screen"
    )
    return program, export


def _word(text: str) -> str:
    if not text or "\0" in text:
        raise ArgumentTypeError("it is empty")
    return text
