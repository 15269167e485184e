"""What was asked for, by ``conda-meta/history`` (conda/history.py, CEP 32)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from jupyter_envsnap.core import redact
from jupyter_envsnap.core.specs import SpecInvalid, parse

# An editor may have put a mark of its own in front.
_HEAD = re.compile(r"[\ufeff\ufffd]*==>\s*(.+?)\s*<==")
_COMMAND = re.compile(r"#\s*cmd:\s*(.+)")
_SPECS = re.compile(r"#\s*(\w+)\s*specs:\s*(.+)?")
_ADD, _DROP, _NEUTER = "add", "drop", "neuter"
_ACTIONS = {
    **dict.fromkeys(("install", "create", "update"), _ADD),
    **dict.fromkeys(("remove", "uninstall"), _DROP),
    "neutered": _NEUTER,
}
_CONTINUES = re.compile(r"\s*[<>=!~|]")


def is_damaged(text: str) -> bool:
    """Whether there is more in it than can be read: what is no text, or no request, or cut off."""
    lines = [line.strip() for line in text.lstrip("\ufeff\ufffd").splitlines()]
    if any("\ufffd" in line or "\0" in line for line in lines):
        return True
    if any(lines) and not any(map(_HEAD.match, lines)):
        return True
    listed = ((found.group(2) or "").strip() for line in lines if (found := _SPECS.match(line)))
    return any(value.startswith("[") and _literal(value) is None for value in listed)


def requested(text: str) -> dict[str, str]:
    """Spec by package, in the order in which they were first asked for; no credentials.

    What cannot be read of it asks for nothing.
    """
    found: dict[str, str] = {}
    for lines in _requests(text):
        if not any(map(_COMMAND.match, lines)):  # conda passes over it
            continue
        changes = {action: specs for line in lines for action, specs in _asked(line)}
        for spec in changes.get(_DROP, ()):
            found.pop(_name(spec), None)
        # Neutered specs override what the same request asked for.
        for spec in (*changes.get(_ADD, ()), *changes.get(_NEUTER, ())):
            if name := _name(spec):
                found[name] = redact.text(spec)
    return found


def _requests(text: str) -> Iterator[list[str]]:
    """The comments of each request; what stands in front of the first is of none."""
    lines: list[str] | None = None
    for line in map(str.strip, text.splitlines()):
        if _HEAD.match(line):
            yield lines or []
            lines = []
        elif lines is not None and line.startswith("#"):
            lines.append(line)
    yield lines or []


def _asked(line: str) -> Iterator[tuple[str, list[str]]]:
    found = _SPECS.match(line)
    if found is not None and found.group(1) in _ACTIONS:
        specs = _listed((found.group(2) or "").strip())
        kept = [spec for spec in specs if spec and not spec.endswith("@")]
        if kept:
            yield _ACTIONS[found.group(1)], kept


def _listed(text: str) -> list[str]:
    """A Python list, or words with commas between, of which a range may hold some too."""
    if text.startswith("["):
        return _literal(text) or []
    parts: list[str] = []
    for part in text.split(","):
        if parts and (_CONTINUES.match(part) or parts[-1].count("[") > parts[-1].count("]")):
            parts[-1] = f"{parts[-1]},{part}"
        else:
            parts.append(part)
    return [part.strip() for part in parts]


def _literal(text: str) -> list[str] | None:
    """The words of a Python list; None where it is none."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else None


def _name(spec: str) -> str:
    try:
        return parse(spec).name
    except SpecInvalid:
        return ""
