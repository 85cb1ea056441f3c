"""How surely a stock is over a cap, whatever range was counted."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.findings.cap import triangle


def every_number(low, best, high):
    """The triangle as it is stated: one weight for each whole number."""
    low, high = min(low, best), max(high, best)
    weights = {
        value: 1.0 - abs(value - best) / (best - low + 1 if value < best else high - best + 1)
        for value in range(low, high + 1)
    }
    whole = math.fsum(weights.values())
    return {value: weight / whole for value, weight in weights.items()}


@given(
    low=st.integers(0, 60), best=st.integers(0, 60), high=st.integers(0, 60),
    most=st.integers(0, 70),
)  # fmt: skip
def test_what_is_over_the_cap_weighs_as_all_its_numbers_together(low, best, high, most):
    stated = every_number(low, best, high)
    found = dict(triangle(low, best, high, most))
    for value, share in stated.items():
        if value <= most:
            assert found.pop(value) == pytest.approx(share, abs=1e-14)
    over = math.fsum(share for value, share in stated.items() if value > most)
    assert found.pop(most + 1, 0.0) == pytest.approx(over, abs=1e-14)
    assert found == {}


def test_a_count_of_one_to_ten_million_is_as_many_numbers_as_the_cap_has():
    """Of a triangle that falls from 1, all but its first 75 numbers lie over a cap of 75."""
    shares = triangle(1, 1, 10_000_000, most=75)
    assert [value for value, _ in shares] == list(range(1, 77))
    assert shares[-1][1] == pytest.approx(1 - 75 * 2 / 10_000_000, rel=1e-6)
    assert math.fsum(share for _, share in shares) == pytest.approx(1.0, abs=1e-12)
