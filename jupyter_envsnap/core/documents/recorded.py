"""The one comment line in which a file remembers how it was made."""

from __future__ import annotations

import re

from msgspec import Struct

_MARK = "# envsnap:"
_PART = re.compile(r"(profile|exclude|without)=(\S+)")


class Recorded(Struct, frozen=True, kw_only=True):
    """A file's profile and what it leaves out."""

    profile: str
    exclude: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


def line(recorded: Recorded) -> str:
    """``# envsnap: profile=minimal exclude=foo,bar without=jupyter``."""
    parts = [f"profile={recorded.profile}"]
    lists = {"exclude": recorded.exclude, "without": recorded.without}
    parts += [f"{name}={','.join(values)}" for name, values in lists.items() if values]
    return f"{_MARK} {' '.join(parts)}"


def parse(text: str) -> Recorded | None:
    """What the first such line of a file records; None where there is none."""
    for written in text.removeprefix("\ufeff").splitlines():
        if written.startswith(_MARK):
            found = dict(_PART.findall(written))
            return Recorded(
                profile=found.get("profile", ""),
                exclude=_words(found.get("exclude")),
                without=_words(found.get("without")),
            )
    return None


def place(text: str) -> tuple[int, int] | None:
    """From where to where that line stands in a text; None where there is none."""
    found = re.search(rf"^\ufeff?({re.escape(_MARK)}[^\r\n]*)", text, re.MULTILINE)
    return (found.start(1), found.end(1)) if found else None


def _words(listed: str | None) -> tuple[str, ...]:
    return tuple(word for word in (listed or "").split(",") if word)
