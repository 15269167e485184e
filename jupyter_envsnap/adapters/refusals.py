"""What it means where a disk or a contents manager refuses a write."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from typing import Final

from jupyter_envsnap.core.errors import (
    SaveError,
    SaveFailed,
    TargetChanged,
    TargetNoSpace,
    TargetReadOnly,
    TargetRefused,
)

_READ_ONLY: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


def changed(path: str, digest: str | None = None) -> TargetChanged:
    """The file is another than the one that was looked at."""
    return TargetChanged(
        f"{path} changed since the preview. Look at it again, then save.", path=path, digest=digest
    )


def refusal(path: str, error: Exception) -> SaveError:
    """Why the file could not be written, in words."""
    codes = {cause.errno for cause in _causes(error) if isinstance(cause, OSError)}
    if codes & _NO_SPACE:
        return TargetNoSpace(
            f"There is no space left to write {path}. Free some, then save again.", path=path
        )
    forbidden = getattr(error, "status_code", None) == 403
    if forbidden and not codes and getattr(error, "log_message", None):
        # A hook or a manager with rules of its own says why.
        return TargetRefused(f"{path} was not written: {_reason(error)}.", path=path)
    if codes & _READ_ONLY or forbidden:
        return TargetReadOnly(
            f"{path} cannot be written: the file or its folder is read-only. Choose another path.",
            path=path,
        )
    return SaveFailed(f"{path} could not be written: {_reason(error)}.", path=path)


def _reason(error: Exception) -> str:
    # tornado's HTTPError has the first; the command line does without tornado.
    said = getattr(error, "log_message", None) or getattr(error, "strerror", None)
    return said or type(error).__name__


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those behind it: the contents manager wraps them in a 500."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
