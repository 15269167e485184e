"""However a file is laid out, an update takes nothing with it that it was not to take."""

# ruff: noqa: E501 - lines of files

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_envsnap.core.documents import declared, splice, verifying
from jupyter_envsnap.core.documents.edits import Unplaceable
from jupyter_envsnap.core.errors import CannotUpdate
from tests.core.test_splice import PIP, POLARS, PYTHON, environment, pypi, updated

HEAD = "channels: [conda-forge]\ndependencies:\n  - python=3.12.4\n"
SET = {"B": "q"}


def with_variables(**variables: str):
    return environment(PYTHON, variables=variables)


# (name, before, after): python is installed, and the variable B is q.
SHAPES = [
    (
        "a variable over several lines goes, the channels behind it stay",
        "variables:\n  A: |\n    hello\n\nchannels: [conda-forge]\ndependencies:\n  - python\n",
        "variables:\n  B: q\n\nchannels: [conda-forge]\ndependencies:\n  - python\n",
    ),
    (
        "a variable over several lines stays, another comes behind it",
        f"{HEAD}variables:\n  API_TOKEN: >-\n    hello\n    you\n# the end\nx-more: 1\n",
        f"{HEAD}variables:\n  API_TOKEN: >-\n    hello\n    you\n  B: q\n# the end\nx-more: 1\n",
    ),
    (
        "an entry over several lines goes, the name behind it stays",
        f"{HEAD}  - >\n    gone\nname: keepme\nvariables: {{B: q}}\n",
        f"{HEAD}name: keepme\nvariables: {{B: q}}\n",
    ),
    (
        "an entry over several lines goes, that of another platform stays",
        f"{HEAD}  - |-\n    gone\n  - pywin32  # [win]\nvariables: {{B: q}}\n",
        f"{HEAD}  - pywin32  # [win]\nvariables: {{B: q}}\n",
    ),
    (
        "a line of pip over several lines goes, the file named behind it stays",
        f"{HEAD}  - pip:\n    - >-\n      gone\n    - -r req.txt\nvariables: {{B: q}}\n",
        f"{HEAD}  - pip:\n    - -r req.txt\nvariables: {{B: q}}\n",
    ),
    (
        "a variable without a value gets one",
        f"{HEAD}variables:\n  B:\nname: x\n",
        f"{HEAD}variables:\n  B: q\nname: x\n",
    ),
    (
        "a variable without a value gets one before its comment",
        f"{HEAD}variables:\n  B:   # why\n\n  # more\nname: x\n",
        f"{HEAD}variables:\n  B: q   # why\n\n  # more\nname: x\n",
    ),
    (
        "a variable without a value, and with an anchor",
        f"{HEAD}variables:\n  B: &b\nname: x\n",
        f"{HEAD}variables:\n  B: &b q\nname: x\n",
    ),
    (
        "a variable without a value goes",
        f"{HEAD}variables:\n  A:\n  # of B\n  B: q\nname: x\n",
        f"{HEAD}variables:\n  # of B\n  B: q\nname: x\n",
    ),
    (
        "another comes behind one without a value",
        f"{HEAD}variables:\n  API_TOKEN:\nname: x\n",
        f"{HEAD}variables:\n  API_TOKEN:\n  B: q\nname: x\n",
    ),
    (
        "an item without a value is last",
        (
            "variables: {B: q}\nchannels: [conda-forge]\ndependencies:\n  - pip:  # none\n  -\n"
            "name: x\n"
        ),
        (
            "variables: {B: q}\nchannels: [conda-forge]\ndependencies:\n  - pip:  # none\n  -\n"
            "  - python==3.12.4\nname: x\n"
        ),
    ),
    (
        "variables in empty brackets",
        f"{HEAD}variables: {{}}  # none\nname: x\n",
        f"{HEAD}variables:  # none\n  B: q\nname: x\n",
    ),
    (
        "variables without any",
        f"{HEAD}variables:\nname: x\n",
        f"{HEAD}variables:\n  B: q\nname: x\n",
    ),
    (
        "variables in brackets",
        f"{HEAD}variables: {{A: 1, C: 'x', API_TOKEN: t}}\n",
        f"{HEAD}variables: {{API_TOKEN: t, B: q}}\n",
    ),
    (
        "variables in brackets without a value",
        f"{HEAD}variables: {{B: , A: 1}}\n",
        f"{HEAD}variables: {{B: q}}\n",
    ),
    (
        "JSON with a line for each",
        (
            '{\n  "channels": ["conda-forge"],\n  "dependencies": ["python"],\n'
            '  "variables": {\n    "A": "1",\n    "C": 2\n  }\n}\n'
        ),
        (
            '{\n  "channels": ["conda-forge"],\n  "dependencies": ["python"],\n'
            '  "variables": {\n    "B": "q"\n  }\n}\n'
        ),
    ),
    (
        "JSON without variables",
        '{"channels": ["conda-forge"], "dependencies": ["python"], "variables": {}}\n',
        '{"channels": ["conda-forge"], "dependencies": ["python"], "variables": {"B": "q"}}\n',
    ),
    (
        "one channel without a list",
        "channels: conda-forge\ndependencies:\n  - python\nvariables: {B: q}\n",
        "channels: conda-forge\ndependencies:\n  - python\nvariables: {B: q}\n",
    ),
    (
        "one channel without a list, and one that it lacks",
        "channels: 'bioconda'  # mine\ndependencies:\n  - python\nvariables: {B: q}\n",
        "channels: ['bioconda', conda-forge]  # mine\ndependencies:\n  - python\nvariables: {B: q}\n",
    ),
    (
        "a document that is indented",
        "  name: x\n  dependencies:\n    - python=3.11.0\n",
        (
            "  name: x\n  channels:\n    - conda-forge\n  dependencies:\n    - python=3.12.4\n"
            "  variables:\n    B: q\n"
        ),
    ),
    (
        "a document that is indented, and has nothing",
        "  name: x\n",
        (
            "  name: x\n  channels:\n    - conda-forge\n  dependencies:\n    - python==3.12.4\n"
            "  variables:\n    B: q\n"
        ),
    ),
]


