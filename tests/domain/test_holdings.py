from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.amount import Amount, Price
from karb_core.domain.holdings import Account, Holdings, Position
from karb_core.domain.instrument import Instrument, InstrumentKind
from karb_core.domain.orders import Fill, Side

SPOT = Instrument("upbit", "BTC", "KRW")
PERPETUAL = Instrument("binance_usdm", "BTC", "USDT")
COIN = Account("upbit", "BTC")
LENT = Holdings(inventory={COIN: Decimal("0.25")})


def fill(instrument: Instrument, side: Side, size: str, price: str, fee: str = "0", fee_asset: str = "") -> Fill:
    return Fill(
        order_id="o",
        venue_trade_id="t",
        instrument=instrument,
        side=side,
        amount=Amount(Decimal(size), instrument.base),
        price=Price(Decimal(price), instrument.base, instrument.quote),
        fee=Amount(Decimal(fee), fee_asset or instrument.quote),
        venue_at_ns=0,
        received_at_ns=0,
    )


def spot(holdings: Holdings, side: Side, size: str, price: str, **fee: str) -> Holdings:
    return holdings.with_fill(fill(SPOT, side, size, price, **fee), InstrumentKind.SPOT)


def test_a_spot_fill_moves_both_balances_and_its_fee() -> None:
    after = spot(LENT, Side.SELL, "0.1", "95000000", fee="4750")
    assert after.balance("upbit", "BTC").text() == "-0.1 BTC"
    assert after.balance("upbit", "KRW").text() == "9495250 KRW"
    assert after.balance("bithumb", "BTC").text() == "0 BTC"


def test_a_fee_in_base_leaves_less_than_was_filled() -> None:
    after = spot(LENT, Side.BUY, "1", "100", fee="0.001", fee_asset="BTC")
    assert after.balance("upbit", "BTC").text() == "0.999 BTC"


def test_coins_go_down_to_minus_the_inventory_and_no_further() -> None:
    assert LENT.free_to_sell("upbit", "BTC").text() == "0.25 BTC"
    assert LENT.free_to_sell("bithumb", "BTC").text() == "0 BTC"
    lower = spot(LENT, Side.SELL, "0.2", "1")
    assert lower.free_to_sell("upbit", "BTC").text() == "0.05 BTC"
    lowest = spot(lower, Side.SELL, "0.05", "1")
    assert lowest.free_to_sell("upbit", "BTC").text() == "0 BTC"
    assert lowest.beyond_inventory(frozenset({COIN})) == {}


def test_a_sale_beyond_the_inventory_is_booked_and_told() -> None:
    beyond = spot(LENT, Side.SELL, "0.3", "1")
    assert beyond.balance("upbit", "BTC").text() == "-0.3 BTC"
    assert beyond.free_to_sell("upbit", "BTC").text() == "0 BTC"
    assert beyond.beyond_inventory(frozenset({COIN})) == {COIN: Amount(Decimal("0.05"), "BTC")}


def test_a_perpetual_moves_no_base_only_a_position_and_its_fee() -> None:
    opened = LENT.with_fill(fill(PERPETUAL, Side.SELL, "0.1", "63000", fee="3.15"), InstrumentKind.PERPETUAL)
    assert opened.position(PERPETUAL) == Position(Decimal("-0.1"), Decimal(-6300))
    assert opened.position(PERPETUAL).result(Decimal(62000)) == 100
    assert opened.balances == {Account("binance_usdm", "USDT"): Decimal("-3.15")}
    closed = opened.with_fill(fill(PERPETUAL, Side.BUY, "0.1", "62000"), InstrumentKind.PERPETUAL)
    assert closed.position(PERPETUAL).amount == 0
    assert {closed.position(PERPETUAL).result(Decimal(mark)) for mark in (1, 62000, 99999)} == {Decimal(100)}


def test_funding_is_money_and_no_fill() -> None:
    after = LENT.with_funding("binance_usdm", Amount(Decimal("-0.63"), "USDT"))
    assert after.balance("binance_usdm", "USDT").text() == "-0.63 USDT"
    assert after.positions == {}


fills = st.builds(
    fill,
    st.sampled_from([SPOT, PERPETUAL]),
    st.sampled_from(Side),
    st.integers(1, 999).map(str),
    st.integers(1, 9999).map(lambda units: f"{units}.5"),
    st.integers(-5, 99).map(str),
)
kinds = {SPOT: InstrumentKind.SPOT, PERPETUAL: InstrumentKind.PERPETUAL}


@given(st.lists(fills, max_size=8), st.randoms(use_true_random=False))
def test_the_same_facts_in_any_order_make_the_same_holdings(facts: list[Fill], chance: Random) -> None:
    shuffled = facts.copy()
    chance.shuffle(shuffled)
    one, two = LENT, LENT
    for a, b in zip(facts, shuffled, strict=True):
        one, two = one.with_fill(a, kinds[a.instrument]), two.with_fill(b, kinds[b.instrument])
    assert one == two
    assert sum(Fraction(value) for account, value in one.balances.items() if account.asset == "BTC") == sum(
        Fraction(fact.moved.value) for fact in facts if fact.instrument == SPOT
    )


@given(st.lists(fills, max_size=6))
def test_undoing_every_fact_leaves_nothing(facts: list[Fill]) -> None:
    after = LENT
    for fact in facts:
        back = fill(fact.instrument, fact.side.opposite, *map(str, (fact.amount.value, fact.price.value)))
        undone = after.with_fill(fact, kinds[fact.instrument]).with_fill(back, kinds[fact.instrument])
        assert undone.with_funding(fact.instrument.venue, fact.fee) == after
