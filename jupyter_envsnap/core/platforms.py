"""What the markers of PEP 508 call the platforms that conda has names for."""

from __future__ import annotations

_SYSTEMS = {
    "linux": ("posix", "linux", "Linux"),
    "osx": ("posix", "darwin", "Darwin"),
    "win": ("nt", "win32", "Windows"),
}
_MACHINES = {
    ("linux", "64"): "x86_64",
    ("linux", "32"): "i686",
    ("osx", "64"): "x86_64",
    ("win", "64"): "AMD64",
    ("win", "32"): "x86",
    ("win", "arm64"): "ARM64",
}
"""Where conda's word is another than Python's."""


def markers(platform: str) -> dict[str, str]:
    """The variables that a platform such as ``linux-64`` tells; none for one that is unknown."""
    system, _, machine = platform.partition("-")
    if system not in _SYSTEMS or not machine:
        return {}
    names = ("os_name", "sys_platform", "platform_system")
    return {
        **dict(zip(names, _SYSTEMS[system], strict=True)),
        "platform_machine": _MACHINES.get((system, machine), machine),
    }
