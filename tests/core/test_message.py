from __future__ import annotations

import pytest
from msgspec.structs import replace

from jupyter_envsnap.core.comparing import of_file
from jupyter_envsnap.core.diff import diff
from jupyter_envsnap.core.documents.declared import parse
from jupyter_envsnap.core.message import propose
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


def test_a_subject_is_never_longer_than_72_columns():
    name = "n" * 90
    message = proposed(entries("k=1"), entries("k=1", f"{name}=1", "z=1"))
    assert len(message.partition("\n")[0]) <= 72
    assert "\n+ z 1" in message


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


def test_no_name_breaks_a_message_into_lines():
    named = environment(conda=0, pypi=0)
    changes = diff(named, replace(named, pypi=(PypiPackage(name="a\nb", version="1\r\n2\u2028"),)))
    assert propose(changes, named, path="x.yml") == "env: + a b 1 2"
