"""Packages that a document can leave out together: what a production file does without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from jupyter_envsnap.core.errors import GroupUnknown

Groups = Mapping[str, tuple[str, ...]]
"""Name → names of packages, or patterns with ``*``; a hyphen also stands for ``_`` and ``.``."""

DEFAULTS: Groups = {
    "jupyter": (
        *("jupyter", "jupyter-*", "jupyterlab", "jupyterlab-*", "jupyterhub*", "notebook"),
        *("notebook-shim", "nbclassic", "nbclient", "nbconvert*", "nbformat", "nbdime", "nb-*"),
        *("nbgitpuller", "ipykernel", "ipython", "ipywidgets", "ipympl", "widgetsnbextension"),
        *("qtconsole*", "voila", "xeus", "xeus-*", "*-kernel", "*-jupyterlab", "*-jupyter"),
    ),
    "dev": (
        *("pytest", "pytest-*", "hypothesis", "coverage", "tox", "nox", "mypy", "pyright"),
        *("ruff", "black", "isort", "flake8", "flake8-*", "pylint", "pycodestyle", "pyflakes"),
        *("autopep8", "yapf", "bandit", "pre-commit", "types-*", "*-stubs", "sphinx", "sphinx-*"),
        *("mkdocs", "mkdocs-*", "twine", "build", "ipdb", "pdbpp", "debugpy", "cookiecutter"),
        *("line-profiler", "memory-profiler", "py-spy", "conda-build", "grayskull"),
    ),
}


def members(groups: Groups, asked: Iterable[str], packages: Iterable[str]) -> set[str]:
    """Those of the packages that are in one of the groups that are asked for.

    Raises:
        GroupUnknown

    """
    patterns: list[str] = []
    for group in asked:
        if group not in groups:
            known = ", ".join(groups) or "none"
            raise GroupUnknown(
                f"There is no group “{group}”. Choose one of: {known}.", group=group, known=known
            )
        patterns += map(_plain, groups[group])
    exact = {p for p in patterns if "*" not in p}
    open_ended = [p for p in patterns if "*" in p]
    return {
        package
        for package in packages
        if (name := _plain(package)) in exact or any(fnmatchcase(name, p) for p in open_ended)
    }


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")
