"""Orders are judged by what was executed; their trades become fills whose fees sum to what was taken."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from karb_core.connection.told_fills import fills_of
from karb_core.connection.told_order import instrument_of, market_of
from karb_core.connection.told_outcome import order_of, outcome_of
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.amount import Amount
from karb_core.domain.orders import Filled, Unknown
from tests.connection.orders_here import BTC, order

D = Decimal
PRICE, WHOLE, PART, FUNDS, FEE = D(124_350_000), D("0.001"), D("0.0004"), D(49_740), D("24.87")


@dataclass(frozen=True)
class Trade:
    uuid: str = "t1"
    price: Decimal = PRICE
    volume: Decimal = PART
    funds: Decimal = FUNDS
    created_at: datetime = datetime(2026, 11, 21, 5, 0, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    uuid: str = "v-1"
    identifier: str | None = "bot-000001"
    market: str = "KRW-BTC"
    side: str = "bid"
    state: str = "wait"
    price: Decimal | None = PRICE
    volume: Decimal | None = WHOLE
    time_in_force: str | None = "ioc"
    executed_volume: Decimal = PART
    executed_funds: Decimal | None = None
    paid_fee: Decimal | None = FEE
    trades: tuple[Trade, ...] | None = field(default=(Trade(),))


@pytest.mark.parametrize(("state", "final"), [("wait", False), ("watch", False), ("done", True), ("cancel", True)])
def test_a_part_that_is_called_done_is_a_part(state: str, final: bool) -> None:
    outcome = outcome_of(order(), replace(Told(), state=state))
    assert outcome == Filled(order(), BTC.amount(D("0.0004")), Amount(D(49_740), "KRW"), final=final)


def test_a_word_that_nobody_knows_ends_nothing() -> None:
    outcome = outcome_of(order(), replace(Told(), state="settling"))
    assert isinstance(outcome, Unknown)
    assert outcome.filled.value == D("0.0004")


def test_trades_that_are_not_all_there_say_no_cost_unless_the_venue_does() -> None:
    assert outcome_of(order(), replace(Told(), executed_volume=D("0.0006"))) is None
    whole = outcome_of(order(), replace(Told(), executed_volume=D("0.0006"), executed_funds=D(74_610)))
    assert isinstance(whole, Filled)
    assert whole.cost.value == D(74_610)


@pytest.mark.parametrize(
    "wrong",
    [
        {"market": "KRW-ETH"}, {"market": ""}, {"side": "ask"}, {"identifier": "another"},
        {"executed_volume": D(-1)}, {"executed_funds": D(-1)},
    ],
)  # fmt: skip
def test_what_cannot_be_said_of_this_order_is_unreadable(wrong: dict[str, object]) -> None:
    with pytest.raises(Unreadable):
        outcome_of(order(), replace(Told(), **wrong))  # type: ignore[arg-type]


def test_an_order_of_somebodys_that_rests_is_read_and_one_without_a_price_cannot_rest() -> None:
    theirs = order_of("somewhere", replace(Told(), identifier=None))
    assert theirs is not None
    assert (theirs.id, theirs.intent_id, theirs.instrument) == ("v-1", "", BTC)
    assert order_of("somewhere", replace(Told(), price=None)) is None
    with pytest.raises(Unreadable):
        order_of("somewhere", replace(Told(), side="buy"))


def test_a_fee_is_shared_out_to_the_last_digit_and_what_was_told_once_stays() -> None:
    first = fills_of("somewhere", Told(), {}, 1)
    assert first is not None
    assert first[0].fee.value == D("24.87")
    more = (Trade(), Trade("t2", volume=D("0.0001"), funds=D(12_435)), Trade("t3", volume=D("0.0002"), funds=D(24_870)))
    whole = replace(Told(), trades=more, executed_volume=D("0.0007"), paid_fee=D("43.53"))
    then = fills_of("somewhere", whole, {f.venue_trade_id: f for f in first}, 2)
    assert then is not None
    assert then[0] == first[0]
    assert sum(f.fee.value for f in then) == D("43.53")


def test_trades_that_are_not_all_listed_are_no_fills_and_a_fee_that_is_not_told_is_unreadable() -> None:
    assert fills_of("somewhere", replace(Told(), executed_volume=D("0.0006")), {}, 1) is None
    with pytest.raises(Unreadable, match="fee"):
        fills_of("somewhere", replace(Told(), paid_fee=None), {}, 1)


def test_a_market_is_named_quote_first() -> None:
    assert (market_of(BTC), instrument_of("somewhere", "KRW-BTC")) == ("KRW-BTC", BTC)
