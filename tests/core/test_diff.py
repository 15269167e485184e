from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from jupyter_envsnap.core.diff import apply, diff, inverse
from jupyter_envsnap.core.model import (
    CondaPackage,
    Environment,
    PipIndexes,
    PypiPackage,
    VcsSource,
    VirtualPackage,
)
from tests.growth import assert_linear


def conda(name: str = "numpy", version: str = "1.26.4", **fields) -> CondaPackage:
    return CondaPackage(
        **{
            "name": name,
            "version": version,
            "build": "0",
            "channel": "conda-forge",
            "subdir": "linux-64",
            **fields,
        }
    )


def pypi(name: str = "numpy", version: str = "1.26.4", **fields) -> PypiPackage:
    return PypiPackage(name=name, version=version, **fields)


def environment(*packages: CondaPackage | PypiPackage, **fields) -> Environment:
    return Environment(
        **{
            "digest": "",
            "name": "work",
            "kind": "conda",
            "platform": "linux-64",
            "python": "3.12.4",
            "conda": tuple(p for p in packages if isinstance(p, CondaPackage)),
            "pypi": tuple(p for p in packages if isinstance(p, PypiPackage)),
            **fields,
        }
    )


SOURCE = VcsSource(vcs="git", url="https://h/r", commit="1")


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (conda(), None, "removed"),
        (None, pypi(), "added"),
        (conda(), pypi(version="2"), "moved"),
        (conda("pytorch", distributions=("torch",)), pypi("torch"), "moved"),
        (pypi("torch"), conda("pytorch", distributions=("torch",)), "moved"),
        (conda(version="1.9"), conda(version="1.10", build="1"), "upgraded"),
        (conda("openssl", "1.1.1w"), conda("openssl", "1.1.1a"), "downgraded"),
        (conda(version="not a version"), conda(version="2"), "changed"),
        (conda(version="1.0"), conda(version="1.0.0"), "details"),
        (conda(), conda(build="1", channel="other"), "rebuilt"),
        (conda(), conda(channel="other"), "channel-changed"),
        (conda(sha256="1"), conda(sha256="2"), "artifact-replaced"),
        (conda(sha256=None), conda(sha256="2"), "details"),
        (conda(channel=""), conda(), "details"),
        (conda(), conda(requested=("numpy",)), "requested-changed"),
        (conda(requested=("numpy",)), conda(requested=("numpy>=1",)), "details"),
        (pypi(version="1.0rc1"), pypi(version="1.0"), "upgraded"),
        (pypi(version="1.0.post1"), pypi(version="1.0"), "downgraded"),
        (pypi(version="1.0-beta-x"), pypi(version="1.0"), "changed"),
        (pypi(), pypi(source=SOURCE), "source-changed"),
        (pypi(), pypi(requested=True), "requested-changed"),
        (pypi(), pypi(installer="uv"), "details"),
    ],
)
def test_each_change_has_its_class(before, after, change):
    one = environment(*([before] if before else []))
    other = environment(*([after] if after else []))
    [found] = diff(one, other).packages
    assert (found.change, found.before, found.after) == (change, before, after)
    assert bool(diff(one, other)) is (change != "details")


def test_a_name_that_only_looks_alike_is_no_move():
    # conda's `torch` is another thing than the one that pip installs.
    named_alike = conda("torch", distributions=("torchlib",))
    changes = diff(environment(named_alike), environment(pypi("torch"))).packages
    assert {change.change for change in changes} == {"removed", "added"}


def test_what_somebody_asked_for_comes_first():
    asked = conda("zlib", requested=("zlib",))
    changes = diff(environment(), environment(conda("aaa"), asked)).packages
    assert [(c.name, c.requested) for c in changes] == [("zlib", True), ("aaa", False)]


def test_where_nobody_asked_for_anything_what_nothing_needs_comes_first():
    lib = conda("alib", depends=("python >=3",), distributions=("a.lib",))
    top = conda("top", depends=("conda-forge::alib >=1", "top"))
    tool = pypi("tool", requires=("helper[x]>=1; python_version > '3'", "A-Lib"))
    after = environment(lib, conda("python"), top, pypi("helper"), tool)
    changes = diff(environment(), after).packages
    assert [(c.name, c.requested) for c in changes] == [
        *(("tool", True), ("top", True)),
        *(("alib", False), ("helper", False), ("python", False)),
    ]
    asked = environment(replace(lib, requested=("alib",)), conda("python"), top)
    assert [c.name for c in diff(environment(), asked).packages if c.requested] == ["alib"]


