"""What is known of an order is kept while nobody answers; a venue's not knowing one is no proof before its time."""

from __future__ import annotations

from karb_core.connection.arriving import ARRIVES_WITHIN_NS, may_arrive
from karb_core.connection.fates import Fates
from karb_core.domain.amount import Amount
from karb_core.domain.orders import Rejected, Unknown
from tests.connection.orders_here import BTC, COST, filled, order

NOTHING = (Amount.zero("BTC"), Amount.zero("KRW"))
AT = 1_795_237_200_000_000_000


def test_an_order_was_sent_while_it_is_on_its_way_once_a_time_was_noted_and_once_it_was_told() -> None:
    fates = Fates("somewhere")
    assert not fates.was_sent("a")
    fates.sending("a")
    assert fates.was_sent("a")
    fates.gave_up("a")
    assert not fates.was_sent("a")
    fates.note("a", AT)
    assert fates.was_sent("a")
    assert (fates.noted_ns("a"), fates.noted_ns("b")) == (AT, None)
    fates.remembered(order("b"), filled(order("b")))
    assert fates.was_sent("b")


def test_an_unknown_one_keeps_what_was_told_of_it_before() -> None:
    fates = Fates("somewhere")
    nothing = fates.unknown(order(), "no route")
    assert (nothing.filled, nothing.cost, nothing.why) == (*NOTHING, "no route")
    fates.remembered(order(), filled(final=False))
    since = fates.unknown(order(), "no route")
    assert (since.filled, since.cost) == (filled().filled, COST)


def test_one_that_traded_for_nobody_knows_how_much_is_unknown() -> None:
    told = Fates("somewhere").remembered(order(), None)
    assert isinstance(told, Unknown)
    assert "somewhere has not told yet" in told.why


def test_not_knowing_an_order_is_proof_only_when_nothing_of_it_is_under_way_and_nothing_was_told() -> None:
    fates = Fates("somewhere")
    assert isinstance(fates.not_found(order(), "no such order", may_arrive=True), Unknown)
    dead = fates.not_found(order(), "no such order", may_arrive=False)
    assert isinstance(dead, Rejected)
    assert (dead.code, dead.message) == ("order_not_found", "no such order")
    fates.sending(order().id)
    assert isinstance(fates.not_found(order(), "no such order", may_arrive=False), Unknown)
    fates.gave_up(order().id)
    fates.remembered(order(), filled())
    gone = fates.not_found(order(), "no such order", may_arrive=False)
    assert isinstance(gone, Unknown)
    assert gone.filled == BTC.amount(filled().filled.value)


def test_of_what_is_over_the_latest_thousand_are_remembered_and_what_goes_on_is_never_forgotten() -> None:
    fates = Fates("somewhere")
    fates.remembered(order("rests"), filled(order("rests"), final=False))
    for n in range(2001):
        fates.remembered(order(f"over-{n}"), filled(order(f"over-{n}")))
    assert fates.was_sent("rests")
    assert not fates.was_sent("over-0")
    assert fates.was_sent("over-1001")
    assert fates.was_sent("over-2000")


def test_times_are_kept_of_ten_thousand_orders() -> None:
    fates = Fates("somewhere")
    for n in range(10_001):
        fates.note(f"{n}", AT)
    assert (fates.noted_ns("0"), fates.noted_ns("1")) == (None, AT)


def test_a_request_without_a_time_may_arrive_for_exactly_a_minute() -> None:
    assert ARRIVES_WITHIN_NS == 60_000_000_000
    assert may_arrive(AT, AT + ARRIVES_WITHIN_NS)
    assert not may_arrive(AT, AT + ARRIVES_WITHIN_NS + 1)
