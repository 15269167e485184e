"""What a list of packages can say of an environment, which says more."""

from __future__ import annotations

from msgspec.structs import replace

from jupyter_envsnap.core.model import CondaPackage, PypiPackage
from jupyter_envsnap.core.selection import Selection
from jupyter_envsnap.core.stated import by_name


def _by_conda_alone(selection: Selection) -> Selection:
    """What an explicit list can say."""
    environment = replace(selection.environment, pypi=())
    return replace(selection, environment=environment, pypi=())


def _by_pip_alone(selection: Selection) -> Selection:
    """What a requirements file can say: conda's Python packages by their names on PyPI."""
    environment = selection.environment
    own = {package.name: package for package in environment.pypi}
    owned = {
        name: (package, _stand_in(name, version, package))
        for package in environment.conda
        for name, version in package.provides.items()
        if name not in own
    }
    every = own | {name: stand_in for name, (_, stand_in) in owned.items()}
    by_conda = {package.name for package in selection.conda}
    listed = {package.name for package in selection.pypi}
    listed |= {name for name, (package, _) in owned.items() if package.name in by_conda}
    out = {node for node in selection.excluded if node[0] == "pypi"}
    out |= {("pypi", n) for n, (p, _) in owned.items() if ("conda", p.name) in selection.excluded}
    return replace(
        selection,
        environment=replace(environment, conda=(), pypi=by_name(every.values())),
        conda=(),
        pypi=by_name(package for name, package in every.items() if name in listed),
        excluded=frozenset(out),
    )


def _stand_in(name: str, version: str, package: CondaPackage) -> PypiPackage:
    return PypiPackage(name=name, version=version, requested=bool(package.requested))


BY_FORMAT = {"explicit": _by_conda_alone, "requirements": _by_pip_alone}
