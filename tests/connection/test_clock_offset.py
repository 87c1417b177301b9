"""What a venue's answers say of its clock is never wrong, and gets narrower."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from karb_core.connection.clock_offset import ClockOffset

SECOND = 1_000_000_000
ANSWERS = st.lists(
    st.tuples(st.integers(0, 5 * SECOND), st.integers(0, SECOND), st.integers(0, SECOND)), min_size=1, max_size=30
)


@given(st.integers(-(10**13), 10**13), ANSWERS)
def test_the_true_offset_is_always_between_the_bounds(offset: int, answers: list[tuple[int, int, int]]) -> None:
    known, now, widths = ClockOffset(), 10**15, []
    for wait, there, back in answers:
        sent, answered, received = now + wait, now + wait + there, now + wait + there + back
        told = (answered + offset) // SECOND * SECOND
        known.learn(told, SECOND, sent, received)
        assert known.earliest_ns(received) <= received + offset <= known.latest_ns(received)
        widths.append(known.latest_ns(0) - known.earliest_ns(0))
        now = received
    assert widths == sorted(widths, reverse=True)


def test_quick_answers_at_different_parts_of_a_second_narrow_it() -> None:
    known = ClockOffset()
    for part in range(20):
        at_ns = 100 * SECOND + part * 1_050_000_000
        known.learn(at_ns // SECOND * SECOND, SECOND, at_ns - 1_000_000, at_ns + 1_000_000)
    assert known.latest_ns(0) - known.earliest_ns(0) <= 60_000_000


def test_a_clock_that_was_set_begins_anew() -> None:
    known = ClockOffset()
    known.learn(100 * SECOND, SECOND, 100 * SECOND, 100 * SECOND)
    known.learn(90 * SECOND, SECOND, 101 * SECOND, 101 * SECOND)
    assert (known.earliest_ns(0), known.latest_ns(0)) == (-11 * SECOND, -10 * SECOND)


def test_nothing_known_is_our_own_clock() -> None:
    assert (ClockOffset().earliest_ns(7), ClockOffset().latest_ns(7)) == (7, 7)
