"""From arguments to an exit status."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from jupyter_envsnap.cli import arguments, output
from jupyter_envsnap.cli.status import COULD_NOT, DONE, INTERRUPTED
from jupyter_envsnap.core.errors import EnvSnapError


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run ``jupyter envsnap`` with these arguments (the process's own by default) and exit."""
    sys.exit(_status(sys.argv[1:] if argv is None else argv))


def _run(argv: Sequence[str]) -> int:
    asked = arguments.parse(argv)
    # Each command has its own imports.
    if isinstance(asked, arguments.Save):
        from jupyter_envsnap.cli import save  # noqa: PLC0415

        return save.run(asked)
    if isinstance(asked, arguments.Diff):
        from jupyter_envsnap.cli import diff  # noqa: PLC0415

        return diff.run(asked)
    from jupyter_envsnap.cli import export  # noqa: PLC0415

    return export.run(asked)


def _status(argv: Sequence[str]) -> int:
    try:
        return _run(argv)
    except EnvSnapError as error:
        output.say(f"{error.message} [{error.code}]")
        return COULD_NOT
    except arguments.Usage as error:
        output.say(f"{error} [{error.code}]")
        output.say(f"Try: {error.command} --help")
        return COULD_NOT
    except BrokenPipeError:
        return DONE  # the reader has seen enough (`| head`)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - said in full; the interpreter's own status 1 means "differs"
        traceback.print_exc()
        return COULD_NOT
