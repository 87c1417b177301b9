"""What is known of an order only grows, whatever is answered, listed and asked, in any order and any number of times."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.orders import Filled, Order, Outcome, Rejected, Side, TimeInForce, Unknown
from karb_core.engine.sent import FIRST_TRY, NOT_WRITTEN, Sent
from tests.engine.scene import NOW, SECOND, SPOT, D

ORDER = Order(
    id="o", intent_id="abcdefghij234567", leg=0, instrument=SPOT, side=Side.BUY, amount=SPOT.amount(D(100)),
    limit=SPOT.price(D(10)), cost=None, time_in_force=TimeInForce.IOC, reduce_only=False,
)  # fmt: skip
FRESH = Sent(ORDER, 0, FIRST_TRY, NOW, None, None)
NO = Rejected(ORDER, "429", "no")


def filled(base: str | Decimal, *, final: bool = True) -> Filled:
    return Filled(ORDER, SPOT.amount(D(base)), SPOT.amount(D(base)).at(SPOT.price(D(10))), final)


def unknown(base: str | Decimal = "0") -> Unknown:
    return Unknown(ORDER, "no answer", SPOT.amount(D(base)), SPOT.amount(D(base)).at(SPOT.price(D(10))))


bases = st.one_of(st.sampled_from([D(0), D(100)]), st.integers(0, 120).map(D))
answers = st.one_of(
    st.just(NO), bases.map(unknown), bases.map(filled), bases.map(lambda base: filled(base, final=False))
)
#: An answer, base that is listed, or None for a question.
events = st.lists(st.one_of(answers, bases, st.none()), max_size=12)
Event = Outcome | Decimal | None


def after(sent: Sent, event: Event, now_ns: int) -> Sent:
    if event is None:
        return sent.asked(now_ns)
    return sent.with_listed(event, now_ns) if isinstance(event, Decimal) else sent.answered(event, now_ns)


@given(events)
def test_what_was_known_stays_known_and_what_is_over_stays_over(events: list[Event]) -> None:
    known, last_ask = FRESH, FRESH.ask_at_ns
    for at, event in enumerate(events, start=1):
        now_ns = NOW + at * SECOND
        before, known = known, after(known, event, now_ns)
        assert known == after(known, event, now_ns), "told twice is told once"
        assert known.told >= before.told
        assert known.filled >= before.filled
        assert known.filled == max(known.told, known.listed or 0)
        assert known.over or not before.over
        assert not before.over or (known.outcome, known.answered_ns) == (before.outcome, before.answered_ns)
        assert known.over or before.answered_ns in (None, known.answered_ns), "an open question counts from one time"
        assert (known.filled_ns is None) == (known.filled == 0)
        assert before.filled_ns in (None, known.filled_ns)
        assert known.settled == (known.over and known.listed in (None, known.filled))
        assert not (known.rests and known.over)
        if event is None and not known.over:
            assert known.ask_at_ns > max(now_ns, last_ask)
            last_ask = known.ask_at_ns


@given(st.integers(0, 3600 * SECOND), st.integers(1, 3600 * SECOND))
def test_times_to_ask_strictly_rise_and_waits_never_shrink(open_ns: int, longer_ns: int) -> None:
    early, late = NOW + open_ns, NOW + open_ns + longer_ns
    assert early < FRESH.ask_after(early) < FRESH.ask_after(late)
    assert FRESH.ask_after(early) - early <= FRESH.ask_after(late) - late


@pytest.mark.parametrize(
    ("open_s", "wait_ns"),
    [
        ("0", 100_000_000),
        ("0.2", 100_000_000),
        ("0.200000002", 100_000_001),
        ("0.200000005", 100_000_002),
        ("1", 500_000_000),
        ("8", 4 * SECOND),
    ],
)
def test_it_is_asked_about_after_half_as_long_again_and_a_tenth_of_a_second_at_the_soonest(
    open_s: str, wait_ns: int
) -> None:
    at_ns = NOW + int(D(open_s) * SECOND)
    assert FRESH.ask_after(at_ns) == at_ns + wait_ns
    assert FRESH.asked(at_ns).ask_at_ns == at_ns + wait_ns
    at_the_beginning = replace(FRESH, sent_ns=1)
    assert at_the_beginning.ask_after(1 + at_ns - NOW) == 1 + at_ns - NOW + wait_ns


def test_before_any_question_the_wait_counts_from_its_answer_or_from_when_it_was_sent() -> None:
    assert (FRESH.open_since_ns, FRESH.ask_at_ns) == (NOW, NOW + 100_000_000)
    heard = FRESH.answered(unknown(), NOW + 2 * SECOND)
    assert (heard.open_since_ns, heard.ask_at_ns) == (NOW + 2 * SECOND, NOW + 3 * SECOND)


def test_an_open_question_counts_from_the_first_answer_and_an_ended_order_from_its_end() -> None:
    once = FRESH.answered(unknown(), NOW + 1)
    assert once.answered(unknown("5"), NOW + 2).open_since_ns == NOW + 1
    assert once.answered(filled("5", final=False), NOW + 2).open_since_ns == NOW + 1
    ended = once.answered(filled("5"), NOW + 3)
    assert ended.open_since_ns == NOW + 3
    assert ended.answered(filled("5"), NOW + 4) == replace(ended, heard_ns=NOW + 4)


def test_an_answer_that_tells_less_than_is_known_changes_nothing_and_one_that_tells_as_much_does() -> None:
    half = FRESH.answered(filled("0.5", final=False), NOW + 1)
    heard = replace(half, heard_ns=NOW + 2)  # that it answered at all is known
    assert half.answered(filled("0.49"), NOW + 2) == heard
    assert half.answered(NO, NOW + 2) == heard
    assert half.answered(filled("0.5"), NOW + 2).over


def test_an_answer_that_tells_less_than_is_listed_still_ends_the_order() -> None:
    ended = FRESH.answered(unknown(), NOW + 1).with_listed(D(7), NOW + 2).answered(filled("3"), NOW + 3)
    assert (ended.over, ended.filled, ended.settled, ended.open_since_ns) == (True, D(7), True, NOW + 3)


def test_an_order_whose_fills_are_not_all_listed_is_asked_about_from_its_end_on() -> None:
    ended = FRESH.answered(unknown(), NOW + 1).with_listed(D(2), NOW + 1).answered(filled("3"), NOW + 3)
    assert (ended.settled, ended.open_since_ns) == (False, NOW + 3)


def test_what_is_known_of_an_order_is_never_changed_in_place() -> None:
    with pytest.raises(FrozenInstanceError):
        FRESH.outcome = NO  # type: ignore[misc]
    assert not hasattr(FRESH, "__dict__")


@pytest.mark.parametrize(
    ("outcome", "told", "over", "rests"),
    [
        (None, "0", False, False),
        (NO, "0", True, False),
        (unknown("7"), "7", False, False),
        (filled("7"), "7", True, False),
        (filled("7", final=False), "7", False, True),
    ],
)
def test_what_an_outcome_says_of_an_order(outcome: Outcome | None, told: str, over: bool, rests: bool) -> None:
    sent = replace(FRESH, outcome=outcome)
    assert (sent.told, sent.filled, sent.over, sent.settled, sent.rests) == (D(told), D(told), over, over, rests)


@pytest.mark.parametrize(
    ("told", "listed", "known", "settled"), [("7", "6", "7", False), ("7", "7", "7", True), ("7", "8", "8", True)]
)
def test_what_is_told_and_not_listed_has_traded_and_is_not_settled(
    told: str, listed: str, known: str, settled: bool
) -> None:
    sent = FRESH.answered(filled(told), NOW).with_listed(D(listed), NOW)
    assert (sent.filled, sent.settled) == (D(known), settled)
    assert not FRESH.answered(filled(told, final=False), NOW).with_listed(D(listed), NOW).settled


def test_what_was_listed_once_stays_listed() -> None:
    assert FRESH.with_listed(D(7), NOW).with_listed(D(3), NOW).listed == D(7)
    assert FRESH.with_listed(D(7), NOW).with_listed(D(9), NOW).listed == D(9)
    assert FRESH.with_listed(D(0), NOW).listed == D(0)


def test_a_fill_is_known_from_when_it_was_first_told_or_listed() -> None:
    assert FRESH.with_listed(D(0), NOW + 1).filled_ns is None
    listed = FRESH.answered(unknown(), NOW + 1).with_listed(D(1), NOW + 2)
    assert (listed.filled_ns, listed.first_filled_ns) == (NOW + 2, NOW + 2)
    assert listed.answered(filled("1"), NOW + 3).first_filled_ns == NOW + 2
    assert FRESH.answered(unknown("1"), NOW + 1).with_listed(D(1), NOW + 2).first_filled_ns == NOW + 1


def test_a_fill_whose_time_nobody_noted_counts_from_the_answer() -> None:
    assert Sent(ORDER, 0, FIRST_TRY, NOW, filled("1"), NOW + 5).first_filled_ns == NOW + 5


def test_what_a_process_that_is_gone_sent_is_asked_about_as_long_and_as_often_as_one_s_own() -> None:
    hour = 3600 * SECOND
    found = replace(FRESH, taken_up_ns=NOW + hour)
    assert (FRESH.asking_since_ns, found.asking_since_ns) == (NOW, NOW + hour)
    assert found.ask_at_ns <= NOW + hour
    for after_ns in (0, SECOND, 9 * SECOND):
        own = FRESH.asked(NOW + after_ns).ask_at_ns - (NOW + after_ns)
        assert found.asked(NOW + hour + after_ns).ask_at_ns - (NOW + hour + after_ns) == own


def test_an_answer_that_came_after_it_was_taken_up_counts_from_then() -> None:
    found = replace(FRESH, taken_up_ns=NOW + 5)
    assert found.answered(filled("100"), NOW + 9).asking_since_ns == NOW + 9


@pytest.mark.parametrize(
    ("outcome", "left"),
    [
        (None, True),
        (NO, True),
        (replace(NO, code="a"), True),
        (replace(NO, code="z"), True),
        (replace(NO, code=NOT_WRITTEN), False),
        (filled("0"), True),
        (unknown(), True),
    ],
)
def test_only_what_could_not_be_written_never_left_us(outcome: Outcome | None, left: bool) -> None:
    assert replace(FRESH, outcome=outcome).left_us is left
