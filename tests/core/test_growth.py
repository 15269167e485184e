"""The measure of growth itself: it lets through what is linear, and nothing that is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.growth import assert_linear


def times(count: int) -> Callable[[], object]:
    return lambda: sum(i * i for i in range(count))


def test_what_grows_with_the_number_is_let_through():
    assert_linear(lambda n: times(n * 50))


def test_what_grows_with_its_square_is_not():
    with pytest.raises(AssertionError, match="s, then"):
        assert_linear(lambda n: times(n * n // 10))