def test_two_pins_of_a_package_are_both_told():
    before = environment(pins=("numpy 1.*", "conda-forge::scipy"))
    after = environment(pins=("numpy 1.*", "numpy <1.9"))
    assert [(f.name, f.before, f.after) for f in diff(before, after).facts] == [
        ("pin numpy", "numpy 1.*", "numpy 1.*, numpy <1.9"),
        ("pin scipy", "conda-forge::scipy", None),
    ]


def test_everything_else_is_told_by_name():
    before = environment(
        python="3.11.0",
        channels=("defaults",),
        variables={"A": "1", "B": "2"},
        pins=("numpy 1.*",),
        virtual_packages=(VirtualPackage(name="__glibc", version="2.31", build="0"),),
        indexes=PipIndexes(index_url="https://i/simple"),
    )
    after = environment(platform="osx-arm64", channels=("conda-forge",), variables={"A": "3"})
    assert {(f.name, f.before, f.after) for f in diff(before, after).facts} == {
        ("platform", "linux-64", "osx-arm64"),
        ("python", "3.11.0", "3.12.4"),
        ("channels", "defaults", "conda-forge"),
        ("index", "https://i/simple", None),
        ("variable A", "1", "3"),
        ("variable B", "2", None),
        ("pin numpy", "numpy 1.*", None),
        ("__glibc", "2.31=0", None),
    }


NAMES = [*"abcdef"]
WORDS = st.sampled_from(["1", "1.0", "2.0", "2.0rc1"])


def packages(make, extra):
    one = st.builds(
        lambda version, fields: {"version": version, **fields},
        WORDS,
        st.sampled_from(extra),
    )
    return st.dictionaries(st.sampled_from(NAMES), one).map(
        lambda found: [make(name, **found[name]) for name in sorted(found)]
    )


CONDA = packages(
    conda,
    [
        {},
        {"build": "1"},
        {"channel": "x"},
        {"sha256": "1"},
        {"requested": ("x",)},
        {"distributions": ("a", "b")},
    ],
)
PYPI = packages(pypi, [{}, {"source": SOURCE}, {"requested": True}, {"installer": "pip"}])
ENVIRONMENTS = st.builds(
    lambda one, other, fields: environment(*one, *other, **fields),
    CONDA,
    PYPI,
    st.fixed_dictionaries(
        {
            "python": st.sampled_from(["3.11", "3.12", None]),
            "channels": st.sampled_from([(), ("a",), ("a", "b")]),
            "variables": st.sampled_from([{}, {"A": "1"}, {"A": "2"}]),
            "digest": st.sampled_from(["1", "2"]),
        }
    ),
)


@settings(deadline=None, max_examples=300)
@given(ENVIRONMENTS, ENVIRONMENTS)
def test_a_diff_makes_one_environment_of_the_other_and_back(one, other):
    changes = diff(one, other)
    assert apply(changes, one) == other
    assert apply(inverse(changes), other) == one


@settings(deadline=None, max_examples=300)
@given(ENVIRONMENTS, ENVIRONMENTS)
def test_a_diff_backwards_is_its_inverse(one, other):
    forth, back = inverse(diff(one, other)), diff(other, one)
    assert set(forth.packages) == set(back.packages)
    assert {f.name: f for f in forth.facts} == {f.name: f for f in back.facts}


@settings(deadline=None)
@given(ENVIRONMENTS)
def test_nothing_changed_from_an_environment_to_itself(one):
    assert not diff(one, replace(one, digest="another"))
    assert diff(one, one).packages == ()


def test_comparing_takes_no_longer_than_there_are_packages():
    needs = tuple(f"p{i} >=1,<2.0a0" for i in range(8))

    def prepared(count):
        one = environment(*(conda(f"p{i}", f"1.{i}", depends=needs) for i in range(count)))
        other = environment(*(conda(f"p{i}", f"2.{i}", depends=needs) for i in range(count)))
        assert len(diff(one, other).packages) == count
        return lambda: diff(one, other)

    assert_linear(prepared)
