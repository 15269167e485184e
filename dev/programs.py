"""See to the programs that the checks run besides Python's and npm's. Standard library only."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping

from dev.steps import CannotGoOn, run_quietly, step

_OF_THE_TESTS: Mapping[str, str] = {
    "gpg": "gnupg",
    "gpg-connect-agent": "gnupg",
    "gpgconf": "gnupg",
    "ssh-keygen": "openssh-client",
}
"""What the Python tests sign commits with, and Debian's package of it."""


def ensure_signing() -> None:
    """See to the programs that sign commits; raises CannotGoOn where they cannot be had."""
    missing = _missing()
    if missing and can_install():
        install(*_packages(missing))
        missing = _missing()
    if missing:
        raise CannotGoOn(
            f"The Python tests need {', '.join(missing)} on the PATH"
            f" (Debian: apt-get install {' '.join(_packages(missing))})"
        )


def can_install() -> bool:
    """Whether Debian's packages can be installed without asking anybody."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(*packages: str) -> None:
    """Install packages of Debian; raises CannotGoOn."""
    with step(f"Installing {', '.join(packages)} with apt"):
        _apt("update")
        _apt("install", "--yes", "--no-install-recommends", *packages)


def _missing() -> list[str]:
    return [name for name in _OF_THE_TESTS if shutil.which(name) is None]


def _packages(names: Iterable[str]) -> list[str]:
    return sorted({_OF_THE_TESTS[name] for name in names})


def _apt(*arguments: str) -> None:
    run_quietly(
        ["apt-get", "--quiet", *arguments],
        what=f"apt-{arguments[0]}",
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )
