"""Days of Korea: every instant is in one, and they follow each other without a gap."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.korean_day import day_ends, day_of

HOUR = 3_600_000_000_000
MIDNIGHT = 15 * HOUR  # of 1970-01-01 in Korea
TIMES = st.integers(min_value=0, max_value=2**62)


def test_midnight_begins_a_day() -> None:
    assert day_of(MIDNIGHT - 1) == date(1970, 1, 1)
    assert day_of(MIDNIGHT) == date(1970, 1, 2)


def test_a_stretch_that_ends_at_midnight_is_of_the_day_that_ends() -> None:
    assert list(day_ends(0, MIDNIGHT)) == [(date(1970, 1, 1), MIDNIGHT)]
    assert list(day_ends(MIDNIGHT, MIDNIGHT)) == []


def test_the_first_and_the_last_day_may_be_short() -> None:
    assert list(day_ends(MIDNIGHT - 1, MIDNIGHT + 24 * HOUR + 1)) == [
        (date(1970, 1, 1), MIDNIGHT),
        (date(1970, 1, 2), MIDNIGHT + 24 * HOUR),
        (date(1970, 1, 3), MIDNIGHT + 24 * HOUR + 1),
    ]


@given(TIMES, st.integers(min_value=1, max_value=400 * 24 * HOUR))
def test_days_follow_each_other(began_ns: int, lasted_ns: int) -> None:
    ended_ns = began_ns + lasted_ns
    found = list(day_ends(began_ns, ended_ns))
    assert found[0][0] == day_of(began_ns)
    assert found[-1] == (day_of(ended_ns - 1), ended_ns)
    for (day, at_ns), (following, until_ns) in pairwise(found):
        assert following - day == timedelta(days=1)
        assert day_of(at_ns - 1) == day != day_of(at_ns)
        assert until_ns > at_ns
