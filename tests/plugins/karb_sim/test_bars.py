import asyncio
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pytest

from karb_core.domain.approved import Approved
from karb_core.domain.decisions import Cited
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Filled, Order, Outcome, Rejected, Side
from karb_core.history.bar_columns import BarColumns, Traded
from karb_core.history.bars import Bars
from karb_core.history.points import Points
from karb_core.ports import Executor, Stage
from karb_core.venue.bar_market import BarMarket, BarVenues, OpensOverBars
from karb_core.venue.terms import VenueTerms
from karb_sim.bars import BarFills, BarFillsParams
from karb_sim.venues import VenuesOverBars
from tests.venue.accounts import PERPETUAL, SPOT, facts, order

START = 1_735_689_600_000
MINUTE = 60_000
NS = 1_000_000
RULE = Cited("execution.first", "test.yaml", 1, "together")
MINUTES = range(12)


def at(minute: float) -> int:
    return (START + int(minute * MINUTE)) * NS


Prices = dict[int, float]


def series(opens: Prices, *, high: Prices | None = None, low: Prices | None = None, length: int = 1) -> Bars:
    """A minute's bar opens and closes at one price; `high` and `low` spread some."""
    prices = np.array(list(opens.values()), dtype=np.float64)
    highs = np.array([(high or {}).get(minute, price) for minute, price in opens.items()], dtype=np.float64)
    lows = np.array([(low or {}).get(minute, price) for minute, price in opens.items()], dtype=np.float64)
    opened = np.array([START + minute * MINUTE for minute in opens], dtype=np.int64)
    return Bars("test", length * MINUTE, opened, prices, highs, lows, prices, np.full(len(opens), 2.5))


def rising(price: float, step: float, missing: Sequence[int] = ()) -> Bars:
    return series({minute: price + step * minute for minute in MINUTES if minute not in missing})


def market(
    spot: Bars | None = None,
    perpetual: Bars | None = None,
    marks: Bars | None = None,
    rates: dict[float, float] | None = None,
) -> BarColumns:
    given = {START + int(minute * MINUTE): rate for minute, rate in (rates or {}).items()}
    funding = Points("funding", np.array(list(given), dtype=np.int64), np.array(list(given.values()), dtype=np.float64))
    return BarColumns(
        {
            SPOT: Traded(spot or rising(95_000_000, 1000)),
            PERPETUAL: Traded(perpetual or rising(63_000, 1), marks, funding),
        },
        [(SPOT, PERPETUAL)],
    )


def opened(bars: BarMarket, *, slippage: str = "0bp", apart: str = "0s", leverage: str = "1") -> VenuesOverBars:
    params = BarFillsParams.model_validate({"fill": "next_open", "slippage": slippage, "legs_apart": apart})
    component = BarFills(params)
    assert isinstance(component, OpensOverBars)
    return component.open_market(bars, [terms(SPOT, "KRW", "45000000"), terms(PERPETUAL, "USDT", "31000", leverage)])


def terms(instrument: Instrument, asset: str, opening: str, leverage: str = "1") -> VenueTerms:
    return VenueTerms(
        venue=instrument.venue,
        opening={asset: Decimal(opening)},
        facts={instrument: facts(instrument)},
        leverage=Decimal(leverage),
        taker_fee=Decimal(0),
    )


def place(venues: Executor, item: Order) -> Outcome:
    return asyncio.run(venues.place(Approved.by_rule(item, RULE)))


def short(venues: VenuesOverBars, minute: int = 1, *, leg: int = 1) -> None:
    venues.at(at(minute))
    assert traded(place(venues, order(PERPETUAL, Side.SELL, "0.1", "50000", leg=leg))) == "0.1 BTC"


def traded(outcome: Outcome) -> str:
    assert isinstance(outcome, Filled)
    assert outcome.final
    return outcome.filled.text()


def test_the_component_is_offered_as_stable() -> None:
    assert BarFills.stage is Stage.STABLE


