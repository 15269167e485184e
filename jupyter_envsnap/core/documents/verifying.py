"""What was written is read again: nothing is saved that does not say what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from jupyter_envsnap.core.documents.decisions import Decisions, Section
from jupyter_envsnap.core.documents.declared import CondaEntry, Declared, PipEntry, parse
from jupyter_envsnap.core.documents.edits import Unplaceable
from jupyter_envsnap.core.documents.yaml_io import Alias, Mapping, Node, Scalar
from jupyter_envsnap.core.documents.yaml_io import Sequence as Listing
from jupyter_envsnap.core.errors import FileNotUnderstood

_OURS = frozenset({"channels", "dependencies", "variables"})
"""The keys whose values an update may change; it changes no other."""


def verify(text: str, plan: Decisions) -> None:
    """That a file is the one that was decided on, entry by entry; raises Unplaceable."""
    try:
        again = parse(text)
    except FileNotUnderstood as error:
        raise Unplaceable("what would change holds more of it together") from error
    before = plan.declared
    _check_list(before.conda, again.conda, plan.conda, ())
    _check_list(before.pip, again.pip, plan.pip, plan.options())
    if again.channels != (*before.channels, *plan.missing_channels()):
        raise Unplaceable("its channels would be others")
    if dict(again.variables) != plan.variables():
        raise Unplaceable("its variables would be others")
    if list(_others(again)) != list(_others(before)):
        raise Unplaceable("more of it would change")


def _check_list(
    before: Sequence[CondaEntry | PipEntry],
    after: Sequence[CondaEntry | PipEntry],
    section: Section,
    options: Sequence[str],
) -> None:
    """Those that stay are there in their order, those that come are there too, and no others."""
    gone = {token.start for token in section.removed}
    texts = {token.start: text for token, text in section.replaced}
    starts = [(entry.token.start if entry.token else -1, entry.text) for entry in before]
    stay = [texts.get(start, text) for start, text in starts if start not in gone]
    new = Counter([*options, *(text for _, text in section.added)])
    there = [entry.text for entry in after]
    if Counter(there) != Counter(stay) + new:
        raise Unplaceable("its entries would be others")
    rest = iter(there)
    if not all(text in rest for text in stay):
        raise Unplaceable("the order of its entries would be another")


def _others(declared: Declared) -> Iterator[object]:
    """All that an update leaves as it is: other keys, and what is no word in a list of words."""
    pairs = declared.root.pairs if declared.root else ()
    for key, value in pairs:
        if key.value not in _OURS:
            yield key.value, _plain(value)
        elif isinstance(value, Listing):
            yield from map(_plain, _no_words(value, declared.pip_section))


def _no_words(listing: Listing, pip: Node | None) -> Iterator[Node]:
    for item in listing.items:
        if isinstance(item, Mapping):
            yield from (
                part for key, value in item.pairs if value is not pip for part in (key, value)
            )
        elif not isinstance(item, Scalar):
            yield item
    if isinstance(pip, Listing):
        yield from (item for item in pip.items if not isinstance(item, Scalar))


def _plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Alias):
        return _plain(node.node)
    if isinstance(node, Mapping):
        return [(key.value, _plain(value)) for key, value in node.pairs]
    return [_plain(item) for item in node.items]
