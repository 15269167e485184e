"""Updates an environment file that somebody wrote: only what changed is another text afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from jupyter_envsnap.core import groups as grouping
from jupyter_envsnap.core import names, redact
from jupyter_envsnap.core.documents import edits, entries, recorded, selectors, yaml_io
from jupyter_envsnap.core.documents.contents import Spec, contents
from jupyter_envsnap.core.documents.declared import CondaEntry, Declared, PipEntry, parse
from jupyter_envsnap.core.documents.edits import Edit, Unplaceable
from jupyter_envsnap.core.documents.entries import installed_in
from jupyter_envsnap.core.documents.recorded import Recorded
from jupyter_envsnap.core.documents.yaml_io import Scalar
from jupyter_envsnap.core.errors import CannotUpdate, FileNotUnderstood, ProfileUnknown
from jupyter_envsnap.core.groups import Groups
from jupyter_envsnap.core.model import Environment, Finding
from jupyter_envsnap.core.selection import Selection, select
from jupyter_envsnap.core.wire import Loose

_EXACT, _MINIMAL, _VERSIONS = "exact", "minimal", "versions"
_PROFILES = frozenset({_EXACT, _MINIMAL, _VERSIONS})
_MOSTLY = 0.5
_INDENT = 2


class Updated(Struct, frozen=True, kw_only=True):
    """A file as it would be."""

    text: str
    how: Recorded
    """The profile and the exclusions that it was updated by."""
    loose: tuple[str, ...]
    """Packages whose spec takes more than the version that is installed, and stays."""
    findings: tuple[Finding, ...]


def intended(
    declared: Declared, environment: Environment, *, groups: Groups = grouping.DEFAULTS
) -> Recorded:
    """How a file is made, as it records it, or as what it lists shows.

    A short list is what a person asked for: nothing that was only pulled in is added to it.
    """
    found = declared.recorded
    if found is not None and found.profile in _PROFILES:
        known = tuple(name for name in found.without if name in groups)
        return Recorded(profile=found.profile, exclude=found.exclude, without=known)
    specs = [entry.spec for entry in declared.conda if entry.spec]
    exact = [spec for spec in specs if spec.build and spec.exact_version]
    if specs and len(exact) > _MOSTLY * len(specs):
        return Recorded(profile=_EXACT)
    few = {p.name for p in select(environment, minimal=True).conda}
    pulled_in = {p.name for p in environment.conda} - few
    listed = pulled_in & {spec.name for spec in specs}
    mostly = pulled_in and len(listed) >= _MOSTLY * len(pulled_in)
    return Recorded(profile=_VERSIONS if mostly else _MINIMAL)


def update(
    text: str,
    environment: Environment,
    *,
    profile: str | None = None,
    exclude: tuple[str, ...] | None = None,
    without: tuple[str, ...] | None = None,
    loose: Loose = "keep",
    groups: Groups = grouping.DEFAULTS,
) -> Updated:
    """The file's text as it says what is installed.

    ``profile``, ``exclude``, ``without``: None as the file has them; others are recorded in it.

    Raises:
        CannotUpdate: it is written in a way that cannot be changed line by line.
        ProfileUnknown, GroupUnknown

    """
    if profile is not None and profile not in _PROFILES:
        raise ProfileUnknown(
            f"No file can be updated by a profile “{profile}”. Choose one of:"
            f" {', '.join(sorted(_PROFILES))}.",
            profile=profile,
        )
    try:
        declared = parse(text)
        own = intended(declared, environment, groups=groups)
        how = Recorded(
            profile=profile or own.profile,
            exclude=own.exclude if exclude is None else exclude,
            without=own.without if without is None else without,
        )
        selection = select(
            environment,
            minimal=how.profile == _MINIMAL,
            exclude=how.exclude,
            without=how.without,
            groups=groups,
        )
        plan = _Update(declared, selection, how, loose=loose, narrower=how != own)
        changed = edits.applied(text, plan.edits(record=how != own))
        _verify(changed, plan)
    except FileNotUnderstood as error:
        raise _refused(error.message, str(error.detail.get("reason", ""))) from error
    except Unplaceable as error:
        raise _refused(f"The file cannot be changed line by line: {error}.", "place") from error
    return Updated(
        text=changed, how=how, loose=tuple(sorted(plan.loose)), findings=selection.findings
    )


def _refused(message: str, reason: str) -> CannotUpdate:
    return CannotUpdate(f"{message} Replace the file, or cancel.", reason=reason)


class _Section(Struct):
    """What becomes of a list."""

    replaced: list[tuple[Scalar, str]]
    removed: list[Scalar]
    added: list[tuple[str, str]]
    """(name, text)."""


class _Update:
    """One file and one environment."""

    def __init__(
        self,
        declared: Declared,
        selection: Selection,
        how: Recorded,
        *,
        loose: Loose,
        narrower: bool,
    ) -> None:
        self.declared = declared
        self.selection = selection
        self.loose: set[str] = set()
        self._how = how
        self._pin = loose == "pin"
        self._narrower = narrower
        self._builds = how.profile == _EXACT
        environment = selection.environment
        self._active = selectors.holding(environment.platform)
        self.installed = installed_in(environment)
        # All that is there: an entry of the file may name what the profile would not list.
        self._every_pip_line = {
            line.package.name: line for line in entries.pip_lines_of(environment)
        }
        self._made = contents(selection, builds=self._builds)
        self._out = entries.left_out(environment, selection)

    def edits(self, *, record: bool) -> list[Edit]:
        return [
            *(self._recorded() if record else ()),
            *self._channels(),
            *self._dependencies(),
            *self._variables(),
        ]

    def wanted(self) -> Iterator[tuple[str, str]]:
        """(kind, name) of what the file must have an entry for."""
        yield from (
            ("conda", spec.name)
            for spec in self._made.specs
            if spec.package and not self._is_understood(spec)
        )
        yield from (("pypi", p.package.name) for p in self._made.pip.lines if p.can_install)

    def _recorded(self) -> Iterator[Edit]:
        line = recorded.line(self._how)
        text = self.declared.text
        place = recorded.place(text)
        if place is not None:
            yield Edit(*place, line)
        else:
            start = 1 if text.startswith("\ufeff") else 0
            yield Edit(start, start, f"{line}{edits.newline_of(text)}")

    def _dependencies(self) -> list[Edit]:
        moved: set[str] = set()
        conda = self._conda(moved)
        pip = self._pip(moved)
        for name in sorted(moved):
            package = self.installed.conda.get(name)
            if package is not None and not any(n == name for n, _ in conda.added):
                conda.added.append((name, entries.conda_text(package, builds=self._builds)))
            line = self._every_pip_line.get(name)
            if line is not None and line.can_install and not any(n == name for n, _ in pip.added):
                pip.added.append((name, line.text))
        return self._placed(conda, pip)

    def _conda(self, moved: set[str]) -> _Section:
        section = _Section([], [], [])
        listed: set[str] = set()
        tools = {spec.name for spec in self._made.specs if spec.package is None}
        for entry in self.declared.conda:
            if entry.spec is None or not self._active(entry.comment):
                listed.add(entry.name)
                continue
            package = self.installed.conda.get(entry.name)
            if package is None and entry.name in tools:
                listed.add(entry.name)
                continue
            if package is None or self._is_left_out("conda", entry.name):
                if self.installed.knows_conda or self._is_left_out("conda", entry.name):
                    section.removed.append(_token(entry))
                    pip = names.pypi(entry.name)
                    if package is None and pip in self._every_pip_line:
                        moved.add(pip)
                else:
                    listed.add(entry.name)
                continue
            listed.add(entry.name)
            text = entries.conda_updated(entry, package, pin=self._pin, builds=self._builds)
            if text != entry.text:
                section.replaced.append((_token(entry), text))
            elif entries.is_loose(entry, package):
                self.loose.add(entry.name)
        section.added = [
            (spec.name, spec.text)
            for spec in self._made.specs
            if spec.name not in listed and not self._is_understood(spec)
        ]
        return section

    def _is_understood(self, spec: Spec) -> bool:
        """A person's file with a pip section means pip, whether it names it or not."""
        asked = spec.package is not None and self.selection.reason(spec.package).why != "pip"
        return spec.name == "pip" and bool(self.declared.pip) and not asked

    def _pip(self, moved: set[str]) -> _Section:
        section = _Section([], [], [])
        listed: set[str] = set()
        lines = {line.package.name: line for line in self._made.pip.lines}
        for entry in self.declared.pip:
            name = entry.name or entries.of_path(entry, self._every_pip_line)
            if not name or not self._active(entry.comment) or entry.marker:
                listed.add(name)
                continue
            line = self._every_pip_line.get(name)
            if line is None or self._is_left_out("pypi", name):
                section.removed.append(_token(entry))
                if line is None and name in self.installed.owners:
                    moved.add(self.installed.owners[name])
                continue
            listed.add(name)
            text = entries.pip_updated(entry, line, pin=self._pin)
            if text != entry.text:
                section.replaced.append((_token(entry), text))
            elif entries.is_loose_pip(entry, line):
                self.loose.add(name)
        section.added = [
            (name, line.text)
            for name, line in lines.items()
            if line.can_install and name not in listed
        ]
        return section

    def _is_left_out(self, kind: str, name: str) -> bool:
        """By an exclusion; or by a profile that is another than the file was made by."""
        if (kind, name) in self._out.excluded:
            return True
        return self._narrower and (kind, name) in self._out.unlisted

    def _placed(self, conda: _Section, pip: _Section) -> list[Edit]:
        declared, text = self.declared, self.declared.text
        section = declared.section("dependencies")
        options = self._options()
        pip_values = [*options, *(value for _, value in sorted(pip.added))]
        if pip_values and not isinstance(declared.pip_section, yaml_io.Sequence):
            return self._with_new_pip(conda, pip_values)
        made: list[Edit] = []
        if isinstance(declared.pip_section, yaml_io.Sequence):
            made += self._in_list(declared.pip_section, pip, options)
            if not pip_values and self._is_emptied(declared.pip_section, pip):
                made = self._without_pip(section)
        if isinstance(section, yaml_io.Sequence) and section.items:
            made += self._in_list(section, conda, ())
            if self._is_emptied(section, conda) and not conda.added and not section.flow:
                made.append(edits.emptied(text, self._key("dependencies")))
        elif conda.added:
            made.append(self._new_list("dependencies", [value for _, value in sorted(conda.added)]))
        return made

    def _with_new_pip(self, conda: _Section, pip: Sequence[str]) -> list[Edit]:
        text = self.declared.text
        section = self.declared.section("dependencies")
        newline = edits.newline_of(text)
        if isinstance(section, yaml_io.Sequence) and section.flow and section.items:
            raise Unplaceable("pip packages have no place in a list on one line")
        if self.declared.pip_section is not None:
            raise Unplaceable("its pip section is no list")
        has_items = isinstance(section, yaml_io.Sequence) and section.items
        indent = edits.dash_column(text, section) if has_items else _INDENT  # type: ignore[arg-type]
        space = " " * indent
        block = [f"{space}- pip:", *(f"{space}    - {edits.written(v, flow=False)}" for v in pip)]
        if not has_items:
            made = self._new_list("dependencies", [value for _, value in sorted(conda.added)])
            return [Edit(made.start, made.end, newline.join([made.text, *block]))]
        if not isinstance(section, yaml_io.Sequence):
            raise Unplaceable("its dependencies are no list")
        kept = [item for item in section.items if item not in conda.removed]
        return [
            *self._in_list(section, conda, ()),
            edits.block_added(text, section, block, kept=kept),
        ]

    def _in_list(
        self, sequence: yaml_io.Sequence, section: _Section, first: Sequence[str]
    ) -> list[Edit]:
        text = self.declared.text
        gone: list[yaml_io.Node] = list(section.removed)
        made = [
            edits.replaced(text, token, value, flow=sequence.flow)
            for token, value in section.replaced
        ]
        made += edits.without(text, sequence, gone)
        kept = [i for i in sequence.items if i not in gone and isinstance(i, Scalar)]
        follower = _follower(kept, self._name_of)
        names_of = {value: name for name, value in section.added}

        def before(value: str) -> yaml_io.Node | None:
            return follower(names_of[value])

        values = [value for _, value in sorted(section.added)]
        made += edits.added(text, sequence, values, kept=kept, before=before)
        # pip's options hold for what comes behind them, wherever they stand.
        return made + edits.added(
            text, sequence, first, kept=kept, before=lambda _: sequence.items[0]
        )

    def _is_emptied(self, sequence: yaml_io.Sequence, section: _Section) -> bool:
        return bool(sequence.items) and all(item in section.removed for item in sequence.items)

    def _without_pip(self, section: yaml_io.Node | None) -> list[Edit]:
        """The whole item goes: a `pip:` without anything is an error to conda."""
        if not isinstance(section, yaml_io.Sequence):
            return []
        holders = [
            item
            for item in section.items
            if isinstance(item, yaml_io.Mapping) and any(k.value == "pip" for k, _ in item.pairs)
        ]
        return edits.without(self.declared.text, section, holders)

    def _options(self) -> list[str]:
        """The options for pip that its packages need and the file does not have."""
        there = {" ".join(e.text.split("=", 1)).split()[-1] for e in self._options_there()}
        return [o for o in self._made.pip.options if o.split()[-1] not in there]

    def _options_there(self) -> list[PipEntry]:
        return [entry for entry in self.declared.pip if entry.kind == "option"]

    def _name_of(self, token: Scalar) -> str:
        every: tuple[CondaEntry | PipEntry, ...] = (*self.declared.conda, *self.declared.pip)
        return next((entry.name for entry in every if entry.token is token), "")

    def _channels(self) -> list[Edit]:
        """What supplies packages and is not named; a person's own channels stay."""
        text = self.declared.text
        there = {names.channel(channel) for channel in self.declared.channels}
        missing = [c for c in self._made.channels if names.channel(c) not in there]
        section = self.declared.section("channels")
        if not missing or (section is None and missing == [names.DEFAULTS]):
            return []
        if isinstance(section, yaml_io.Sequence) and section.items:
            kept = list(section.items)
            return edits.added(text, section, missing, kept=kept)
        if section is not None:
            return [self._new_list("channels", missing)]
        root = self.declared.root
        if root is None or self.declared.section("dependencies") is None:
            return [self._new_list("channels", missing)]
        if root.flow:
            raise Unplaceable("there is no place for its channels")
        newline = edits.newline_of(text)
        lines = ["channels:", *(f"{' ' * _INDENT}- {yaml_io.scalar(c)}" for c in missing)]
        at = self._key("dependencies").start
        return [Edit(at, at, "".join(f"{line}{newline}" for line in lines))]

    def _variables(self) -> list[Edit]:
        environment = self.selection.environment
        if environment.kind != "conda":
            return []
        section = self.declared.section("variables")
        pairs = section.pairs if isinstance(section, yaml_io.Mapping) else ()
        wanted = dict(environment.variables)
        made: list[Edit] = []
        gone: list[Scalar] = []
        for key, value in pairs:
            there = wanted.pop(key.value, None)
            if not isinstance(value, Scalar) or there == value.value:
                continue
            if there is not None:
                flow = isinstance(section, yaml_io.Mapping) and section.flow
                made.append(edits.replaced(self.declared.text, value, there, flow=flow))
            elif not redact.is_secret(key.value, value.value):
                gone.append(key)
                made.append(edits.pair_removed(self.declared.text, section, key, value))
        if wanted:
            root, text = self.declared.root, self.declared.text
            made.append(edits.pairs_added(text, root, section, wanted, gone=gone))
        return made

    def _new_list(self, key: str, values: Sequence[str]) -> Edit:
        text = self.declared.text
        if self.declared.section(key) is not None:
            return edits.new_list(text, self._key(key), values, indent=_INDENT)
        newline = edits.newline_of(text)
        lines = [f"{key}:", *(f"{' ' * _INDENT}- {edits.written(v, flow=False)}" for v in values)]
        gap = newline if text and not text.endswith("\n") else ""
        return Edit(len(text), len(text), gap + "".join(f"{line}{newline}" for line in lines))

    def _key(self, name: str) -> Scalar:
        pairs = self.declared.root.pairs if self.declared.root else ()
        return next(key for key, _ in pairs if key.value == name)


