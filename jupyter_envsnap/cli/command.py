"""From arguments to an exit status."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from jupyter_envsnap.cli import arguments, output
from jupyter_envsnap.cli.status import COULD_NOT, DONE, INTERRUPTED
from jupyter_envsnap.core.errors import EnvSnapError

_MODULES = {
    arguments.Export: "jupyter_envsnap.cli.export",
    arguments.Save: "jupyter_envsnap.cli.save",
    arguments.Diff: "jupyter_envsnap.cli.diff",
    arguments.Check: "jupyter_envsnap.cli.check",
    arguments.Snapshot: "jupyter_envsnap.cli.snapshot",
    arguments.History: "jupyter_envsnap.cli.history",
    arguments.Show: "jupyter_envsnap.cli.show",
}


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run ``jupyter envsnap`` with these arguments (the process's own by default) and exit."""
    sys.exit(_status(sys.argv[1:] if argv is None else argv))


def _run(argv: Sequence[str]) -> int:
    asked = arguments.parse(argv)
    # Each command has its own imports.
    module = import_module(_MODULES[type(asked)])
    status: int = module.run(asked)
    return status


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
