from __future__ import annotations

import pytest

from jupyter_envsnap.core.linediff import line_diff
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
    diff = line_diff(before, after)
    return propose(environment(**options), diff, path="binder/environment.yml", exists=True)


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
    message = propose(
        environment(conda=conda, pypi=pypi),
        line_diff("", "name: climate\n"),
        path="environment.yml",
        exists=False,
    )
    assert message == f"env: record environment of climate ({counts})"


def entries(*lines: str) -> str:
    return "dependencies:\n" + "".join(f"  - {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (["a=1"], ["a=2"], "env: a 1 → 2"),
        (["a=1=h0_1"], ["a=2"], "env: a 1 → 2"),
        (["a==1"], ["a==1.5"], "env: a 1 → 1.5"),
        (["conda-forge::a=1"], ["a=2"], "env: a 1 → 2"),
        (["'a=1'"], ["a=2"], "env: a 1 → 2"),
        (["a=1  # why"], ["a=2"], "env: a 1 → 2"),
        (["a[x]==1"], ["a==2"], "env: a 1 → 2"),
        (["a"], ["a=2"], "env: a any → 2"),
        (["a>=1"], ["a=2"], "env: a any → 2"),
        ([], ["a=1"], "env: + a 1"),
        (["a=1"], [], "env: - a"),
        (["A_b=1"], ["a-b=2"], "env: a-b 1 → 2"),
        (["z=1"], ["b=1"], "env: + b 1, - z"),
        (["a=1.*"], ["a=2"], "env: a 1.* → 2"),
        (["pip=1"], ["pip=1", "pip:\n      - a==1"], "env: + a 1"),
        (["a=1"], ["a @ git+https://example.org/a"], "env: a 1 → any"),
        (["k2=1"], ["k2=1", "git+https://example.org/a", "-e ./a"], "env: update environment.yml"),
        (["a=1", "z=1"], ["a=2", "b=1"], "env: + b 1, a 1 → 2, - z"),
    ],
)
def test_a_change_is_told_by_name(before, after, message):
    assert proposed(entries("k=1", *before), entries("k=1", *after)) == message


def test_what_was_asked_for_is_told_first():
    after = entries("a=1", "b=1", "z=2")
    assert proposed(entries("z=1"), after, requested=("z",)) == "env: z 1 → 2, + a 1, + b 1"


def test_the_subject_says_how_many_more_there_are():
    names = [f"package-{letter}" for letter in "abcdef"]
    message = proposed(entries(), entries(*(f"{name}=1.0" for name in names)))
    assert message == "env: + package-a 1.0, + package-b 1.0, + package-c 1.0 and 3 more"
    assert len(message) <= 72


def test_a_long_name_is_never_cut():
    name = "n" * 90
    assert proposed(entries("k=1"), entries("k=1", f"{name}=1", "z=1")) == (
        f"env: + {name} 1 and 1 more"
    )


def test_a_change_of_everything_is_counted():
    before = entries(*(f"x{i}=1" for i in range(20)))
    after = entries(*(f"y{i}=1" for i in range(20)))
    assert proposed(before, after, conda=20, pypi=0) == (
        "env: update environment of climate (20 conda packages)"
    )


def test_channels_are_no_packages():
    before, after = "channels:\n  - a\n", "channels:\n  - b\n"
    assert proposed(before, after) == "env: update environment.yml"


def test_a_change_of_no_package_names_the_file():
    assert proposed("name: a\n", "name: b\n") == "env: update environment.yml"


def test_a_file_that_is_already_right_is_recorded():
    assert proposed("a\n", "a\n") == "env: record environment of climate (45 conda, 3 pip packages)"
