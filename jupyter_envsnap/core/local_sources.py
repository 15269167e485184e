"""What a package that runs from this machine's own folders becomes in a document for others."""

from __future__ import annotations

from msgspec import Struct


class Checkout(Struct, frozen=True, kw_only=True):
    """The repository that a folder lies in."""

    top: str
    """Its work tree's top folder, symlinks resolved."""
    url: str | None
    """Of the remote that others clone, without credentials; None where there is none."""
    commit: str | None
    clean: bool
    """Nothing in it differs from that commit."""
    pushed: bool
    """The remote has that commit, as far as this machine knows."""
    subdirectory: str | None
    """Of the folder below ``top``; None where it is the top."""
