"""Where in a file its changes are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from jupyter_envsnap.core.documents import block_lists, edits, flow_lists, pairs, recorded, yaml_io
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
        text = self.declared.text
        section, pip_section = self.declared.section("dependencies"), self.declared.pip_section
        options = self._decisions.options()
        pip_values = [*options, *(value for _, value in sorted(pip.added))]
        made: list[Edit] = []
        block: list[str] = []
        emptied: list[yaml_io.Node] = []
        if isinstance(pip_section, yaml_io.Sequence) and (pip_section.items or pip_section.flow):
            if not pip_values and self._is_emptied(pip_section, pip):
                # The whole item goes: a `pip:` without anything is an error to conda.
                emptied = self._pip_holders(section)
            else:
                made = self._in_list(pip_section, pip, options)
        elif pip_values and pip_section is not None:
            made.append(self._under_pip(pip_values))
        elif pip_values:
            block = self._pip_block(section, pip_values)
        if isinstance(section, yaml_io.Sequence) and section.items:
            made += self._in_list(section, conda, (), emptied)
            gone = {id(item) for item in (*conda.removed, *emptied)}
            kept = [item for item in section.items if id(item) not in gone]
            if block:
                made.append(block_lists.block_added(text, section, block, kept=kept))
            elif not kept and not conda.added and not section.flow:
                made.append(edits.emptied(text, self._key("dependencies"), "[]"))
        elif conda.added or block:
            made.append(self._new_list("dependencies", [v for _, v in sorted(conda.added)], block))
        return made

    def _pip_block(self, section: yaml_io.Node | None, values: Sequence[str]) -> list[str]:
        """The lines of a pip section where there was none."""
        indent = len(edits.root_indent(self.declared.text, self.declared.root)) + _INDENT
        if isinstance(section, yaml_io.Sequence) and section.items:
            if section.flow:
                raise Unplaceable("pip packages have no place in a list on one line")
            indent = block_lists.dash_column(self.declared.text, section)
        space = " " * indent
        lines = _items(values, indent=indent + 2 * _INDENT)
        return [f"{space}- pip:", *lines]

    def _under_pip(self, values: Sequence[str]) -> Edit:
        """A pip section that has nothing in it yet."""
        section = self.declared.section("dependencies")
        holders = self._pip_holders(section)
        of_holders = [pair for i in holders if isinstance(i, yaml_io.Mapping) for pair in i.pairs]
        key = next(key for key, _ in of_holders if key.value == "pip")
        text = self.declared.text
        column = key.start - edits.line_start(text, key.start)
        return block_lists.made_at(text, key, _items(values, indent=column + _INDENT))

    def _in_list(
        self,
        sequence: yaml_io.Sequence,
        section: Section,
        first: Sequence[str],
        emptied: Sequence[yaml_io.Node] = (),
    ) -> list[Edit]:
        text = self.declared.text
        gone: list[yaml_io.Node] = [*section.removed, *emptied]
        made = [
            edits.replaced(text, token, value, flow=sequence.flow)
            for token, value in section.replaced
        ]
        values = [value for _, value in sorted(section.added)]
        if sequence.flow:
            new = [*first, *values]
            style = edits.style_of(key for key, _ in self._pairs())
            return made + flow_lists.changed(text, sequence, gone=gone, values=new, style=style)
        starts = {token.start for token in section.removed}
        scalars = [item for item in sequence.items if isinstance(item, Scalar)]
        kept = [item for item in scalars if item.start not in starts]
        follower = _follower(kept, lambda token: self._names.get(token.start, ""))
        names_of = {value: name for name, value in section.added}

        def before(value: str) -> yaml_io.Node | None:
            return follower(names_of[value])

        made += block_lists.without(text, gone)
        made += block_lists.added(text, sequence, values, kept=kept, before=before)
        # pip's options hold for what comes behind them, wherever they stand.
        return made + block_lists.added(
            text, sequence, first, kept=kept, before=lambda _: sequence.items[0]
        )

    def _is_emptied(self, sequence: yaml_io.Sequence, section: Section) -> bool:
        return bool(sequence.items) and all(item in section.removed for item in sequence.items)

    @staticmethod
    def _pip_holders(section: yaml_io.Node | None) -> list[yaml_io.Node]:
        items = section.items if isinstance(section, yaml_io.Sequence) else ()
        return [
            item
            for item in items
            if isinstance(item, yaml_io.Mapping) and any(k.value == "pip" for k, _ in item.pairs)
        ]

    def _channels(self) -> list[Edit]:
        """What supplies packages and is not named; a person's own channels stay."""
        text = self.declared.text
        missing = self._decisions.missing_channels()
        section = self.declared.section("channels")
        if not missing:
            return []
        if isinstance(section, Scalar) and not section.is_null:
            return [_bracketed(text, section, missing)]
        if isinstance(section, yaml_io.Sequence) and section.flow:
            style = edits.style_of(key for key, _ in self._pairs())
            return flow_lists.changed(text, section, gone=(), values=missing, style=style)
        if isinstance(section, yaml_io.Sequence) and section.items:
            return block_lists.added(text, section, missing, kept=section.items)
        root = self.declared.root
        is_last = self.declared.section("dependencies") is None or section is not None
        if root is None or root.flow or is_last:
            return [self._new_list("channels", missing)]
        newline = edits.newline_of(text)
        key = self._key("dependencies")
        start = edits.line_start(text, key.start)
        indent = edits.root_indent(text, root)
        start += text.startswith("\ufeff", start)
        items = _items(missing, indent=len(indent) + _INDENT)
        lines = [f"{indent}channels:", *items]
        return [Edit(start, start, "".join(f"{line}{newline}" for line in lines))]

    def _variables(self) -> list[Edit]:
        section = self.declared.section("variables")
        there = section.pairs if isinstance(section, yaml_io.Mapping) else ()
        wanted, gone = self._decisions.variables(), set[str]()
        flow = isinstance(section, yaml_io.Mapping) and section.flow
        text = self.declared.text
        made: list[Edit] = []
        for key, value in there:
            told = wanted.pop(key.value, None)
            if not isinstance(value, Scalar) or told == value.value:
                continue
            if told is None:
                gone.add(key.value)
            else:
                made.append(edits.replaced(text, value, told, flow=flow))
        return made + pairs.changed(text, self.declared.root, "variables", wanted, gone)

    def _new_list(self, key: str, values: Sequence[str], block: Sequence[str] = ()) -> Edit:
        text = self.declared.text
        indent = edits.root_indent(text, self.declared.root)
        lines = [*_items(values, indent=len(indent) + _INDENT), *block]
        section = self.declared.section(key)
        if isinstance(section, yaml_io.Mapping) or (section and self._is_said(section)):
            raise Unplaceable(f"its {key} are no list")
        if self._is_flow():
            raise Unplaceable(f"there is no place for its {key}")
        if section is not None:
            return block_lists.made_at(text, self._key(key), lines)
        return edits.lines_at_end(text, [f"{indent}{key}:", *lines])

    @staticmethod
    def _is_said(section: yaml_io.Node) -> bool:
        return isinstance(section, Scalar) and not section.is_null

    def _is_flow(self) -> bool:
        return self.declared.root is not None and self.declared.root.flow

    def _pairs(self) -> Sequence[tuple[Scalar, yaml_io.Node]]:
        return self.declared.root.pairs if self.declared.root else ()

    def _key(self, name: str) -> Scalar:
        return next(key for key, _ in self._pairs() if key.value == name)


def _items(values: Sequence[str], *, indent: int) -> list[str]:
    return [f"{' ' * indent}- {edits.written(value, flow=False)}" for value in values]


def _bracketed(text: str, first: Scalar, values: Sequence[str]) -> Edit:
    """A list of what stood there alone, and of more."""
    items = [text[first.start : first.end], *(edits.written(v, flow=True) for v in values)]
    return Edit(first.start, first.end, f"[{', '.join(items)}]")


def _follower(
    kept: Sequence[Scalar], name_of: Callable[[Scalar], str]
) -> Callable[[str], Scalar | None]:
    """The item that a new one of this name comes before: in a sorted list the next, else none."""
    named = [(name_of(token).lower(), token) for token in kept if name_of(token)]
    words = [name for name, _ in named]
    if len(words) < 2 or words != sorted(words):
        return lambda _: None
    return lambda name: next((token for word, token in named if word > name.lower()), None)
