"""``environment.yml``, as ``conda env create`` and its relatives read it."""

from __future__ import annotations

from collections.abc import Iterator

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
from jupyter_envsnap.core.documents.yaml_io import comment, scalar
from jupyter_envsnap.core.selection import Selection

_LONGEST_KEY = 1_000


def with_versions(selection: Selection) -> Written:
    """No builds, no prefix, and pip installs with their source."""
    return _written(contents(selection, builds=False))


def with_builds(selection: Selection) -> Written:
    """As ``with_versions``, and conda packages by their very build."""
    return _written(contents(selection, builds=True))


def _written(made: Contents) -> Written:
    return Written(lines=tuple(_lines(made)), findings=made.pip.findings)


def _lines(made: Contents) -> Iterator[Line]:
    yield Line(f"name: {scalar(made.name)}")
    if made.channels:
        yield Line("channels:")
        yield from (Line(f"  - {scalar(channel)}") for channel in made.channels)
    yield Line("dependencies:" if made.specs or made.pip.lines else "dependencies: []")
    yield from (Line(f"  - {scalar(spec.text)}", spec.package) for spec in made.specs)
    yield from _pip_section(made)
    if made.variables:
        yield Line("variables:")
        for name, value in made.variables.items():
            # A longer key is no simple key, which must end within 1,024 characters (YAML 1.2, 7.4).
            if len(scalar(name)) > _LONGEST_KEY:
                yield Line(f"  ? {scalar(name)}")
                yield Line(f"  : {scalar(value)}")
            else:
                yield Line(f"  {scalar(name)}: {scalar(value)}")


def _pip_section(made: Contents) -> Iterator[Line]:
    if not any(line.can_install for line in made.pip.lines):
        # A `pip:` with nothing but comments in it would be null.
        yield from (Line(f"  {comment(line.text)}", line.package) for line in made.pip.lines)
        return
    yield Line("  - pip:")
    yield from (Line(f"      - {scalar(option)}") for option in made.pip.options)
    for line in made.pip.lines:
        text = f"- {scalar(line.text)}" if line.can_install else comment(line.text)
        yield Line(f"      {text}", line.package)


FORMAT = Format(
    name="environment-yaml",
    label="environment.yml",
    # RFC 9512.
    media_type="application/yaml",
    filename="environment.yml",
    remembers=True,
    profiles=(
        versions(with_versions),
        minimal(with_versions),
        exact(with_builds, "Every package with its build, for this platform only."),
        AS_CONDA,
    ),
)
