from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_envsnap.core.linediff import line_diff

CASES = {
    "equal": ("a\nb\n", "a\nb\n", [(" ", "a", 1, 1), (" ", "b", 2, 2)]),
    "nothing before": ("", "a\n", [("+", "a", None, 1)]),
    "nothing after": ("a\n", "", [("-", "a", 1, None)]),
    "nothing at all": ("", "", []),
    "a line changed": (
        "a\nb\nc\n",
        "a\nB\nc\n",
        [(" ", "a", 1, 1), ("-", "b", 2, None), ("+", "B", None, 2), (" ", "c", 3, 3)],
    ),
    "a line added": (
        "a\nc\n",
        "a\nb\nc\n",
        [(" ", "a", 1, 1), ("+", "b", None, 2), (" ", "c", 2, 3)],
    ),
    "the last line feed": ("a", "a\n", [("-", "a", 1, None), ("+", "a", None, 1)]),
    "CRLF": ("a\r\n", "a\n", [("-", "a\r", 1, None), ("+", "a", None, 1)]),
    "only a line feed ends a line": (
        "a\x0bb\u2028c\n",
        "a\x0bb\u2028c\n",
        [(" ", "a\x0bb\u2028c", 1, 1)],
    ),
    "empty lines": ("\n\n", "\n", [(" ", "", 1, 1), ("-", "", 2, None)]),
}


@pytest.mark.parametrize(("before", "after", "lines"), CASES.values(), ids=CASES)
def test_the_diff_of(before, after, lines):
    diff = line_diff(before, after)
    assert [(line.sign, line.text, line.old, line.new) for line in diff] == lines


texts = st.text(st.sampled_from("ab\n\r")) | st.text()


@given(texts, texts)
def test_each_side_of_the_diff_is_its_text(before, after):
    diff = line_diff(before, after)
    old = [line for line in diff if line.old is not None]
    new = [line for line in diff if line.new is not None]
    assert "\n".join(line.text for line in old) == before.removesuffix("\n")
    assert "\n".join(line.text for line in new) == after.removesuffix("\n")
    assert [line.old for line in old] == list(range(1, len(old) + 1))
    assert [line.new for line in new] == list(range(1, len(new) + 1))
    for line in diff:
        assert (line.sign != "+", line.sign != "-") == (line.old is not None, line.new is not None)


def test_a_huge_text_is_exchanged_not_compared():
    diff = line_diff("\n" * 30_000, "\n")
    assert [line.sign for line in diff] == ["-"] * 30_000 + ["+"]
