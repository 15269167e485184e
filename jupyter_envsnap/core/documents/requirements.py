"""``requirements.txt``, as ``pip install -r`` reads it."""

from __future__ import annotations

import re

from packaging.requirements import InvalidRequirement, Requirement

from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.documents.format import AS_CONDA, Format, Line, Written, minimal, versions
from jupyter_envsnap.core.findings import finding
from jupyter_envsnap.core.model import CondaPackage
from jupyter_envsnap.core.pip_lines import pip_lines
from jupyter_envsnap.core.selection import Selection

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


def write(selection: Selection) -> Written:
    """Every Python package, those of conda by their name on PyPI; the rest cannot be named."""
    pip = pip_lines(selection.pypi, selection.environment.indexes)
    lines: dict[str, Line] = {}
    other: list[CondaPackage] = []
    for package in selection.conda:
        found = {name: f"{name}=={version}" for name, version in package.provides.items()}
        sound = {name: text for name, text in found.items() if _is_requirement(text)}
        versions = package.provides
        lines |= {name: Line(text, package, versions[name]) for name, text in sound.items()}
        if not sound:
            other.append(package)
    for line in pip.lines:
        text = line.text if line.can_install else _UNPRINTABLE.sub("?", f"# {line.text}")
        lines[line.package.name] = Line(text, line.package)
    python = selection.environment.python
    head = [Line(f"# Python {python}")] if python else []
    told = []
    if other:
        count = len(other)
        told.append(
            finding(
                codes.NOT_IN_FORMAT,
                what="1 conda package" if count == 1 else f"{count} conda packages",
                advice="Only Python packages are listed.",
            )
        )
    return Written(
        lines=(
            *head,
            *(Line(option) for option in pip.options),
            *(lines[name] for name in sorted(lines)),
        ),
        findings=(*pip.findings, *told),
    )


def _is_requirement(text: str) -> bool:
    try:
        Requirement(text)
    except InvalidRequirement:
        return False
    return True


FORMAT = Format(
    name="requirements",
    label="requirements.txt",
    media_type="text/plain",
    filename="requirements.txt",
    remembers=True,
    profiles=(versions(write), minimal(write), AS_CONDA),
)