@pytest.mark.parametrize(("before", "after"), [s[1:] for s in SHAPES], ids=[s[0] for s in SHAPES])
def test_only_what_changed_is_another_text(before, after):
    assert updated(before, with_variables(B="q")) == after
    assert updated(after, with_variables(B="q")) == after


def test_what_an_update_leaves_empty_the_next_one_fills():
    text = f"{HEAD}variables:\n  A: 1\n"
    emptied = updated(text, environment(PYTHON))
    assert emptied == f"{HEAD}variables: {{}}\n"
    assert updated(emptied, with_variables(B="q")) == f"{HEAD}variables:\n  B: q\n"


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (f"{HEAD}name: y\nvariables: {{A: 1}}\n", "more of it"),
        (f"{HEAD}name: x\nvariables: {{A: 2}}\n", "variables"),
        (f"{HEAD}name: x\n", "variables"),
        (f"{HEAD}  - numpy\nname: x\nvariables: {{A: 1}}\n", "entries"),
        (f"{HEAD}  - {{pip: [rich]}}\nname: x\nvariables: {{A: 1}}\n", "entries"),
        ("channels: [conda-forge]\nname: x\nvariables: {A: 1}\n", "entries"),
        (HEAD.replace("conda-forge", "b") + "name: x\nvariables: {A: 1}\n", "channels"),
        (f"{HEAD}  - {{x: y}}\nname: x\nvariables: {{A: 1}}\n", "more of it"),
        (f"{HEAD}name: x\nvariables: {{A: 1}}\nx-more: 1\n", "more of it"),
        ("a: 1\na: 2\n", "holds more of it together"),
    ],
)
def test_what_was_not_decided_is_not_saved(made, why, monkeypatch):
    text = f"{HEAD}name: x\nvariables: {{A: 1}}\n"
    plans = []
    monkeypatch.setattr(splice, "verify", lambda _, plan: plans.append(plan))
    splice.update(text, with_variables(A="1"))
    verifying.verify(text, plans[0])
    with pytest.raises(Unplaceable, match=why):
        verifying.verify(made, plans[0])


# --- over generated files ---------------------------------------------------------------------

VALUES = ["x", "1", "on", "a: b", "a # b", "", "two words", "{x}", "- y", "null"]
NAMES = ["A", "B", "C", "MODE"]


