"""A venue that lists only so much: what it came to stays, an id stays taken, and nothing is settled twice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from karb_core.domain.orders import Rejected, Side
from tests.venue.accounts import PERPETUAL, SPOT, margined, order, spot

PRICE = Decimal("95000000")


@pytest.mark.parametrize(("before_ns", "listed"), [(7, 1), (8, 0)])
def test_what_was_booked_before_is_listed_no_more_and_what_it_came_to_stays(before_ns: int, listed: int) -> None:
    book = spot()
    bought = order(SPOT, Side.BUY, "0.1", PRICE, id="mine")
    book.trade(bought, PRICE, 7)
    held = book.balances()
    book.forget(before_ns)
    assert (len(book.fills_since(0)), book.has_forgotten("mine")) == (listed, not listed)
    assert (book.outcome_of("mine") is None, book.balances()) == (not listed, held)


def test_an_id_that_was_taken_stays_taken() -> None:
    book = spot()
    again = order(SPOT, Side.BUY, "0.1", PRICE, id="mine")
    book.trade(again, PRICE, 7)
    book.forget(100)
    outcome = book.trade(again, PRICE, 101).outcome
    assert isinstance(outcome, Rejected)
    assert outcome.code == "duplicate_order_id"
    assert book.fills_since(0) == []


@pytest.mark.parametrize(("before_ns", "settled"), [(9, False), (10, False), (11, False)])
def test_a_settlement_is_booked_once_whatever_is_forgotten(before_ns: int, settled: bool) -> None:
    book = margined()
    book.trade(order(PERPETUAL, Side.BUY, "0.1", "63000"), Decimal(63000), 5)
    assert book.settle_funding(PERPETUAL, Decimal("0.0001"), Decimal(63000), 10) is not None
    book.forget(before_ns)
    assert (book.settle_funding(PERPETUAL, Decimal("0.0001"), Decimal(63000), 10) is not None) is settled


def test_a_settlement_of_a_time_that_is_listed_is_booked_however_late_it_is_told() -> None:
    book = margined()
    book.trade(order(PERPETUAL, Side.BUY, "0.1", "63000"), Decimal(63000), 5)
    book.forget(10)
    assert book.settle_funding(PERPETUAL, Decimal("0.0001"), Decimal(63000), 10) is not None
    assert book.settle_funding(PERPETUAL, Decimal("0.0001"), Decimal(63000), 9) is None
