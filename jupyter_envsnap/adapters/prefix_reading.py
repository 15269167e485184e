"""Reads one prefix, and again only what changed since. Plain calls, for one thread at a time."""

from __future__ import annotations

import stat
import time
from collections import Counter
from functools import partial
from pathlib import Path

from msgspec import Struct

from jupyter_envsnap.adapters import (
    conda_meta,
    interpreters,
    prefix_files,
    site_packages,
)
from jupyter_envsnap.adapters.condarc import CondaConfiguration
from jupyter_envsnap.adapters.interpreters import Python
from jupyter_envsnap.adapters.parsed import Parsed
from jupyter_envsnap.adapters.prefix_files import SETTLED_NS, Stamp, Stamps
from jupyter_envsnap.adapters.prefix_state import RECORDS, Look, is_plain_file, look, records_in
from jupyter_envsnap.adapters.prefix_texts import PrefixTexts, not_captured
from jupyter_envsnap.adapters.surroundings import Surroundings
from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core import names
from jupyter_envsnap.core.environment import CondaRecord, Parts, assemble
from jupyter_envsnap.core.errors import NotAnEnvironment, PrefixMissing, PrefixUnreadable
from jupyter_envsnap.core.findings import finding
from jupyter_envsnap.core.model import Environment, Finding, Prefix, Progress

_MOST_TRIES = 3
_OF_INDEXES = (finding(codes.CREDENTIALS_REMOVED, place="the address of a package index"),)
_NOARCH = "noarch"


class _Kept(Struct, frozen=True):
    """The last environment, and what it was made from."""

    look: Look
    channels: tuple[str, ...]
    environment: Environment
    settled: bool


