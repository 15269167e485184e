"""The user's own changes of a file, which a commit of a newly written file takes along."""

from __future__ import annotations

from jupyter_envsnap.core.linediff import line_diff
from jupyter_envsnap.core.wire import DiffLine


def _unified_ends(text: str) -> str:
    return text.replace("\r\n", "\n")


def own_edits(*, committed: str, disk: str, new: str) -> tuple[DiffLine, ...]:
    """What changes from ``committed`` to ``new`` and is so on the disk already.

    A preview of the save shows what changes from ``disk`` to ``new``: these lines are not in it.
    Line ends count for nothing, as git may convert them.
    """
    committed, disk, new = (_unified_ends(text) for text in (committed, disk, new))
    if committed == disk:
        return ()
    kept = {line.new for line in line_diff(disk, new) if line.sign == " "}
    removed = {line.old for line in line_diff(committed, disk) if line.sign == "-"}
    return tuple(
        line
        for line in line_diff(committed, new)
        if (line.sign == "+" and line.new in kept) or (line.sign == "-" and line.old in removed)
    )
