"""Where in a file its changes are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from jupyter_envsnap.core import names, redact
from jupyter_envsnap.core.documents import edits, recorded, yaml_io
from jupyter_envsnap.core.documents.decisions import Decisions, Section
from jupyter_envsnap.core.documents.declared import CondaEntry, PipEntry
from jupyter_envsnap.core.documents.edits import Edit, Unplaceable
from jupyter_envsnap.core.documents.recorded import Recorded
from jupyter_envsnap.core.documents.yaml_io import Scalar

_INDENT = 2


class Places:
    """Turns decisions about a file into edits of its text; raises Unplaceable."""

    def __init__(self, decisions: Decisions) -> None:
        self._decisions = decisions
        self.declared = decisions.declared
        every: tuple[CondaEntry | PipEntry, ...] = (*self.declared.conda, *self.declared.pip)
        self._names = {e.token.start: e.name for e in every if e.token is not None}

    def edits(self, *, record: Recorded | None) -> list[Edit]:
        """All of them; ``record``: to be written into the file, None where it says so already."""
        return [
            *(self._recorded(record) if record is not None else ()),
            *self._channels(),
            *self._placed(self._decisions.conda, self._decisions.pip),
            *self._variables(),
        ]

    def _recorded(self, how: Recorded) -> Iterator[Edit]:
        line = recorded.line(how)
        text = self.declared.text
        place = recorded.place(text)
        if place is not None:
            yield Edit(*place, line)
        else:
            start = 1 if text.startswith("\ufeff") else 0
            yield Edit(start, start, f"{line}{edits.newline_of(text)}")

    def _placed(self, conda: Section, pip: Section) -> list[Edit]:
        declared, text = self.declared, self.declared.text
        section = declared.section("dependencies")
        options = self._decisions.options()
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

    def _with_new_pip(self, conda: Section, pip: Sequence[str]) -> list[Edit]:
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
        self, sequence: yaml_io.Sequence, section: Section, first: Sequence[str]
    ) -> list[Edit]:
        text = self.declared.text
        gone: list[yaml_io.Node] = list(section.removed)
        starts = {token.start for token in section.removed}
        made = [
            edits.replaced(text, token, value, flow=sequence.flow)
            for token, value in section.replaced
        ]
        made += edits.without(text, sequence, gone)
        scalars = [item for item in sequence.items if isinstance(item, Scalar)]
        kept = [item for item in scalars if item.start not in starts]
        follower = _follower(kept, lambda token: self._names.get(token.start, ""))
        names_of = {value: name for name, value in section.added}

        def before(value: str) -> yaml_io.Node | None:
            return follower(names_of[value])

        values = [value for _, value in sorted(section.added)]
        made += edits.added(text, sequence, values, kept=kept, before=before)
        # pip's options hold for what comes behind them, wherever they stand.
        return made + edits.added(
            text, sequence, first, kept=kept, before=lambda _: sequence.items[0]
        )

    def _is_emptied(self, sequence: yaml_io.Sequence, section: Section) -> bool:
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

    def _channels(self) -> list[Edit]:
        """What supplies packages and is not named; a person's own channels stay."""
        text = self.declared.text
        there = {names.channel(channel) for channel in self.declared.channels}
        missing = [c for c in self._decisions.made.channels if names.channel(c) not in there]
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
        environment = self._decisions.selection.environment
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


def _follower(
    kept: Sequence[Scalar], name_of: Callable[[Scalar], str]
) -> Callable[[str], Scalar | None]:
    """The item that a new one of this name comes before: in a sorted list the next, else none."""
    named = [(name_of(token).lower(), token) for token in kept if name_of(token)]
    words = [name for name, _ in named]
    if len(words) < 2 or words != sorted(words):
        return lambda _: None
    return lambda name: next((token for word, token in named if word > name.lower()), None)
