"""``environment.json``: what environment.yml says, as JSON (conda 25.7 and later read it)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from jupyter_envsnap.core.documents.contents import Contents, contents
from jupyter_envsnap.core.documents.format import (
    AS_CONDA,
    Format,
    Line,
    Written,
    exact,
    minimal,
    versions,
)
from jupyter_envsnap.core.selection import Selection


def with_versions(selection: Selection) -> Written:
    return _written(contents(selection, builds=False))


def with_builds(selection: Selection) -> Written:
    return _written(contents(selection, builds=True))


def _written(made: Contents) -> Written:
    return Written(lines=tuple(_lines(made)), findings=made.pip.findings)


def _lines(made: Contents) -> Iterator[Line]:
    """As ``json.dumps(indent=2, ensure_ascii=False)`` lays it out, line by line."""
    yield Line("{")
    yield Line(f'  "name": {_json(made.name)},')
    yield from _list("channels", [Line(_json(c)) for c in made.channels], indent=2, last=False)
    dependencies = [Line(_json(spec.text), spec.package) for spec in made.specs]
    pip = [Line(_json(option)) for option in made.pip.options]
    pip += [Line(_json(p.text), p.package) for p in made.pip.lines if p.can_install]
    if not any(p.can_install for p in made.pip.lines):
        pip = []
    last = not made.variables
    if not pip:
        yield from _list("dependencies", dependencies, indent=2, last=last)
    else:
        yield Line('  "dependencies": [')
        yield from (Line(f"    {d.text},", d.package) for d in dependencies)
        yield Line("    {")
        yield from _list("pip", pip, indent=6, last=True)
        yield Line("    }")
        yield Line("  ]" if last else "  ],")
    if made.variables:
        yield Line('  "variables": {')
        texts = [f"    {_json(name)}: {_json(value)}" for name, value in made.variables.items()]
        yield from (Line(text) for text in _separated(texts))
        yield Line("  }")
    yield Line("}")


def _list(name: str, items: Sequence[Line], *, indent: int, last: bool) -> Iterator[Line]:
    space, end = " " * indent, "" if last else ","
    if not items:
        yield Line(f'{space}"{name}": []{end}')
        return
    yield Line(f'{space}"{name}": [')
    texts = _separated([f"{space}  {item.text}" for item in items])
    yield from (Line(text, item.package) for text, item in zip(texts, items, strict=True))
    yield Line(f"{space}]{end}")


def _separated(texts: Sequence[str]) -> list[str]:
    return [f"{text}," for text in texts[:-1]] + list(texts[-1:])


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


FORMAT = Format(
    name="environment-json",
    label="environment.json",
    media_type="application/json",
    filename="environment.json",
    profiles=(
        versions(with_versions),
        minimal(with_versions),
        exact(with_builds, "Every package with its build, for this platform only."),
        AS_CONDA,
    ),
)
