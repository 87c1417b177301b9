"""A line that says nothing, and one that says much and nothing new, are both given up."""

from __future__ import annotations

from karb_core.connection.stalled import Stalled

S = 1_000_000_000
AT = 1_736_132_400 * S


def line() -> Stalled:
    made = Stalled(60 * S, 90 * S)
    made.opened(AT)
    return made


def test_exactly_the_bound_is_alive_and_a_nanosecond_more_is_not() -> None:
    made = line()
    assert made.why(AT + 60 * S) is None
    assert made.why(AT + 60 * S + 1) == "nothing came"
    assert made.due_ns() == AT + 60 * S


def test_answered_pings_do_not_hide_that_the_venues_time_stands_still() -> None:
    made = line()
    for second in range(0, 100, 10):
        made.heard(AT + second * S, None)
    assert made.why(AT + 90 * S) is None
    assert made.why(AT + 90 * S + 1) == "its time stands still"


def test_the_same_book_again_and_again_is_no_progress_and_neither_is_an_older_one() -> None:
    made = line()
    made.heard(AT + S, AT)
    for second in range(2, 92):
        made.heard(AT + second * S, AT - (second % 2) * S)
    assert made.why(AT + 91 * S) is None
    assert made.why(AT + 91 * S + 1) == "its time stands still"
    made.heard(AT + 92 * S, AT + 1)
    assert made.why(AT + 93 * S) is None


def test_a_new_line_may_begin_with_what_the_last_one_told() -> None:
    made = line()
    made.heard(AT, AT + 10 * S)
    made.opened(AT + 200 * S)
    made.heard(AT + 201 * S, AT + 10 * S)
    assert made.why(AT + 261 * S) is None
