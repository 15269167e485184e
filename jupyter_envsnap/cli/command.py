"""From arguments to an exit status: 0, or 2 where it could not be done."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from jupyter_envsnap.cli import arguments, export, output
from jupyter_envsnap.core.errors import EnvSnapError

COULD_NOT = 2
INTERRUPTED = 130
"""What a shell reports for a command ended by Ctrl-C."""


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run ``jupyter envsnap`` with these arguments (the process's own by default) and exit."""
    sys.exit(_status(sys.argv[1:] if argv is None else argv))


def _status(argv: Sequence[str]) -> int:
    try:
        export.run(arguments.parse(argv))
    except EnvSnapError as error:
        output.say(f"{error.message} [{error.code}]")
        return COULD_NOT
    except arguments.Usage as error:
        output.say(f"{error} [{error.code}]")
        output.say(f"Try: {error.command} --help")
        return COULD_NOT
    except BrokenPipeError:
        return 0  # the reader has seen enough (`| head`)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - said in full; the interpreter's own status 1 means "differs"
        traceback.print_exc()
        return COULD_NOT
    return 0
