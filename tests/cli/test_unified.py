from __future__ import annotations

from difflib import unified_diff

from hypothesis import given
from hypothesis import strategies as st

from jupyter_envsnap.cli.unified import unified
from jupyter_envsnap.core.linediff import line_diff

LINES = st.lists(st.sampled_from("abcd"), max_size=40)


@given(LINES, LINES)
def test_a_diff_is_written_as_the_standard_library_writes_it(before, after):
    old, new = ("".join(f"{line}\n" for line in lines) for lines in (before, after))
    expected = "".join(
        unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), "f", "f")
    )
    assert one_less(unified(line_diff(old, new), "f", exists=True)) == expected


def one_less(text: str) -> str:
    """A count of one is left out there."""
    return "".join(
        line.replace(",1 ", " ") if line.startswith("@@") else line
        for line in text.splitlines(keepends=True)
    )


def test_a_new_file_comes_from_nowhere():
    assert unified(line_diff("", "a\n"), "f", exists=False) == (
        "--- /dev/null\n+++ f\n@@ -0,0 +1,1 @@\n+a\n"
    )
