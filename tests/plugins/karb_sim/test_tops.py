"""Fills at recorded tops: what stands when the order arrives, each coin once, and nothing at an old top."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import numpy as np
import pytest

from karb_core.domain.approved import Approved
from karb_core.domain.decisions import Cited
from karb_core.domain.orders import Filled, Order, Rejected, Side
from karb_core.history.bar_columns import BarColumns, Traded
from karb_core.history.bars import Bars
from karb_core.history.points import Points
from karb_core.history.top_market import StandingTops
from karb_core.history.tops import Tops
from karb_core.venue.top_market import OpensOverTops
from karb_sim.tops import TopFills, TopFillsParams
from karb_sim.venues_over_tops import VenuesOverTops
from tests.plugins.karb_sim.test_bars import terms
from tests.venue.accounts import PERPETUAL, SPOT, order

START = 1_735_689_600_000
NS = 1_000_000
RULE = Cited("execution.first", "test.yaml", 1, "together")


def at(ms: int) -> int:
    return (START + ms) * NS


def opened(latency: str = "80ms", amount: str = "offered", max_age: str = "2s") -> VenuesOverTops:
    """Tops of both instruments at 0 s and 1 s: 1 coin offered at each side, 0.4 in the second top."""
    times, amounts = START + np.array([0, 1000]), np.array([1.0, 0.4])
    spot = Tops("spot", 1000, times, np.array([95e6, 95.1e6]), amounts, np.array([95.01e6, 95.11e6]), amounts)
    perpetual = Tops("perp", 1000, times, np.array([63000.0, 63010.0]), amounts, np.array([63001.0, 63011.0]), amounts)
    params = TopFillsParams.model_validate({"order_latency": latency, "amount": amount, "max_age": max_age})
    component = TopFills(params)
    assert isinstance(component, OpensOverTops)
    price = np.array([63000.0])
    marks = Bars("marks", 60_000, np.array([START]), price, price, price, price)
    funding = Points("funding", np.array([START + 5000]), np.array([0.001]))
    venues = component.open_tops(
        StandingTops({SPOT: spot, PERPETUAL: perpetual}),
        BarColumns({PERPETUAL: Traded(marks, marks, funding)}),
        [terms(SPOT, "KRW", "450000000"), terms(PERPETUAL, "USDT", "31000")],
    )
    assert isinstance(venues, VenuesOverTops)
    return venues


def placed(venues: VenuesOverTops, ms: int, item: Order) -> Filled | Rejected:
    venues.at(at(ms))
    outcome = asyncio.run(venues.place(Approved.by_rule(item, RULE)))
    assert isinstance(outcome, Filled | Rejected)
    return outcome


def buys(amount: str = "0.3", limit: str = "96000000") -> Order:
    return order(SPOT, Side.BUY, amount, limit)


@pytest.mark.parametrize(("ms", "price"), [(919, "95010000"), (920, "95110000")])
def test_an_order_meets_the_top_that_stands_when_it_arrives(ms: int, price: str) -> None:
    venues = opened()
    outcome = placed(venues, ms, buys())
    assert isinstance(outcome, Filled)
    assert outcome.cost.value == Decimal(price) * Decimal("0.3")
    (fill,) = asyncio.run(venues.fills_since(0))
    assert fill.venue_at_ns == at(ms + 80)


def test_two_orders_never_take_the_same_coins_of_one_top() -> None:
    venues = opened()
    filled = [placed(venues, ms, buys()) for ms in (1000, 1100, 1200)]
    assert [each.filled.value for each in filled if isinstance(each, Filled)] == [
        Decimal("0.3"),
        Decimal("0.1"),
        Decimal(0),
    ]


def test_any_amount_fills_where_the_file_says_so() -> None:
    outcome = placed(opened(amount="any"), 1000, buys("0.9"))
    assert isinstance(outcome, Filled)
    assert outcome.filled.value == Decimal("0.9")


@pytest.mark.parametrize(("ms", "filled"), [(2920, "0.3"), (2921, "0")])
def test_exactly_as_old_as_the_limit_a_top_still_fills(ms: int, filled: str) -> None:
    outcome = placed(opened(), ms, buys())
    assert isinstance(outcome, Filled)
    assert outcome.filled.value == Decimal(filled)


def test_an_order_outside_its_limit_does_not_fill() -> None:
    outcome = placed(opened(), 0, buys(limit="95009000"))
    assert isinstance(outcome, Filled)
    assert outcome.filled.value == 0


def test_what_is_open_is_settled_at_the_mark() -> None:
    venues = opened()
    placed(venues, 0, order(PERPETUAL, Side.SELL, "0.3", "60000"))
    assert venues.next_wake(at(100)) == at(5000)
    venues.wake(at(5000))
    (income,) = asyncio.run(venues.income_since(0))
    assert income.received.value == Decimal("0.3") * 63000 * Decimal("0.001")


def test_what_we_would_trade_at_is_the_top_itself() -> None:
    venues = opened()
    top = venues.top(SPOT, Decimal(1), at(999))
    assert (top.bid, top.ask, top.venue_at_ns) == (Decimal(95_000_000), Decimal(95_010_000), at(0))
    assert not venues.top(SPOT, Decimal(1), at(-1)).sound