CHANNELS = [
    [],
    ["channels: [b]"],
    ["channels: conda-forge"],
    ["channels:", "  - b  # mine"],
]
BLOCKS = ["|", "|-", "|+", ">", ">-"]


@st.composite
def variable_lines(draw):
    """``variables`` in any shape."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3))
    values = {name: draw(st.sampled_from(VALUES)) for name in names}
    shape = draw(st.sampled_from(["lines", "brackets", "nothing"]))
    if shape == "brackets":
        inner = ", ".join(f"{name}: '{value}'" for name, value in values.items())
        return [f"variables: {{{inner}}}"]
    if shape == "nothing" or not names:
        return ["variables:"]
    lines = ["variables:"]
    for name, value in values.items():
        blank = [""] * draw(st.integers(0, 2))
        block = [f"  {name}: {draw(st.sampled_from(BLOCKS))}", f"      {value or 'x'}", *blank]
        nothing = [f"  {name}:{draw(st.sampled_from(['', '  # none', ' ~', ' &a']))}"]
        plain = [f"  {name}: '{value}'{draw(st.sampled_from(['', '  # why']))}"]
        lines += draw(st.sampled_from([block, nothing, plain, plain]))
        lines += draw(st.sampled_from([[], ["  # about what follows"]]))
    return lines


@st.composite
def item_lines(draw, entries, indent):
    lines = []
    for entry in draw(st.lists(st.sampled_from(entries), unique=True, max_size=3)):
        block = [f"{indent}- {draw(st.sampled_from(BLOCKS))}", f"{indent}    {entry}"]
        lines += draw(st.sampled_from([block, [f"{indent}- {entry}"], [f"{indent}- {entry}"]]))
    return lines


@st.composite
def laid_out(draw):
    """A file with its sections in any order and shape, maybe indented as a whole."""
    by_conda = draw(item_lines(["gone", "old=1", "python"], "  "))
    by_pip = draw(item_lines(["gone", "-r more.txt", "rich"], "    "))
    by_pip = ["  - pip:", *by_pip] if by_pip else []
    is_listed = by_conda or by_pip
    sections = [
        ["name: x"],
        draw(st.sampled_from(CHANNELS)),
        ["dependencies:", *by_conda, *by_pip] if is_listed else ["dependencies: []"],
        draw(st.one_of(st.just([]), variable_lines())),
        ["x-more: |", "   kept", "   as it is"],
        ["x-none:"],
    ]
    root = draw(st.sampled_from(["", "", "  "]))
    lines = [line for section in draw(st.permutations(sections)) for line in section]
    return "".join(f"{root}{line}\n" for line in lines)


@settings(deadline=None, max_examples=250)
@given(
    laid_out(),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES)),
    st.lists(st.sampled_from([POLARS, pypi("rich", "1.0")]), unique=True),
)
def test_the_whole_file_means_the_environment_afterwards(text, variables, pip):
    before = declared.parse(text)
    world = environment(PIP, PYTHON, *pip, variables=variables)
    try:
        made = splice.update(text, world).text
    except CannotUpdate as error:
        # A value over several lines is changed by nobody but a person.
        assert "over several lines" in error.message  # noqa: PT017
        assert any(mark in text for mark in ("|", ">"))
        return
    assert splice.update(made, world).text == made
    was, now = yaml.safe_load(text), yaml.safe_load(made)
    ours = {"channels", "dependencies", "variables"}
    assert {k: v for k, v in now.items() if k not in ours} == {
        k: v for k, v in was.items() if k not in ours
    }
    assert set(was) <= set(now)
    again = declared.parse(made)
    assert dict(again.variables) == variables
    assert again.channels[: len(before.channels)] == before.channels
    assert "conda-forge" in again.channels
    assert {e.name for e in again.conda} - {"pip"} == {"python"}
    assert {e.name for e in again.pip if e.name} == {p.name for p in pip}
    options = [e.text.strip() for e in before.pip if e.kind == "option"]
    assert [e.text.strip() for e in again.pip if e.kind == "option"] == options
    comments = [line for line in text.splitlines() if line.lstrip().startswith("#")]
    assert [line for line in made.splitlines() if line.lstrip().startswith("#")] == comments
