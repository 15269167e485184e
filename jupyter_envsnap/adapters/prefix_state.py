"""What a look at a prefix shows without reading a file: the stamps that its fingerprint is of."""

# pathlib would cost as much as the system calls do.
# ruff: noqa: PTH118

from __future__ import annotations

import hashlib
import os
import stat

from msgspec import Struct

from jupyter_envsnap.adapters import conda_meta, prefix_files, site_packages
from jupyter_envsnap.adapters.prefix_files import Stamp, Stamps

RECORDS = conda_meta.FOLDER
STATE = f"{conda_meta.FOLDER}/state"
PINNED = f"{conda_meta.FOLDER}/pinned"
HISTORY = f"{conda_meta.FOLDER}/history"
SINGLE_FILES = (STATE, PINNED, HISTORY, "pyvenv.cfg")


class Look(Struct, frozen=True, kw_only=True):
    """Equal to an earlier one: nothing was installed since, racy times apart."""

    records: Stamps
    """Files of ``conda-meta``, by name."""
    single: Stamps
    """``state``, ``pinned``, ``history`` and ``pyvenv.cfg``, by path; None where there is none."""
    outside: Stamps
    """Files of pip's configuration, by path."""
    folders: tuple[str, ...]
    """The folders with packages, in the order of import."""
    user_site: str | None
    """The first of them, where it is the user's own."""
    distributions: dict[str, Stamp | None]
    """dist-info, egg-info and egg-link, by path. pip, uv and conda make such a folder anew."""
    unlisted: tuple[str, ...]
    """Folders with packages that cannot be listed."""

    @property
    def newest_ns(self) -> int:
        """When what is seen was last written."""
        groups = (self.records, self.single, self.outside, self.distributions)
        return max((s.mtime_ns for group in groups for s in group.values() if s), default=0)

    def fingerprint(self) -> str:
        groups = (self.records, self.single, self.outside, self.distributions)
        lines = [repr(sorted(group.items())) for group in groups]
        lines.append(repr((self.folders, self.unlisted)))
        return hashlib.blake2b("\n".join(lines).encode(errors="surrogatepass")).hexdigest()[:32]


def records_in(prefix: str) -> Stamps:
    """Stamps of the records of a conda prefix.

    Raises:
        FileNotFoundError: it is no conda prefix.
        PrefixUnreadable

    """
    try:
        return prefix_files.listing(os.path.join(prefix, RECORDS), ".json")
    except FileNotFoundError:
        raise
    except OSError as error:
        raise prefix_files.unreadable(RECORDS, error) from error


def look(
    prefix: str,
    records: Stamps,
    folders: tuple[str, ...],
    *,
    user_site: str | None,
    outside: Stamps,
) -> Look:
    """What there is now, given what was just seen of it and the folders with packages."""
    if user_site is not None:
        # python puts it before all of the prefix.
        folders = (user_site, *folders)
    distributions: dict[str, Stamp | None] = {}
    unlisted: list[str] = []
    for folder in folders:
        try:
            found = prefix_files.listing(os.path.join(prefix, folder), *site_packages.ENDINGS)
        except OSError:
            unlisted.append(folder)
            continue
        distributions.update((f"{folder}/{name}", stamp) for name, stamp in found.items())
    return Look(
        records=records,
        single={path: prefix_files.stamp(os.path.join(prefix, path)) for path in SINGLE_FILES},
        outside=outside,
        folders=folders,
        user_site=user_site,
        distributions=distributions,
        unlisted=tuple(unlisted),
    )


def is_plain_file(stamp: Stamp | None) -> bool:
    return stamp is not None and stat.S_ISREG(stamp.mode)