class PrefixReading:
    """A prefix and all that was read of it."""

    def __init__(
        self,
        prefix: Prefix,
        configuration: CondaConfiguration,
        platform: str,
        surroundings: Surroundings,
    ) -> None:
        self._prefix = prefix
        self._configuration = configuration
        self._platform = platform
        self._surroundings = surroundings
        self._records: Parsed[CondaRecord] = Parsed()
        self._distributions: Parsed[site_packages.Found] = Parsed()
        self._texts = PrefixTexts(prefix.path, prefix.kind)
        self._kept: _Kept | None = None
        self.first: Progress | None = None
        """How far the first reading is, for whoever looks from another thread."""

    def fingerprint(self) -> str:
        """A ``~`` in front: something was written so recently that it may change unseen."""
        seen, _ = self._look()
        young = seen.newest_ns >= time.time_ns() - SETTLED_NS
        return f"{'~' if young else ''}{seen.fingerprint()}"

    def folders(self) -> tuple[str, ...]:
        """Those with packages, and the user's own also where it is not there yet."""
        seen, python = self._look()
        users = self._surroundings.user_folder(self._prefix.path, self._prefix.kind, python)
        return seen.folders if users in {None, seen.user_site} else (*seen.folders, users)

    def read(self) -> Environment:
        """What was there at one moment, or the last of three tries with a finding."""
        try:
            return self._read()
        finally:
            self.first = None

    def _read(self) -> Environment:
        before, python = self._look()
        for _ in range(_MOST_TRIES):
            now = time.time_ns()
            channels = self._configuration.channels(self._prefix.path)
            kept = self._kept
            if kept and kept.settled and kept.look == before and kept.channels == channels:
                return kept.environment
            environment = self._build(before, python, channels)
            after, python_after = self._look()
            if after == before:
                settled = after.newest_ns < now - SETTLED_NS
                self._kept = _Kept(before, channels, environment, settled)
                return environment
            before, python = after, python_after
        return self._build(before, python, channels, finding(codes.BEING_CHANGED))

    def _look(self) -> tuple[Look, Python]:
        root, kind = self._prefix.path, self._prefix.kind
        self._check()
        if kind == "conda":
            try:
                records = records_in(root)
            except FileNotFoundError as error:
                raise self._no_environment() from error
            # Every tool that makes an environment writes a history, if only an empty one.
            if not records and prefix_files.stamp(f"{root}/{RECORDS}/history") is None:
                raise self._no_environment()
            python = self._python_of(records)
        else:
            records = {}
            of = interpreters.of_venv if kind == "venv" else interpreters.of_installation
            python = of(root)
        folders = interpreters.package_folders(root, kind, python)
        users = self._surroundings.user_site(root, kind, python)
        stamps = self._surroundings.pip.stamps(root)
        seen = look(root, records, folders, user_site=users, outside=stamps)
        if kind != "conda" and not folders and seen.single["pyvenv.cfg"] is None:
            raise self._no_environment()
        return seen, python

    def _check(self) -> None:
        root = self._prefix.path
        if self._prefix.kind == "remote":
            raise NotAnEnvironment(f"{root} lies on another computer.", path=root)
        try:
            status = Path(root).stat()
        except (FileNotFoundError, NotADirectoryError, ValueError) as error:
            raise PrefixMissing(
                f"{root} is gone. Make the environment again, or choose another one.", path=root
            ) from error
        except OSError as error:
            raise prefix_files.unreadable(root, error) from error
        if not stat.S_ISDIR(status.st_mode):
            raise self._no_environment()

    def _no_environment(self) -> NotAnEnvironment:
        root = self._prefix.path
        return NotAnEnvironment(
            f"{root} holds no {self._prefix.kind} environment. Choose another folder.", path=root
        )

    def _python_of(self, records: Stamps) -> Python:
        """Of two python records the later written, as for every package."""
        found = [
            record
            for filename, stamp in records.items()
            if filename.startswith("python-")
            and filename[7:8].isdigit()
            and (record := self._record(filename, stamp)) is not None
            and record.package.name == "python"
        ]
        if not found:
            return Python()
        latest = max(found, key=lambda record: (record.mtime_ns, record.path))
        return Python(version=latest.package.version, site_packages=latest.site_packages)

    def _build(
        self, seen: Look, python: Python, channels: tuple[str, ...], *told: Finding
    ) -> Environment:
        records, damaged = self._read_records(seen)
        owned = frozenset[str]().union(*(record.owns for record in records))
        distributions, missing = self._read_distributions(seen, owned)
        texts = self._texts.read(seen.single)
        subdirs = Counter(r.package.subdir for r in records if r.package.subdir)
        del subdirs[_NOARCH]
        platform = max(sorted(subdirs), key=subdirs.__getitem__, default=self._platform)
        pip = self._surroundings.pip.read(seen.outside)
        root, kind = self._prefix.path, self._prefix.kind
        return assemble(
            Parts(
                name=names.environment(
                    root,
                    kind=kind,
                    is_root=kind == "conda" and conda_meta.is_root(Path(root)),
                ),
                kind=kind,
                platform=platform,
                python=python.version,
                records=records,
                distributions=[found.distribution for found in distributions],
                present={p: s.mtime_ns for p, s in seen.distributions.items() if s is not None},
                configured_channels=channels,
                variables=texts.variables,
                secret_variables=texts.secret_variables,
                pins=texts.pins,
                requests=texts.requests,
                indexes=pip.indexes,
                virtual_packages=self._surroundings.virtual_packages(platform),
                machine=self._surroundings.machine(),
                findings=[
                    *(_OF_INDEXES if pip.cleaned and distributions else ()),
                    *(*told, *damaged, *missing, *texts.findings),
                    *(f for found in distributions for f in found.findings),
                ],
            )
        )

    def _record(self, filename: str, stamp: Stamp | None) -> CondaRecord | None:
        """None where it is damaged or cannot be read."""
        if stamp is None or not is_plain_file(stamp):
            return None
        path = f"{RECORDS}/{filename}"

        def parse() -> CondaRecord:
            data = prefix_files.read(f"{self._prefix.path}/{path}")
            return conda_meta.parse_record(data, path=path, mtime_ns=stamp.mtime_ns)

        try:
            return self._records.get(filename, stamp, parse)
        except (OSError, ValueError):  # Damaged, and whatever else stands in it
            return None

    def _count(self, done: int, total: int) -> None:
        if self._kept is None:
            self.first = Progress(done=done, total=total)

    def _read_records(self, seen: Look) -> tuple[list[CondaRecord], list[Finding]]:
        sound: list[CondaRecord] = []
        bad: list[str] = []
        for done, (filename, stamp) in enumerate(sorted(seen.records.items())):
            self._count(done, len(seen.records))
            record = self._record(filename, stamp)
            if record is None:
                bad.append(filename)
            else:
                sound.append(record)
        self._records.keep_only(seen.records)
        if bad and not sound:
            package = bad[0].removesuffix(".json").rsplit("-", 2)[0]
            path = f"{RECORDS}/{bad[0]}"
            raise PrefixUnreadable(
                f"{path} is damaged. Reinstall {package}, then try again.", path=path
            )
        return sound, [not_captured(f"{RECORDS}/{filename}") for filename in bad]

    def _read_distributions(
        self, seen: Look, owned: frozenset[str]
    ) -> tuple[list[site_packages.Found], list[Finding]]:
        found: list[site_packages.Found] = []
        missing: list[Finding] = []
        places = {folder: place for place, folder in enumerate(seen.folders)}
        for done, (path, stamp) in enumerate(sorted(seen.distributions.items())):
            if not seen.records:
                self._count(done, len(seen.distributions))
            if path in owned:
                continue
            if stamp is None:
                missing.append(not_captured(path))
                continue
            folder = path.rpartition("/")[0]
            place = places[folder]
            user_site = folder == seen.user_site
            try:
                found.append(
                    self._distributions.get(
                        path,
                        stamp,
                        partial(
                            site_packages.read,
                            self._prefix.path,
                            path,
                            stamp,
                            place=place,
                            user_site=user_site,
                        ),
                    )
                )
            except (OSError, ValueError):  # Unnamed, and whatever else stands in it
                missing.append(not_captured(path))
        self._distributions.keep_only(seen.distributions)
        missing += [not_captured(folder, what="A folder") for folder in seen.unlisted]
        return found, missing
