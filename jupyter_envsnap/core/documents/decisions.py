"""What becomes of each entry of a file: it stays, is replaced, goes, or another one comes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from jupyter_envsnap.core import names, redact
from jupyter_envsnap.core.documents import entries, markers, pip_sources, selectors
from jupyter_envsnap.core.documents.contents import Spec, contents
from jupyter_envsnap.core.documents.declared import CondaEntry, Declared, PipEntry, pip_entry
from jupyter_envsnap.core.documents.edits import Unplaceable
from jupyter_envsnap.core.documents.entries import installed_in
from jupyter_envsnap.core.documents.recorded import Recorded
from jupyter_envsnap.core.documents.yaml_io import Scalar
from jupyter_envsnap.core.model import CondaPackage
from jupyter_envsnap.core.pip_lines import PipLine
from jupyter_envsnap.core.selection import Selection
from jupyter_envsnap.core.wire import Loose


class Section(Struct):
    """What becomes of a list."""

    replaced: list[tuple[Scalar, str]]
    removed: list[Scalar]
    added: list[tuple[str, str]]
    """(name, text)."""
    listed: set[str]
    """The names of all that it has in the end, for the environment or for what cannot be told."""


class Decisions:
    """One file and one environment."""

    def __init__(
        self,
        declared: Declared,
        selection: Selection,
        how: Recorded,
        *,
        loose: Loose,
        narrower: bool,
        folders: Mapping[str, str],
    ) -> None:
        self.declared = declared
        self.selection = selection
        self.loose: set[str] = set()
        """Packages whose entry takes more than what is installed, and stays."""
        self._pin = loose == "pin"
        self._narrower = narrower
        self._folders = folders
        self._builds = how.profile == "exact"
        environment = selection.environment
        self._selected = selectors.holding(environment.platform)
        self._marked = markers.holding(environment)
        self.installed = installed_in(environment)
        # All that is there: an entry of the file may name what the profile would not list.
        self.every_pip_line = {
            line.package.name: line for line in entries.pip_lines_of(environment)
        }
        self.made = contents(selection, builds=self._builds)
        self._out = entries.left_out(environment, selection)
        moved: set[str] = set()
        self.conda = self._conda(moved)
        self.pip = self._pip(moved)
        self._take_along(moved)

    def is_active(self, entry: CondaEntry | PipEntry) -> bool | None:
        """Whether an entry is for the platform and the Python of the environment.

        None where that cannot be told: it stays, and whatever it is about may be listed by it.
        """
        marker = entry.marker if isinstance(entry, PipEntry) else ""
        judged = (self._selected(entry.comment), self._marked(marker))
        return False if False in judged else None if None in judged else True

    def conda_text(self, entry: CondaEntry, package: CondaPackage) -> str:
        """The entry as it has to be."""
        return entries.conda_updated(entry, package, pin=self._pin, builds=self._builds)

    def pip_text(self, entry: PipEntry, line: PipLine) -> str:
        """The entry as it has to be."""
        return entries.pip_updated(entry, line, pin=self._pin)

    def missing_channels(self) -> list[str]:
        """What supplies packages and is not named; without any, the default ones are meant."""
        there = {names.channel(channel) for channel in self.declared.channels}
        missing = [c for c in self.made.channels if names.channel(c) not in there]
        is_meant = self.declared.section("channels") is None and missing == [names.DEFAULTS]
        return [] if is_meant else missing

    def variables(self) -> dict[str, str]:
        """What is set, and the secrets of the file, of which an environment does not tell."""
        environment = self.selection.environment
        if environment.kind != "conda":
            return dict(self.declared.variables)
        secret = {k: v for k, v in self.declared.variables if redact.is_secret(k, v)}
        return secret | environment.variables

    def options(self) -> list[str]:
        """The options for pip that its packages need and the file does not have."""
        there = {entry.place for entry in self.declared.pip}
        return [o for o in self.made.pip.options if pip_entry(o).place not in there]

    def _take_along(self, moved: set[str]) -> None:
        """What went from one list is to be in the other, whatever the profile lists."""
        conda, pip = self.conda, self.pip
        for name in sorted(moved):
            package = self.installed.conda.get(name)
            if package is not None and name not in conda.listed:
                conda.added.append((name, entries.conda_text(package, builds=self._builds)))
                conda.listed.add(name)
            line = self.every_pip_line.get(name)
            if line is not None and line.can_install and name not in pip.listed:
                pip.added.append((name, line.text))
                pip.listed.add(name)

    def _conda(self, moved: set[str]) -> Section:
        section = Section([], [], [], set())
        said: dict[str, bool] = {}
        tools = {spec.name for spec in self.made.specs if spec.package is None}
        for entry in self.declared.conda:
            active = self.is_active(entry)
            if active is False:
                continue
            package = self.installed.conda.get(entry.name)
            if not active or entry.spec is None or (package is None and entry.name in tools):
                section.listed.add(entry.name)
                continue
            if entries.is_of_machine(entry.name):
                continue
            is_left_out = self._is_left_out("conda", entry.name)
            if is_left_out or (package is None and self.installed.knows_conda):
                section.removed.append(_token(entry))
                pip = names.pypi(entry.name)
                if package is None and pip in self.every_pip_line:
                    moved.add(pip)
                continue
            section.listed.add(entry.name)
            if package is None:
                continue
            if self._settled(section, entry, self.conda_text(entry, package), said):
                continue
            if entries.is_loose(entry, package):
                self.loose.add(entry.name)
        section.added = [
            (spec.name, spec.text)
            for spec in self.made.specs
            if spec.name not in section.listed and not self._is_understood(spec)
        ]
        section.listed |= {name for name, _ in section.added}
        return section

    @staticmethod
    def _settled(
        section: Section, entry: CondaEntry | PipEntry, text: str, said: dict[str, bool]
    ) -> bool:
        """Whether an entry changes; it goes where it would say what another one is made to say.

        ``said``: whether an entry had to change to say that, by what the entries say; one ``=``
        and two say the same version.
        """
        changes = text != entry.text
        meaning = re.sub("=+", "=", text)
        if meaning in said and (changes or said[meaning]):
            section.removed.append(_token(entry))
            return True
        said[meaning] = changes
        if changes:
            section.replaced.append((_token(entry), text))
        return changes

    def _is_understood(self, spec: Spec) -> bool:
        """A person's file with a pip section means pip, whether it names it or not."""
        asked = spec.package is not None and self.selection.reason(spec.package).why != "pip"
        return spec.name == "pip" and bool(self.declared.pip) and not asked

    def _pip(self, moved: set[str]) -> Section:
        section = Section([], [], [], set())
        said: dict[str, bool] = {}
        for entry in self.declared.pip:
            name = entry.name or pip_sources.of_address(entry, self.every_pip_line, self._folders)
            active = self.is_active(entry)
            if not name or active is False:
                continue
            if active is None:
                section.listed.add(name)
                continue
            line = self.every_pip_line.get(name)
            if line is None or self._is_left_out("pypi", name):
                section.removed.append(_token(entry))
                if line is None and name in self.installed.owners:
                    moved.add(self.installed.owners[name])
                continue
            section.listed.add(name)
            changes = self._settled(section, entry, self.pip_text(entry, line), said)
            if not changes and entries.is_loose_pip(entry, line):
                self.loose.add(name)
        section.added = [
            (line.package.name, line.text)
            for line in self.made.pip.lines
            if line.can_install and line.package.name not in section.listed
        ]
        section.listed |= {name for name, _ in section.added}
        return section

    def _is_left_out(self, kind: str, name: str) -> bool:
        """By an exclusion; or by a profile that is another than the file was made by."""
        if (kind, name) in self._out.excluded:
            return True
        return self._narrower and (kind, name) in self._out.unlisted


def _token(entry: CondaEntry | PipEntry) -> Scalar:
    if entry.token is None:
        raise Unplaceable(f"“{redact.text(entry.text)}” is an alias of what stands elsewhere")
    return entry.token
