"""What an environment has besides packages, and how that changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from jupyter_envsnap.core.model import Environment

_PINNED = re.compile(r"\s*(?:[^\s\[]*::)?([^\s=<>!~,|\[]+)")


class FactChange(Struct, frozen=True, kw_only=True):
    """Something that is no package; null where there was or is none."""

    name: str
    """``python``, ``platform``, ``channels``, ``variable NAME``, ``__glibc`` …"""
    before: str | None
    after: str | None


def changed_facts(before: Environment, after: Environment) -> Iterator[FactChange]:
    """What is no package and is another on the other side."""
    one, other = dict(_named(before)), dict(_named(after))
    for name in dict.fromkeys((*one, *other)):
        if one.get(name) != other.get(name):
            yield FactChange(name=name, before=one.get(name), after=other.get(name))


def _named(environment: Environment) -> Iterator[tuple[str, str]]:
    packages = {package.name for package in environment.conda}
    words: Sequence[tuple[str, str | None]] = (
        ("kind", environment.kind),
        ("platform", environment.platform),
        # Where conda has it, it is a package like any other.
        ("python", environment.python if "python" not in packages else None),
        ("channels", ", ".join(environment.channels) or None),
        ("index", environment.indexes.index_url),
        ("extra indexes", ", ".join(environment.indexes.extra) or None),
        ("find-links", ", ".join(environment.indexes.find_links) or None),
        *((f"variable {name}", value) for name, value in sorted(environment.variables.items())),
        *((f"pin {name}", ", ".join(pins)) for name, pins in sorted(_pins(environment).items())),
        *((p.name, f"{p.version}={p.build}") for p in environment.virtual_packages),
    )
    yield from ((name, value) for name, value in words if value is not None)


def _pins(environment: Environment) -> dict[str, list[str]]:
    """By the package that they pin; one may be pinned by several lines."""
    found: dict[str, list[str]] = {}
    for pin in environment.pins:
        head = _PINNED.match(pin)
        found.setdefault(head.group(1) if head else pin, []).append(pin)
    return found
