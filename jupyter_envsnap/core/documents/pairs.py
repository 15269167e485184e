"""Changes of ``variables``: a mapping with a line for each pair, or one in brackets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jupyter_envsnap.core.documents import block_lists, edits, flow_lists, yaml_io
from jupyter_envsnap.core.documents.edits import Edit, Unplaceable
from jupyter_envsnap.core.documents.yaml_io import Node, Scalar

_INDENT = 2


def changed(
    text: str, root: yaml_io.Mapping | None, name: str, wanted: Mapping[str, str], gone: set[str]
) -> list[Edit]:
    """Take the pairs with the keys in ``gone`` out of a section, and put those of ``wanted`` in.

    The section is put at the end of the file where there is none.
    """
    if not wanted and not gone:
        return []
    pairs = root.pairs if root is not None else ()
    key, section = next(((k, v) for k, v in pairs if k.value == name), (None, None))
    if isinstance(section, yaml_io.Mapping) and section.flow and (section.pairs or _is_flow(root)):
        return _in_brackets(text, root, section, wanted, gone)
    if key is None and root is not None and root.flow:
        return _new_in_brackets(root, name, wanted)
    if key is None:
        indent = edits.root_indent(text, root)
        return [edits.lines_at_end(text, [f"{indent}{name}:", *_lines(wanted, f"{indent}  ")])]
    if isinstance(section, yaml_io.Mapping) and section.pairs:
        return _on_lines(text, key, section, wanted, gone)
    column = key.start - edits.line_start(text, key.start)
    return [block_lists.made_at(text, key, _lines(wanted, " " * (column + _INDENT)))]


def _is_flow(root: yaml_io.Mapping | None) -> bool:
    return root is not None and root.flow


def _on_lines(
    text: str, name: Scalar, section: yaml_io.Mapping, wanted: Mapping[str, str], gone: set[str]
) -> list[Edit]:
    newline = edits.newline_of(text)
    kept = [pair for pair in section.pairs if pair[0].value not in gone]
    made = [_removed(text, k, value) for k, value in section.pairs if k.value in gone]
    first = section.pairs[0][0]
    start = edits.line_start(text, first.start)
    lines = _lines(wanted, " " * (first.start - start))
    if not kept and not lines:
        made.append(edits.emptied(text, name, "{}"))
    elif not kept:
        made.append(Edit(start, start, "".join(f"{line}{newline}" for line in lines)))
    elif lines:
        end = edits.line_end(text, max(kept[-1][0].end, edits.end_of(kept[-1][1])))
        made.append(Edit(end, end, "".join(f"{newline}{line}" for line in lines)))
    return made


def _removed(text: str, key: Scalar, value: Node) -> Edit:
    start = edits.line_start(text, key.start)
    if text[start : key.start].strip():
        raise Unplaceable("a variable is not on a line of its own")
    end = edits.line_end(text, max(key.end, edits.end_of(value)))
    return Edit(start, edits.next_line(text, end), "")


def _in_brackets(
    text: str,
    root: yaml_io.Mapping | None,
    section: yaml_io.Mapping,
    wanted: Mapping[str, str],
    gone: set[str],
) -> list[Edit]:
    # A pair is to brackets what an item is to a list.
    items = tuple(
        Scalar(value=key.value, start=key.start, end=edits.end_of(value) or key.end, style="plain")
        for key, value in section.pairs
    )
    words = root.pairs if root is not None and root.flow else section.pairs
    style = edits.style_of(node for pair in words for node in pair[: 1 if _is_flow(root) else 2])
    return flow_lists.spliced(
        text,
        yaml_io.Sequence(items=items, start=section.start, end=section.end, flow=True),
        gone=[item for item in items if item.value in gone],
        new=_words(wanted, style),
    )


def _new_in_brackets(root: yaml_io.Mapping, name: str, wanted: Mapping[str, str]) -> list[Edit]:
    if not root.pairs:
        raise Unplaceable(f"there is no place for its {name}")
    style = edits.style_of(key for key, _ in root.pairs)
    end = edits.end_of(root.pairs[-1][1])
    inner = ", ".join(_words(wanted, style))
    return [Edit(end, end, f", {edits.written(name, style=style, flow=True)}: {{{inner}}}")]


def _words(wanted: Mapping[str, str], style: str) -> list[str]:
    def written(text: str) -> str:
        return edits.written(text, style=style, flow=True)

    return [f"{written(name)}: {written(value)}" for name, value in wanted.items()]


def _lines(wanted: Mapping[str, str], indent: str) -> Iterable[str]:
    return [f"{indent}{yaml_io.scalar(n)}: {yaml_io.scalar(v)}" for n, v in wanted.items()]
