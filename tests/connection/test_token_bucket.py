"""A bucket never lets more through in any window than it holds, keeps a part, and believes the venue."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.connection.token_bucket import TokenBucket

SECOND = 1_000_000_000
STEPS = st.lists(
    st.tuples(st.integers(0, SECOND), st.booleans(), st.none() | st.integers(0, 12)), min_size=1, max_size=80
)


def taken_one_by_one(bucket: TokenBucket, calls: int, *, reduces: bool = False) -> list[int]:
    """When each of so many calls that wait together goes."""
    at_ns, times = 0, []
    for _ in range(calls):
        at_ns = bucket.free_at(at_ns, reduces=reduces)
        bucket.take(at_ns)
        times.append(at_ns)
    return times


def test_a_hundred_calls_at_once_take_nine_seconds() -> None:
    times = taken_one_by_one(TokenBucket("order", 10, SECOND, 0), 100)
    assert times[-1] == 9 * SECOND


@given(steps=STEPS)
def test_no_window_of_a_period_holds_more_than_the_capacity(
    steps: list[tuple[int, bool, int | None]],
) -> None:
    bucket, now, times = TokenBucket("order", 8, SECOND, 3), 0, list[int]()
    for later, reduces, left in steps:
        now = bucket.free_at(now + later, reduces=reduces)
        bucket.take(now)
        times.append(now)
        if left is not None:
            bucket.told_left(left, now, now)
    assert all(sum(t - SECOND < other <= t for other in times) <= 8 for t in times)


def test_the_last_part_is_for_what_reduces() -> None:
    bucket = TokenBucket("order", 12, SECOND, 4)
    assert taken_one_by_one(bucket, 8) == [0] * 8
    assert bucket.free_at(0, reduces=False) == SECOND
    assert bucket.free_at(0, reduces=True) == 0
    for _ in range(4):
        bucket.take(0)
    assert bucket.free_at(0, reduces=True) == SECOND


def test_what_reduces_and_waits_goes_before_what_does_not() -> None:
    bucket = TokenBucket("order", 3, SECOND, 1)
    for at_ns in (0, 10, 20):
        bucket.take(at_ns)
    assert bucket.free_at(30, reduces=True) == SECOND
    assert bucket.free_at(30, reduces=False) == SECOND + 10


def test_what_the_venue_has_left_counts_where_it_is_less() -> None:
    bucket = TokenBucket("default", 30, SECOND, 0)
    bucket.take(0)
    bucket.told_left(2, 0, 100)
    assert taken_one_by_one(bucket, 2)[-1] == 0
    assert bucket.free_at(100, reduces=True) == SECOND


def test_the_venue_has_not_counted_what_was_sent_since() -> None:
    bucket = TokenBucket("default", 30, SECOND, 0)
    for at_ns in (0, 10, 20):
        bucket.take(at_ns)
    bucket.told_left(4, 0, 100)  # of the first call: two more are on their way
    for _ in range(2):
        assert bucket.free_at(100, reduces=False) == 100
        bucket.take(100)
    assert bucket.free_at(100, reduces=False) == SECOND


@given(left=st.integers(0, 1000))
def test_more_than_it_holds_makes_nobody_faster(left: int) -> None:
    bucket = TokenBucket("default", 5, SECOND, 0)
    for _ in range(5):
        bucket.take(0)
    bucket.told_left(left, 0, 1)
    assert bucket.free_at(1, reduces=True) == SECOND


def test_a_pause_holds_everything() -> None:
    bucket = TokenBucket("order", 12, SECOND, 4)
    bucket.pause(5 * SECOND)
    bucket.pause(2 * SECOND)
    assert bucket.free_at(0, reduces=True) == 5 * SECOND


@pytest.mark.parametrize(("capacity", "period", "kept"), [(0, SECOND, 0), (4, SECOND, 4), (4, 0, 0), (4, SECOND, -1)])
def test_a_bucket_that_could_never_give_is_none(capacity: int, period: int, kept: int) -> None:
    with pytest.raises(ValueError, match="no call fits"):
        TokenBucket("order", capacity, period, kept)
