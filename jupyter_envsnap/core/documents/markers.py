"""Markers of pip lines (``; sys_platform == 'win32'``), as PEP 508 has them."""

from __future__ import annotations

import re
from collections.abc import Callable

from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName

from jupyter_envsnap.core import platforms
from jupyter_envsnap.core.model import Environment

_VARIABLE = re.compile(
    r"(?<![\w'\"])(?:os_name|sys_platform|platform_\w+|python_\w+|implementation_\w+|extra)\b"
)


def holding(environment: Environment) -> Callable[[str], bool | None]:
    """Whether a line with this marker is for the environment.

    None where it asks for more than an environment tells: that is not for us to judge.
    """
    known = _known(environment)

    def holds(marker: str) -> bool | None:
        if not marker:
            return True
        if not set(_VARIABLE.findall(marker)) <= known.keys():
            return None
        try:
            return Marker(marker).evaluate(known)
        except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName):
            return None

    return holds


def _known(environment: Environment) -> dict[str, str]:
    known = platforms.markers(environment.platform)
    numbers = re.match(r"(\d+\.\d+)(\.\d+)?", environment.python or "")
    if numbers:
        known["python_version"] = numbers.group(1)
    if numbers and numbers.group(2):
        known["python_full_version"] = environment.python or ""
    return known