def _token(entry: CondaEntry | PipEntry) -> Scalar:
    if entry.token is None:
        raise Unplaceable(f"“{entry.text}” is an alias of what stands elsewhere")
    return entry.token


def _follower(
    kept: Sequence[Scalar], name_of: Callable[[Scalar], str]
) -> Callable[[str], Scalar | None]:
    """The item that a new one of this name comes before: in a sorted list the next, else none."""
    named = [(name_of(token).lower(), token) for token in kept if name_of(token)]
    words = [name for name, _ in named]
    if len(words) < 2 or words != sorted(words):
        return lambda _: None
    return lambda name: next((token for word, token in named if word > name.lower()), None)


def _verify(text: str, update: _Update) -> None:
    """What was written is read again: nothing is saved that does not say what is installed."""
    again = parse(text)
    conda: Mapping[str, CondaEntry] = {e.name: e for e in again.conda}
    pip = {e.name or entries.of_path(e, {}) for e in again.pip}
    paths = {entries.plain_path(e.url) for e in again.pip if e.url}
    for kind, name in update.wanted():
        if kind == "conda" and name not in conda:
            raise Unplaceable(f"there is no place for {name}")
        line = update._every_pip_line.get(name)  # noqa: SLF001 - of this module
        if kind == "pypi" and name not in pip and entries.path_of(line) not in paths:
            raise Unplaceable(f"there is no place for {name}")
    for entry in again.conda:
        package = update.installed.conda.get(entry.name)
        if entry.spec is None or package is None or not update._active(entry.comment):  # noqa: SLF001
            continue
        if not entry.spec.matches(package.version, package.build):
            raise Unplaceable(f"“{entry.text}” would stay as it is")
