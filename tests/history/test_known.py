import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.history.known import NEVER, events_between, last_known
from karb_core.history.points import Points

START = 1_735_689_600_000
times = st.lists(st.integers(0, 50), unique=True, max_size=20).map(sorted)


def points(times):
    return Points("rate", START + np.array(times, dtype=np.int64), np.array([t / 7 for t in times], dtype=np.float64))


@given(times, st.lists(st.integers(-5, 60), max_size=30))
def test_each_row_sees_the_last_value_known_at_or_before_it(times, at):
    known = last_known(points(times), START + np.array(at, dtype=np.int64))
    for row, now in enumerate(at):
        before = [t for t in times if t <= now]
        assert known.present[row] == bool(before)
        if before:
            assert known.values[row] == before[-1] / 7
            assert known.age_ms[row] == now - before[-1]
        else:
            assert np.isnan(known.values[row])
            assert known.age_ms[row] == NEVER


@given(times, st.integers(-5, 60), st.integers(0, 60))
def test_events_lie_after_the_first_moment_and_up_to_the_last(times, after, length):
    rows = events_between(points(times), START + after, START + after + length)
    assert times[rows] == [t for t in times if after < t <= after + length]


def test_a_span_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="before it begins"):
        events_between(points([1]), START + 1, START)
