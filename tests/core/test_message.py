from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from jupyter_envsnap.core.change_words import columns, plain
from jupyter_envsnap.core.comparing import of_file
from jupyter_envsnap.core.diff import diff
from jupyter_envsnap.core.documents.declared import parse
from jupyter_envsnap.core.message import Summary, propose, summary
from jupyter_envsnap.core.model import CondaPackage, Environment, PypiPackage


def environment(conda: int = 45, pypi: int = 3, requested: tuple[str, ...] = ()) -> Environment:
    packages = [
        CondaPackage(name=f"c{i}", version="1", build="0", channel="conda-forge", subdir="noarch")
        for i in range(conda - len(requested))
    ]
    packages += [
        CondaPackage(
            name=name, version="1", build="0", channel="", subdir="noarch", requested=(name,)
        )
        for name in requested
    ]
    return Environment(
        digest="",
        name="climate",
        kind="conda",
        platform="linux-64",
        python="3.12.1",
        conda=tuple(packages),
        pypi=tuple(PypiPackage(name=f"p{i}", version="1") for i in range(pypi)),
    )


def proposed(before: str, after: str, **options) -> str:
    like = environment(**options)
    changes = diff(of_file(parse(before), like), of_file(parse(after), like))
    return propose(changes, like, path="binder/environment.yml")


@pytest.mark.parametrize(
    ("conda", "pypi", "counts"),
    [
        (45, 3, "45 conda, 3 pip packages"),
        (45, 0, "45 conda packages"),
        (1, 0, "1 conda package"),
        (0, 1, "1 pip package"),
        (1, 1, "1 conda, 1 pip packages"),
        (0, 0, "no packages"),
    ],
)
def test_the_first_save_counts_what_is_recorded(conda, pypi, counts):
    message = propose(None, environment(conda=conda, pypi=pypi), path="environment.yml")
    assert message == f"env: record environment of climate ({counts})"


def entries(*lines: str) -> str:
    return "dependencies:\n" + "".join(f"  - {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (["a=1"], ["a=2"], "env: a 1 → 2"),
        (["a=1=h0_1"], ["a=2"], "env: a 1 → 2"),
        (["a=1=h0_1"], ["a=1=h1_2"], "env: a 1 (build h1_2)"),
        (["a==1"], ["a==1.5"], "env: a 1 → 1.5"),
        (["conda-forge::a=1"], ["a=2"], "env: a 1 → 2"),
        (["x::a=1"], ["y::a=1"], "env: a 1 (now from y)"),
        (["'a=1'"], ["a=2"], "env: a 1 → 2"),
        (["a=1  # why"], ["a=2"], "env: a 1 → 2"),
        (["a"], ["a=2"], "env: a any → 2"),
        (["a>=1"], ["a=2"], "env: a >=1 → 2"),
        ([], ["a=1"], "env: + a 1"),
        (["a=1"], [], "env: − a"),
        (["z=1"], ["b=1"], "env: + b 1, − z"),
        (["a=1.*"], ["a=2"], "env: a 1 → 2"),
        (["pip=1"], ["pip=1", "pip:\n      - a==1"], "env: + a 1"),
        (["a=1"], ["pip:\n      - a==1"], "env: a 1 (now by pip)"),
        (["a=1"], ["pip:\n      - a==2"], "env: a 2 (now by pip, was 1)"),
        (
            ["pip:\n      - a==1"],
            ["pip:\n      - a @ git+https://h.example/a@0123456789"],
            "env: a (now from https://h.example/a@0123456)",
        ),
        (["a=1", "z=1"], ["a=2", "b=1"], "env: a 1 → 2, + b 1, − z"),
    ],
)
def test_a_change_is_told_by_name(before, after, message):
    assert proposed(entries("k=1", *before), entries("k=1", *after)) == message


def test_what_was_asked_for_is_told_first():
    after = entries("a=1", "b=1", "z=2")
    assert proposed(entries("z=1"), after, requested=("z",)) == "env: z 1 → 2, + a 1, + b 1"


def test_the_subject_says_how_many_more_there_are_and_the_body_which():
    names = [f"package-{letter}" for letter in "abcdef"]
    message = proposed(entries("k=1"), entries("k=1", *(f"{name}=1.0" for name in names)))
    subject, empty, *rest = message.split("\n")
    assert subject == "env: + package-a 1.0, + package-b 1.0, + package-c 1.0 and 3 more"
    assert (len(subject) <= 72, empty) == (True, "")
    assert rest == ["+ package-d 1.0", "+ package-e 1.0", "+ package-f 1.0"]


