"""Selectors behind an entry (``# [linux]``), as conda-lock and conda-build read them."""

from __future__ import annotations

import re
from collections.abc import Callable

_SELECTOR = re.compile(r"#\s*\[\s*([^\]]+?)\s*\]")
_WORD = re.compile(r"[a-z0-9_-]+")


def holding(platform: str) -> Callable[[str], bool]:
    """Whether an entry with this comment is meant for a platform such as ``linux-64``.

    One with a selector that says more than platforms is not for us to judge: it holds nowhere.
    """
    system, _, machine = platform.partition("-")
    true = {system, platform, platform.replace("-", ""), machine}
    true |= {"unix"} if system in {"linux", "osx"} else set()
    true |= {"x86_64"} if machine == "64" else set()
    known = {"linux", "osx", "win", "unix", "64", "32", "arm64", "aarch64", "x86", "x86_64"}
    known |= {f"{s}{m}" for s in ("linux", "osx", "win") for m in ("64", "32", "-64", "-32")}
    known |= {"osxarm64", "osx-arm64", "linux-aarch64", "linuxaarch64", "ppc64le", "s390x"} | true

    def holds(comment: str) -> bool:
        found = _SELECTOR.match(comment)
        return found is None or _evaluated(found.group(1).lower(), true, known)

    return holds


def _evaluated(selector: str, true: set[str], known: set[str]) -> bool:
    """``or`` (or a comma) binds less than ``and``, ``not`` binds most."""
    for choice in re.split(r"\s+or\s+|\s*,\s*", selector):
        holds = True
        for part in re.split(r"\s+and\s+", choice):
            word = part.removeprefix("not ").strip()
            if not _WORD.fullmatch(word) or word not in known:
                return False
            holds &= (word in true) != part.startswith("not ")
        if holds:
            return True
    return False
