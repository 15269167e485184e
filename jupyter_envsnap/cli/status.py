"""What the process exits with."""

from __future__ import annotations

from typing import Final

DONE: Final = 0
"""Also where there was nothing to do."""
DIFFERS: Final = 1
COULD_NOT: Final = 2
"""Or the command line is wrong."""
INTERRUPTED: Final = 130
"""What a shell reports for a command ended by Ctrl-C."""
