"""What ``environment.yml`` and its JSON twin say, before it is written in either."""

from __future__ import annotations

from msgspec import Struct

from jupyter_envsnap.core.model import CondaPackage
from jupyter_envsnap.core.pip_lines import PipLines, pip_lines
from jupyter_envsnap.core.selection import Selection

# Where Python comes from when an environment that conda did not make is made again.
_CHANNEL_OF_PYTHON = "conda-forge"
_UP_TO_PATCH = 3
"""Numbers of a version of Python that is known as exactly as it can be."""


class Spec(Struct, frozen=True, kw_only=True):
    """What conda is to install."""

    name: str
    text: str
    package: CondaPackage | None


class Contents(Struct, frozen=True, kw_only=True):
    """The parts of an environment file, in the order in which they are written."""

    name: str
    channels: tuple[str, ...]
    specs: tuple[Spec, ...]
    pip: PipLines
    variables: dict[str, str]


def contents(selection: Selection, *, builds: bool) -> Contents:
    """The parts of the file that lists this selection; ``builds``: the very same packages."""
    environment = selection.environment
    channels = environment.channels
    if environment.kind != "conda":
        channels = (_CHANNEL_OF_PYTHON,)
    return Contents(
        name=environment.name,
        channels=channels,
        specs=tuple(sorted(_specs(selection, builds=builds), key=lambda spec: spec.name)),
        pip=pip_lines(selection.pypi, environment.indexes),
        variables=environment.variables,
    )


def pinned(name: str, version: str) -> str:
    """A spec that takes this version of a package and no other: ``=`` would take its successors."""
    return f"{name}=={version}"


def python_pinned(version: str) -> str:
    """As exact as it is known: ``python=3.12`` where the patch level is nowhere written."""
    return f"python{'==' if version.count('.') >= _UP_TO_PATCH - 1 else '='}{version}"


def _specs(selection: Selection, *, builds: bool) -> list[Spec]:
    found = [
        Spec(
            name=package.name,
            text=_exactly(package) if builds else pinned(package.name, package.version),
            package=package,
        )
        for package in selection.conda
    ]
    environment = selection.environment
    listed = {spec.name for spec in found}
    if environment.kind != "conda":
        python = python_pinned(environment.python) if environment.python else "python"
        found.append(Spec(name="python", text=python, package=None))
    # pip installs into an environment only where pip is, and conda would add it with a warning.
    if "pip" not in listed and (environment.kind != "conda" or selection.pypi):
        found.append(Spec(name="pip", text="pip", package=None))
    return found


def _exactly(package: CondaPackage) -> str:
    if not package.build:
        return pinned(package.name, package.version)
    return f"{package.name}={package.version}={package.build}"