def test_a_name_that_does_not_fit_is_whole_in_the_body():
    name = "n" * 90
    message = proposed(entries("k=1"), entries("k=1", f"{name}=1", "z=1"))
    subject, _, *rest = message.split("\n")
    assert (len(subject), subject.endswith("… and 1 more")) == (72, True)
    assert rest == [f"+ {name} 1", "+ z 1"]
    alone = proposed(entries("k=1"), entries("k=1", f"{name}=1")).split("\n")
    assert (len(alone[0]), alone[1:]) == (72, ["", f"+ {name} 1"])


def test_a_change_of_everything_is_counted_and_told_in_the_body():
    before = entries(*(f"x{i}=1" for i in range(20)))
    after = entries(*(f"y{i}=1" for i in range(20)))
    message = proposed(before, after, conda=20, pypi=0)
    assert message.startswith("env: update environment of climate (20 conda packages)\n\n+ y0 1\n")
    assert len(message.split("\n")) == 42


def test_what_is_no_package_is_told_too():
    before, after = "channels:\n  - a\n", "channels:\n  - b\nvariables: {MODE: fast}\n"
    assert proposed(before, after) == "env: channels: a → b, variable MODE: none → fast"


def test_a_comment_is_only_an_update():
    assert proposed("name: x\n", "# why\nname: x\n") == "env: update environment.yml"


def test_nothing_in_a_body_is_a_trailer():
    names = [f"signed-off-by:{letter}=1" for letter in "abcdef"]
    other = [f"signed-off-by:{letter}=2" for letter in "abcdef"]
    body = proposed(entries("k=1", *names), entries("k=1", *other)).split("\n")[2:]
    assert body
    assert all(line.startswith("~ ") for line in body)


def test_no_name_breaks_a_message_into_lines():
    named = environment(conda=0, pypi=0)
    changes = diff(named, replace(named, pypi=(PypiPackage(name="a\nb", version="1\r\n2\u2028"),)))
    assert propose(changes, named, path="x.yml") == "env: + a b 1  2"


HOSTILE = st.text(max_size=120) | st.text(alphabet="\n\r\x1b\u2028\u202e\ud800漢a:#", max_size=90)


@st.composite
def hostile_environments(draw):
    some = draw(st.lists(st.tuples(HOSTILE, HOSTILE), max_size=30, unique_by=lambda pair: pair[0]))
    records = [
        CondaPackage(name=n, version=v, build=v, channel=v, subdir="") for n, v in sorted(some)
    ]
    variables = dict(some[:2])
    return replace(environment(0, 0), name=draw(HOSTILE), conda=tuple(records), variables=variables)


@settings(deadline=None, max_examples=200)
@given(hostile_environments(), hostile_environments(), HOSTILE)
def test_a_message_is_a_short_subject_and_a_plain_body_whatever_things_are_called(one, other, path):
    for changes in (None, diff(one, other)):
        message = propose(changes, other, path=path)
        subject, *body = message.split("\n")
        assert columns(subject) <= 72
        assert subject.startswith("env: ")
        assert not body or body[0] == ""
        assert all(line[:1] in {"~", "+", "−", "…"} for line in body[1:])
        assert all(line == plain(line) for line in (subject, *body))
        assert len(message.encode().decode().splitlines()) == len(body) + 1


def test_a_wide_character_takes_two_columns():
    few = environment(conda=0, pypi=0)
    named = replace(few, pypi=(PypiPackage(name="漢" * 40, version="1"),))
    subject, _, line = propose(diff(few, named), named, path="x.yml").split("\n")
    assert subject == f"env: + {'漢' * 32}…"
    assert line == f"+ {'漢' * 40} 1"


def test_a_message_is_never_too_long_to_be_sent():
    few = environment(conda=0, pypi=0)
    many = replace(
        few, pypi=tuple(PypiPackage(name="n" * 199 + str(i), version="1") for i in range(3_000))
    )
    message = propose(diff(few, many), many, path="x.yml")
    assert len(message) < 20_000
    assert re.fullmatch(r"… and 2,9\d\d more", message.split("\n")[-1])


@pytest.mark.parametrize(
    ("added", "words"),
    [(1, "+ p0 1 (pip)"), (3, "+ p0 1 (pip) and 2 more")],
)
def test_a_summary_names_one_change_and_counts_them_all(added, words):
    told = summary(diff(environment(pypi=0), environment(pypi=added)))

    assert told == Summary(words=words, count=added)


def test_there_is_no_summary_of_nothing():
    assert summary(diff(environment(), environment())) is None
