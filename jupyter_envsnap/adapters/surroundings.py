"""What lies around a prefix and is no part of it: the machine, the user's pip and home folder."""

# pathlib would cost as much as the system calls do.
# ruff: noqa: PTH117, PTH118

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Mapping

from jupyter_envsnap.adapters import gpu, prefix_files
from jupyter_envsnap.adapters.interpreters import Python
from jupyter_envsnap.adapters.pip_configuration import PipConfiguration
from jupyter_envsnap.core import redact
from jupyter_envsnap.core.model import Kind, Machine, VirtualPackage
from jupyter_envsnap.core.names import displayable
from jupyter_envsnap.core.virtual_packages import Detected, virtual_packages

_IMAGES = (
    # JupyterHub's spawners, then other habits; Apptainer tells a file's name only.
    *("JUPYTER_IMAGE_SPEC", "JUPYTER_IMAGE", "CONTAINER_IMAGE", "DOCKER_IMAGE", "IMAGE_NAME"),
    *("APPTAINER_NAME", "SINGULARITY_NAME"),
)
_SYSTEMS = {"Linux": "linux", "Darwin": "osx", "Windows": "win"}
_MACHINES = {
    ("osx", "x86_64"): "64",
    ("osx", "arm64"): "arm64",
    ("win", "AMD64"): "64",
    ("win", "ARM64"): "arm64",
    ("win", "x86"): "32",
    ("linux", "x86_64"): "64",
    ("linux", "i686"): "32",
}
_WITH_SYSTEM = re.compile(
    r"^\s*include-system-site-packages\s*=\s*true\s*$", re.MULTILINE | re.IGNORECASE
)


def platform_of_this_machine() -> str:
    """The name conda has for it, such as ``linux-64``."""
    system = _SYSTEMS.get(platform.system(), platform.system().lower())
    machine = platform.machine()
    return f"{system}-{_MACHINES.get((system, machine), machine)}"


class Surroundings:
    """What a kernel that this process starts would find around its prefix."""

    def __init__(self, environ: Mapping[str, str], home: str) -> None:
        self._environ = environ
        self._home = home
        self._detected: Detected | None = None
        self._driver: gpu.Driver | None = None
        self.pip = PipConfiguration(environ, home)

    def virtual_packages(self, platform: str) -> tuple[VirtualPackage, ...]:
        """Those of a platform, as conda would find them on this machine."""
        if self._detected is None:
            self._detected = _detect(self._gpu().cuda)
        return virtual_packages(platform, self._detected, self._environ)

    def machine(self) -> Machine:
        """The GPU's driver, and the image where a container says which it is of."""
        image = next((image for name in _IMAGES if (image := self._environ.get(name))), None)
        return Machine(
            driver=self._gpu().version,
            image=displayable(redact.url(image)) if image else None,
        )

    def user_site(self, prefix: str, kind: Kind, python: Python) -> str | None:
        """Where packages of the user's own lie that go before those of the prefix; else None."""
        folder = self.user_folder(prefix, kind, python)
        return folder if folder and prefix_files.stamp(folder) else None

    def user_folder(self, prefix: str, kind: Kind, python: Python) -> str | None:
        """Where they would lie, also while there are none; None: they are not looked at.

        The rules are those of the standard library's ``site``.
        """
        minor = python.minor
        if minor is None or self._environ.get("PYTHONNOUSERSITE"):
            return None
        if kind == "venv" and not _sees_system(prefix):
            return None
        base = self._environ.get("PYTHONUSERBASE")
        if sys.platform == "win32":
            roaming = self._environ.get("APPDATA") or self._home
            base = base or os.path.join(roaming, "Python")
            folder = os.path.join(base, f"Python{minor.replace('.', '')}", "site-packages")
        else:
            base = base or os.path.join(self._home, ".local")
            threads = "t" if f"python{minor}t/" in (python.site_packages or "") else ""
            folder = os.path.join(base, "lib", f"python{minor}{threads}", "site-packages")
        return folder if os.path.isabs(folder) else None

    def _gpu(self) -> gpu.Driver:
        if self._driver is None:
            # Asked once: one that did not answer in time would hold up every reading.
            self._driver = gpu.driver()
        return self._driver


def _sees_system(venv: str) -> bool:
    try:
        text = prefix_files.read(os.path.join(venv, "pyvenv.cfg")).decode(errors="replace")
    except OSError:
        return False
    return _WITH_SYSTEM.search(text) is not None


def _detect(cuda: str | None) -> Detected:
    # Imported where it is needed: it reads a table of all processors.
    from archspec import cpu  # noqa: PLC0415

    name = platform_of_this_machine()
    kernels = {
        "osx": lambda: platform.mac_ver()[0],
        "win": lambda: platform.win32_ver()[1],
    }
    return Detected(
        platform=name,
        kernel=kernels.get(name.partition("-")[0], platform.release)(),
        glibc=_glibc(),
        cuda=cuda,
        microarchitecture=str(cpu.host()),
    )


def _glibc() -> str | None:
    try:
        family, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    except (AttributeError, ValueError, OSError):
        return None
    return version if family == "glibc" else None