def test_what_it_opens_fills_the_port() -> None:
    venues: Executor = opened(market())
    over_bars: BarVenues = opened(market())
    assert asyncio.run(venues.open_orders()) == ()
    assert (
        set(asyncio.run(venues.facts()))
        == {SPOT, PERPETUAL}
        == {i for b in over_bars.books.values() for i in b.terms.facts}
    )


def test_an_order_fills_at_the_open_that_follows_moved_against_us() -> None:
    venues = opened(market(), slippage="3bp")
    venues.at(at(2))
    assert traded(place(venues, order(SPOT, Side.BUY, "0.1", "96000000"))) == "0.1 BTC"
    assert traded(place(venues, order(PERPETUAL, Side.SELL, "0.1", "62000", leg=1))) == "0.1 BTC"
    fills = asyncio.run(venues.fills_since(0))
    assert {fill.instrument: fill.price.value for fill in fills} == {
        SPOT: Decimal("95030500.6"),
        PERPETUAL: Decimal("62983.0994"),
    }
    assert {fill.venue_at_ns for fill in fills} == {at(2)}


def test_a_limit_holds_against_the_moved_price() -> None:
    venues = opened(market(), slippage="3bp")
    venues.at(at(2))
    assert traded(place(venues, order(SPOT, Side.BUY, "0.1", "95030000"))) == "0 BTC"
    assert traded(place(venues, order(SPOT, Side.BUY, "0.1", "95031000"))) == "0.1 BTC"


@pytest.mark.parametrize(("missing", "of"), [((), None), ((2,), SPOT), ((2,), PERPETUAL)])
def test_nothing_fills_where_either_has_no_bar(missing: tuple[int, ...], of: Instrument | None) -> None:
    spot = rising(95_000_000, 1000, missing if of == SPOT else ())
    perpetual = rising(63_000, 1, missing if of == PERPETUAL else ())
    venues = opened(market(spot, perpetual))
    venues.at(at(2))
    outcomes = [
        traded(place(venues, order(SPOT, Side.BUY, "0.1", "96000000"))),
        traded(place(venues, order(PERPETUAL, Side.SELL, "0.1", "62000", leg=1))),
    ]
    assert outcomes == (["0.1 BTC"] * 2 if of is None else ["0 BTC"] * 2)


def test_nothing_fills_between_opens() -> None:
    venues = opened(market())
    venues.at(at(2.5))
    assert traded(place(venues, order(SPOT, Side.BUY, "0.1", "96000000"))) == "0 BTC"


@pytest.mark.parametrize(("apart", "minute"), [("0s", 2), ("1s", 3), ("60s", 3), ("61s", 4)])
def test_a_later_leg_fills_later(apart: str, minute: int) -> None:
    venues = opened(market(), apart=apart)
    venues.at(at(2))
    place(venues, order(SPOT, Side.BUY, "0.1", "96000000"))
    place(venues, order(PERPETUAL, Side.SELL, "0.1", "62000", leg=1))
    fills = asyncio.run(venues.fills_since(0))
    assert {fill.instrument: fill.venue_at_ns for fill in fills} == {SPOT: at(2), PERPETUAL: at(minute)}
    assert [fill.venue_at_ns for fill in fills] == [at(2), at(minute)]
    assert {fill.price.value for fill in fills if fill.instrument == PERPETUAL} == {Decimal(63000 + minute)}


def test_a_later_leg_that_meets_no_bar_does_not_fill() -> None:
    venues = opened(market(perpetual=rising(63_000, 1, [3])), apart="1s")
    venues.at(at(2))
    assert traded(place(venues, order(SPOT, Side.BUY, "0.1", "96000000"))) == "0.1 BTC"
    assert traded(place(venues, order(PERPETUAL, Side.SELL, "0.1", "62000", leg=1))) == "0 BTC"


