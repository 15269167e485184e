from __future__ import annotations

from itertools import pairwise

import pytest
import rattler
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jupyter_envsnap.core.versions import Version, VersionInvalid

# In rising order; of conda's own documentation of its order, and of versions seen in the field.
RISING = (
    *("0.4", "0.4.1.rc", "0.4.1", "0.5a1", "0.5b3", "0.5C1", "0.5", "0.9.6", "0.960923"),
    *("1.0", "1.1dev1", "1.1_", "1.1a1", "1.1.0dev1", "1.1.a1", "1.1.0rc1", "1.1.0"),
    *("1.1.0post1", "1.1.1a", "1.1.1w", "1.1.1", "1.1post1", "9d", "9e", "9", "1996.07.12"),
    *("1!0.4.1", "1!3.1.1.6", "2!0.4.1"),
)


def test_versions_rise_as_conda_has_it():
    for lower, higher in pairwise(RISING):
        assert Version(lower) <= Version(higher), (lower, higher)
        assert not Version(higher) < Version(lower), (lower, higher)


@pytest.mark.parametrize(
    ("one", "other"), [("1.0", "1.0.0"), ("1.0-1", "1.0_1"), ("1.0A", "1.0a"), ("0!1", "1")]
)
def test_what_is_only_written_differently_is_equal(one, other):
    assert Version(one) == Version(other)


@pytest.mark.parametrize(
    "text", ["", "1..2", "1.0 beta", "a!1", "1!!2", "1+2+3", "1+", "ü", "1-2_3", "9" * 5_000]
)
def test_what_is_no_version_is_told(text):
    with pytest.raises(VersionInvalid):
        Version(text)


RUNS = st.sampled_from(
    [*("0", "1", "2", "10", "01", "1a", "2rc1", "0dev", "1dev3", "post1", "a", "rc", "dev", "w")]
)
MAIN = st.lists(RUNS, min_size=1, max_size=4).map(".".join)
TEXTS = st.tuples(
    st.sampled_from(["", "", "1!"]), MAIN, st.sampled_from(["", "", "_1", "+1", "+cu1"])
)
TEXTS = TEXTS.map("".join)


def both(text: str) -> tuple[Version, rattler.Version]:
    try:
        theirs = rattler.Version(text)
    except Exception:  # noqa: BLE001 - whatever rattler raises
        assume(False)
    try:
        return Version(text), theirs
    except VersionInvalid:
        assume(False)
    raise AssertionError


@settings(deadline=None, max_examples=500)
@given(TEXTS, TEXTS)
def test_the_order_is_that_of_another_implementation(one, other):
    mine, theirs = both(one)
    my_other, their_other = both(other)
    assert (mine == my_other) == (theirs == their_other)
    assert (mine < my_other) == (theirs < their_other)


@settings(deadline=None, max_examples=300)
@given(TEXTS, TEXTS)
def test_what_begins_alike_is_that_of_another_implementation(one, other):
    # For conda, `rc1` is no beginning of `rc10`, but `rc` is one of `rcx`: not so for rattler,
    # which also compares local parts where only one has them.
    other = other.partition("+")[0] + ".1"
    mine, theirs = both(one.partition("+")[0])
    my_other, their_other = both(other)
    assert mine.startswith(my_other) == theirs.starts_with(their_other)
