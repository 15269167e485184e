"""The GPU's driver, asked through NVIDIA's management library where there is one."""

from __future__ import annotations

import ctypes
import sys
import threading

from msgspec import Struct

LIBRARY = "nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1"
LIMIT_S = 2.0
"""A driver that is being reset or has lost its device answers late or never."""

_LONGEST = 80


class Driver(Struct, frozen=True, kw_only=True):
    """What is installed on the machine."""

    version: str | None = None
    cuda: str | None = None
    """The newest CUDA it runs, as ``12.4``."""


def driver(library: str = LIBRARY, *, limit_s: float = LIMIT_S) -> Driver:
    """What the library says; nothing where there is none or it does not answer in time.

    A call that hangs is left behind in a thread that holds up nobody's exit.
    """
    answers: list[Driver] = []
    thread = threading.Thread(
        target=lambda: answers.append(_ask(library)), name="envsnap-gpu", daemon=True
    )
    thread.start()
    thread.join(limit_s)
    return answers[0] if answers else Driver()


def _ask(library: str) -> Driver:
    try:
        nvml = ctypes.CDLL(library)
        if nvml.nvmlInit_v2() != 0:
            return Driver()
    except (OSError, AttributeError):
        return Driver()
    try:
        return Driver(version=_version(nvml), cuda=_cuda(nvml))
    finally:
        nvml.nvmlShutdown()


def _version(nvml: ctypes.CDLL) -> str | None:
    found = ctypes.create_string_buffer(_LONGEST)
    if nvml.nvmlSystemGetDriverVersion(found, _LONGEST) != 0:
        return None
    return found.value.decode(errors="replace") or None


def _cuda(nvml: ctypes.CDLL) -> str | None:
    found = ctypes.c_int()
    if nvml.nvmlSystemGetCudaDriverVersion_v2(ctypes.byref(found)) != 0:
        return None
    # 12040 is 12.4.
    return f"{found.value // 1000}.{found.value % 1000 // 10}"