def test_a_top_is_the_close_moved_both_ways_with_the_volume_of_its_bar() -> None:
    venues = opened(market(), slippage="3bp")
    top = venues.top(PERPETUAL, Decimal("63001"), at(2))
    assert (top.bid, top.ask) == (Decimal("62982.0997"), Decimal("63019.9003"))
    assert (top.bid_amount, top.ask_amount) == (Decimal("2.5"), Decimal("2.5"))
    assert (top.venue_at_ns, top.received_at_ns) == (at(2), at(2))
    assert top.sound
    assert not venues.top(PERPETUAL, Decimal("63001"), at(2.5)).sound


def test_funding_wakes_the_venue_while_something_is_open() -> None:
    venues = opened(market(rates={1: 0.0001, 3: 0.0002, 5.5: -0.0001}))
    assert venues.next_wake(at(0)) is None
    short(venues)
    wakes = []
    now = at(1)
    while (wake := venues.next_wake(now)) is not None:
        venues.wake(wake)
        venues.wake(wake)
        wakes.append(wake)
        now = wake
    assert wakes == [at(3), at(5.5)]
    income = asyncio.run(venues.income_since(0))
    assert [(each.venue_at_ns, each.received.text()) for each in income] == [
        (at(3), "1.26006 USDT"),
        (at(5.5), "-0.63005 USDT"),
    ]


def test_a_settlement_is_at_the_mark_where_there_is_one() -> None:
    marks = series({3: 64000})
    venues = opened(market(marks=marks, rates={3: 0.0001, 5: 0.0001}))
    short(venues)
    venues.wake(at(3))
    venues.wake(at(5))
    income = asyncio.run(venues.income_since(0))
    assert [each.received.text() for each in income] == ["0.64 USDT", "0.63005 USDT"]


def test_what_opens_at_a_settlement_is_not_settled() -> None:
    venues = opened(market(rates={1: 0.0001}))
    short(venues, 1)
    venues.wake(at(1))
    assert venues.next_wake(at(1)) is None
    assert asyncio.run(venues.income_since(0)) == []


def test_a_leg_that_fills_later_is_not_settled_before() -> None:
    venues = opened(market(rates={1.5: 0.0001, 2.5: 0.0001}), apart="1m")
    short(venues, 1)
    assert venues.next_wake(at(1)) == at(2.5)
    assert (venues.next_wake(at(1), at(2)), venues.next_wake(at(1), at(2.5))) == (None, at(2.5))
    venues.wake(at(1.5))
    venues.wake(at(2.5))
    assert venues.next_wake(at(2.5)) is None
    assert [each.venue_at_ns for each in asyncio.run(venues.income_since(0))] == [at(2.5)]


def test_a_leg_that_leaves_later_is_settled_until_then() -> None:
    venues = opened(market(rates={3.5: 0.0001, 4.5: 0.0001}), apart="1m")
    short(venues, 1)
    venues.at(at(3))
    leaving = order(PERPETUAL, Side.BUY, "0.1", "70000", leg=1, reduce_only=True)
    assert traded(place(venues, leaving)) == "0.1 BTC"
    assert venues.next_wake(at(3)) == at(3.5)
    venues.wake(at(3.5))
    assert venues.next_wake(at(3.5)) is None
    assert [each.venue_at_ns for each in asyncio.run(venues.income_since(0))] == [at(3.5)]


def test_the_first_mark_that_crosses_takes_the_position_when_its_bar_closes() -> None:
    """Twice the margin: 0.1 short at 63001 is taken where 9450.15 - n = 0.004 n, at 94125.00."""
    flat = dict.fromkeys(MINUTES, 63000.0)
    marks = series(flat, high={0: 99000, 4: 94124.9, 6: 94126})
    venues = opened(market(marks=marks), leverage="2")
    short(venues)
    assert venues.next_wake(at(1)) == at(7)
    assert (venues.next_wake(at(1), at(6)), venues.next_wake(at(1), at(7))) == (None, at(7))
    venues.wake(at(6))
    assert asyncio.run(venues.positions()) != {}
    venues.wake(at(7))
    assert asyncio.run(venues.positions()) == {}
    (forced,) = asyncio.run(venues.fills_since(at(2)))
    assert (forced.order_id, forced.price.value, forced.venue_at_ns) == (
        f"autoclose-BTC-USDT-{at(7)}",
        Decimal("94501.5"),
        at(7),
    )
    balance = asyncio.run(venues.balances())[Account("binance_usdm", "USDT")]
    assert (balance.free, balance.locked) == (Decimal("27849.95"), Decimal(0))
    assert venues.next_wake(at(7)) is None


