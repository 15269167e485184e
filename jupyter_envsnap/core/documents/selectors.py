"""Selectors behind an entry (``# [linux]``), as conda-lock and conda-build read them."""

from __future__ import annotations

import re
from collections.abc import Callable

_SELECTOR = re.compile(r"#\s*\[\s*([^\]]+?)\s*\]")


def holding(platform: str) -> Callable[[str], bool | None]:
    """Whether an entry with this comment is meant for a platform such as ``linux-64``.

    None for one with a selector that says more than platforms: that is not for us to judge.
    """
    system, _, machine = platform.partition("-")
    true = {system, platform, platform.replace("-", ""), machine}
    true |= {"unix"} if system in {"linux", "osx"} else set()
    true |= {"x86_64"} if machine == "64" else set()
    known = {"linux", "osx", "win", "unix", "64", "32", "arm64", "aarch64", "x86", "x86_64"}
    known |= {f"{s}{m}" for s in ("linux", "osx", "win") for m in ("64", "32", "-64", "-32")}
    known |= {"osxarm64", "osx-arm64", "linux-aarch64", "linuxaarch64", "ppc64le", "s390x"} | true

    def holds(comment: str) -> bool | None:
        found = _SELECTOR.match(comment)
        return found is None or _evaluated(found.group(1).lower(), true, known)

    return holds


def _evaluated(selector: str, true: set[str], known: set[str]) -> bool | None:
    """``or`` (or a comma) binds less than ``and``, ``not`` binds most."""
    choices = [re.split(r"\s+and\s+", c) for c in re.split(r"\s+or\s+|\s*,\s*", selector)]
    words = {part.removeprefix("not ").strip() for choice in choices for part in choice}
    if not words <= known:
        return None
    return any(
        all(
            (part.removeprefix("not ").strip() in true) != part.startswith("not ")
            for part in choice
        )
        for choice in choices
    )
