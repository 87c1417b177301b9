"""The deviation is the one of Python's own statistics, to the last bit."""

from __future__ import annotations

from statistics import StatisticsError, stdev

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from karb_research.deviation import deviation

RETURNS = st.floats(-0.2, 0.2)
ANY = st.floats(-1e150, 1e150, allow_nan=False)


@given(st.one_of(st.lists(RETURNS, min_size=2, max_size=60), st.lists(ANY, min_size=2, max_size=9)))
@example([0.0, 0.0])
@example([0.1, 0.1, 0.1])
@example([5e-324, 0.0])
@example([1e300, -1e-300])
def test_it_is_the_nearest_float(values: list[float]) -> None:
    assert deviation(values) == stdev(values)


def test_fewer_than_two_have_none() -> None:
    with pytest.raises(StatisticsError):
        deviation([0.1])