def test_a_long_is_taken_by_a_low() -> None:
    """0.1 long at 63001 with half its margin is taken where n - 3150.05 = 0.004 n, at 31627.00."""
    marks = series(dict.fromkeys(MINUTES, 63000.0), high={3: 99999}, low={0: 1, 4: 31628, 6: 31627})
    venues = opened(market(marks=marks), leverage="2")
    venues.at(at(1))
    assert traded(place(venues, order(PERPETUAL, Side.BUY, "0.1", "70000", leg=1))) == "0.1 BTC"
    assert venues.next_wake(at(1)) == at(7)
    venues.wake(at(7))
    (forced,) = asyncio.run(venues.fills_since(at(2)))
    assert (forced.side, forced.price.value) == (Side.SELL, Decimal("31500.5"))


def test_a_settlement_that_eats_the_margin_takes_the_position() -> None:
    marks = series({minute: 63000.0 if minute < 3 else 94000.0 for minute in MINUTES})
    venues = opened(market(marks=marks, rates={3: -0.0001, 5: -0.05}), leverage="2")
    short(venues)
    venues.wake(at(3))
    assert asyncio.run(venues.positions()) != {}
    venues.wake(at(5))
    assert asyncio.run(venues.positions()) == {}
    (forced,) = asyncio.run(venues.fills_since(at(2)))
    assert (forced.order_id, forced.price.value) == (f"autoclose-BTC-USDT-{at(5)}", Decimal("89792.1"))
    balance = asyncio.run(venues.balances())[Account("binance_usdm", "USDT")]
    assert Decimal("27849.95") <= balance.free < Decimal("27849.96")


def test_a_settlement_before_the_crossing_comes_first() -> None:
    marks = series(dict.fromkeys(MINUTES, 63000.0), high={6: 99000})
    venues = opened(market(marks=marks, rates={3: 0.0001, 7: 0.0001}), leverage="2")
    short(venues)
    assert venues.next_wake(at(1)) == at(3)
    venues.wake(at(3))
    assert venues.next_wake(at(3)) == at(7)
    venues.wake(at(7))
    assert [each.venue_at_ns for each in asyncio.run(venues.income_since(0))] == [at(3)]


def test_without_mark_bars_the_traded_ones_stand_for_them() -> None:
    perpetual = series(dict.fromkeys(MINUTES, 63000.0), high={4: 99000})
    venues = opened(market(perpetual=perpetual), leverage="2")
    short(venues)
    assert venues.next_wake(at(1)) == at(5)


def test_an_order_is_found_by_its_id() -> None:
    venues = opened(market())
    venues.at(at(2))
    sent, never = order(SPOT, Side.BUY, "0.1", "96000000"), order(SPOT, Side.BUY, "0.1", "96000000")
    outcome = place(venues, sent)
    asyncio.run(venues.cancel(sent))
    assert asyncio.run(venues.find(sent)) == outcome
    unknown = asyncio.run(venues.find(never))
    assert isinstance(unknown, Rejected)
    assert unknown.code == "order_not_found"


def test_a_refusal_is_told_as_the_venue_tells_it() -> None:
    venues = opened(market())
    venues.at(at(2))
    outcome = place(venues, order(SPOT, Side.SELL, "0.1", "90000000"))
    assert isinstance(outcome, Rejected)
    assert outcome.code == "insufficient_funds_ask"


def test_a_venue_has_one_account() -> None:
    params = BarFillsParams.model_validate({"fill": "next_open", "slippage": "0bp", "legs_apart": "0s"})
    twice = [terms(SPOT, "KRW", "1")] * 2
    with pytest.raises(ValueError, match="two accounts"):
        BarFills(params).open_market(market(), twice)
