"""Which packages of an environment a document lists, and why each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core import groups as grouping
from jupyter_envsnap.core import names
from jupyter_envsnap.core.findings import finding
from jupyter_envsnap.core.graph import Graph, Node
from jupyter_envsnap.core.groups import Groups
from jupyter_envsnap.core.model import CondaPackage, Environment, Finding, PypiPackage
from jupyter_envsnap.core.wire import Why

Kind = Literal["conda", "pypi"]
Package = CondaPackage | PypiPackage
_MOST_USERS = 20
"""So many of the packages that need one are named."""
_PYTHON: Node = ("conda", "python")
_PIP: Node = ("conda", "pip")


class Reason(Struct, frozen=True, kw_only=True):
    """Why a package is listed."""

    why: Why
    because: tuple[str, ...] = ()


class Selection(Struct, frozen=True, kw_only=True):
    """What a document lists."""

    environment: Environment
    conda: tuple[CondaPackage, ...]
    """By name."""
    pypi: tuple[PypiPackage, ...]
    """By name."""
    reasons: Mapping[Node, Reason]
    excluded: frozenset[Node] = frozenset()
    """What was left out because it was asked for, and what only that needs."""
    findings: tuple[Finding, ...] = ()

    def reason(self, package: Package) -> Reason:
        return self.reasons[_node(package)]


def select(
    environment: Environment,
    *,
    minimal: bool,
    exclude: Iterable[str] = (),
    without: Iterable[str] = (),
    groups: Groups = grouping.DEFAULTS,
) -> Selection:
    """All packages, or (``minimal``) those that bring the others; less what is left out.

    Minimal are those that somebody asked for and, so that nothing is missing, every package that
    none of those brings. pip's packages bring no conda package: pip would install its own.

    Raises:
        GroupUnknown

    """
    graph = Graph(environment)
    reasons = _reasons(environment, graph)
    hard, absent = _named(graph, exclude)
    of_groups = grouping.members(groups, without, (name for _, name in graph.nodes))
    soft = {node for node in graph.nodes if node[1] in of_groups}
    kept = set(graph.nodes)
    told: list[Finding] = [finding(codes.EXCLUDED_ABSENT, package=name) for name in absent]
    if hard or soft:
        roots = _roots(graph, reasons, set(graph.nodes)) - soft
        kept = _kept(graph, roots, hard)
        told += _missed(graph, kept, hard)
    listed = kept & _minimal(graph, reasons, kept) if minimal else kept
    return Selection(
        environment=environment,
        conda=tuple(p for p in environment.conda if ("conda", p.name) in listed),
        pypi=tuple(p for p in environment.pypi if ("pypi", p.name) in listed),
        reasons=reasons,
        excluded=frozenset(graph.nodes) - kept,
        findings=tuple(told),
    )


def _node(package: Package) -> Node:
    return ("conda" if isinstance(package, CondaPackage) else "pypi", package.name)


def _reasons(environment: Environment, graph: Graph) -> dict[Node, Reason]:
    users = graph.needed_by()
    reasons: dict[Node, Reason] = {}
    installed: tuple[Package, ...] = (*environment.conda, *environment.pypi)
    for package in installed:
        node = _node(package)
        asked = package.requested if isinstance(package, CondaPackage) else ()
        if node == _PYTHON:
            reasons[node] = Reason(why="python", because=asked)
        elif asked or (isinstance(package, PypiPackage) and package.requested):
            reasons[node] = Reason(why="requested", because=asked)
        elif node == _PIP and environment.pypi:
            reasons[node] = Reason(why="pip")
        else:
            because = tuple(dict.fromkeys(name for _, name in users[node]))[:_MOST_USERS]
            reasons[node] = Reason(why="needed" if because else "leaf", because=because)
    return reasons


def _minimal(graph: Graph, reasons: Mapping[Node, Reason], kept: set[Node]) -> set[Node]:
    """Those that bring the rest where conda and pip each bring only their own."""
    kinds: tuple[Kind, ...] = ("conda", "pypi")
    return set[Node]().union(
        *(_roots(graph, reasons, {n for n in kept if n[0] == kind}, kind) for kind in kinds)
    )


def _roots(
    graph: Graph, reasons: Mapping[Node, Reason], among: set[Node], kind: Kind | None = None
) -> set[Node]:
    """Those that somebody asked for, and the fewest others that bring the rest."""
    asked = {node for node in among if reasons[node].why in {"requested", "python", "pip"}}
    return asked | _sources(graph, among - graph.closure(asked, within=kind), kind)


def _sources(graph: Graph, among: set[Node], kind: Kind | None) -> set[Node]:
    """The nodes that no other of these needs, and one of each ring without a beginning."""
    needed = {needed for node in among for needed in graph.needs[node] if needed in among}
    sources = among - needed
    rest = among - graph.closure(sources, within=kind)
    while rest:
        # In a ring each brings all: the one that brings most, the first by name among equals.
        best = max(sorted(rest), key=lambda node: len(graph.closure([node], within=kind) & rest))
        sources.add(best)
        rest -= graph.closure([best], within=kind)
    return sources


def _named(graph: Graph, exclude: Iterable[str]) -> tuple[set[Node], list[str]]:
    """(the packages of these names, the names that nothing has)."""
    found: set[Node] = set()
    absent: list[str] = []
    for asked in dict.fromkeys(exclude):
        wanted = names.pypi(asked) or asked
        nodes = {
            node
            for node in graph.nodes
            if (node[1] == asked or names.pypi(node[1]) == wanted) and node != _PYTHON
        }
        found |= nodes
        if not nodes:
            absent.append(asked)
    return found, absent


def _kept(graph: Graph, roots: Iterable[Node], hard: set[Node]) -> set[Node]:
    """What the roots need, not looking further at what is left out."""
    found: set[Node] = {node for node in graph.nodes if node == _PYTHON}
    todo = [*found, *(root for root in roots if root not in hard)]
    found.update(todo)
    while todo:
        for needed in graph.needs[todo.pop()]:
            if needed not in found and needed not in hard:
                found.add(needed)
                todo.append(needed)
    return found


def _missed(graph: Graph, kept: set[Node], hard: set[Node]) -> Iterable[Finding]:
    users = graph.needed_by()
    for node in sorted(hard):
        by = sorted(user[1] for user in users[node] if user in kept)
        if by:
            yield finding(codes.EXCLUDED_NEEDED, package=node[1], user=by[0])
