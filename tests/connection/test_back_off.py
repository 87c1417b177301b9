"""Waits double up to a cap, are spread, and after so many failures in a row the venue is down."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from karb_core.connection.back_off import BackOff


class Least(Random):
    """Draws nothing: the whole wait."""

    def random(self) -> float:
        return 0.0


def test_waits_double_up_to_the_cap_and_go_on_there() -> None:
    off = BackOff(1, 60, 10, Least())
    assert [off.failed() for _ in range(9)] == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_ten_failures_in_a_row_are_down_and_nine_are_not() -> None:
    off = BackOff(1, 60, 10, Least())
    for _ in range(9):
        off.failed()
    assert not off.down
    off.failed()
    assert off.down
    off.answered()
    assert not off.down
    assert off.failed() == 1


def test_the_same_seed_waits_the_same_and_another_does_not() -> None:
    one, same, other = (BackOff(1, 60, 10, Random(seed)) for seed in (7, 7, 8))
    waits = [[each.failed() for _ in range(20)] for each in (one, same, other)]
    assert waits[0] == waits[1] != waits[2]


@given(st.integers(), st.floats(0.01, 10), st.floats(1, 1000), st.integers(1, 5000))
def test_a_wait_is_never_longer_than_the_whole_nor_shorter_than_half(
    seed: int, first_s: float, times: float, failures: int
) -> None:
    off = BackOff(first_s, first_s * times, 10, Random(seed))
    for number in range(min(failures, 60)):
        whole = min(first_s * 2**number, first_s * times)
        assert whole / 2 <= off.failed() <= whole


def test_it_can_fail_for_years() -> None:
    off = BackOff(1, 60, 10, Least())
    off.failures = 10**9
    assert off.failed() == 60
