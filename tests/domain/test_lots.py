from dataclasses import replace
from decimal import Decimal, DivisionByZero
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.amount import Amount, MixedAssets, Price
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot, LotLeg
from karb_core.domain.orders import Side
from tests.domain.draws import decimals, prices

NEAR = Instrument("upbit", "BTC", "KRW")
FAR = Instrument("binance_usdm", "BTC", "USDT")
LOT = Lot(
    id="lot-1",
    pair="BTC",
    tier="ultra",
    side="short_premium",
    rules_digest="sha256:ab",
    target=Decimal("0.02"),
    opened_at_ns=1,
    rates=(("money", Price(Decimal(1466), "USDT", "KRW")),),
    legs=(LotLeg.unfilled(NEAR, Side.SELL), LotLeg.unfilled(FAR, Side.BUY)),
    fees=(),
    funding=(),
)


def amount(value: str, asset: str) -> Amount:
    return Amount(Decimal(value), asset)


moves = st.lists(st.tuples(st.sampled_from(Side), decimals(0, 100).filter(bool), prices), max_size=8)


@given(moves, st.sampled_from(Side))
def test_a_leg_is_the_sum_of_its_fills_each_way_apart_and_what_undoes_the_way_out_is_of_it(
    fills: list[tuple[Side, Decimal, Decimal]], way: Side
) -> None:
    leg = LotLeg.unfilled(NEAR, way)
    into, out, paid_in, paid_out = Fraction(0), Fraction(0), Fraction(0), Fraction(0)
    for side, size, price in fills:
        base = Amount(size, "BTC").times(side.sign)
        leg = leg.moved(base, base.at(Price(price, "BTC", "KRW")))
        signed = Fraction(size) * int(side.sign)
        if side is way and size > abs(out):
            into, paid_in = into + signed, paid_in + signed * Fraction(price)
        else:
            out, paid_out = out + signed, paid_out + signed * Fraction(price)
    assert (Fraction(leg.entered.value), Fraction(leg.entered_cost.value)) == (into, paid_in)
    assert (Fraction(leg.left.value), Fraction(leg.left_cost.value)) == (out, paid_out)
    assert Fraction(leg.open.value) == into + out
    assert Fraction(leg.result.value) == -(paid_in + paid_out)


def test_a_way_out_that_is_traded_back_leaves_the_way_in_as_it_was() -> None:
    """One leg was bought back, the other could not follow, and what was bought is sold again: at a loss of 6,000 KRW."""
    opened = LotLeg.unfilled(NEAR, Side.SELL).moved(amount("-0.1", "BTC"), amount("-9500000", "KRW"))
    back = opened.moved(amount("0.1", "BTC"), amount("9200000", "KRW"))
    again = back.moved(amount("-0.06", "BTC"), amount("-5516400", "KRW")).moved(
        amount("-0.04", "BTC"), amount("-3677600", "KRW")
    )
    assert (again.entered, again.entered_cost) == (opened.entered, opened.entered_cost)
    assert (again.open, again.left.value) == (opened.open, 0)
    assert again.left_cost == amount("6000", "KRW")
    gone = again.moved(amount("0.1", "BTC"), amount("9100000", "KRW"))
    assert (gone.open.value, gone.result) == (0, amount("394000", "KRW"))


def test_a_round_trip_of_a_lot_in_figures() -> None:
    opened = LOT.with_fill(NEAR, amount("-0.1", "BTC"), amount("-9500000", "KRW"), amount("4750", "KRW"))
    opened = opened.with_fill(FAR, amount("0.1", "BTC"), amount("6300", "USDT"), amount("3.15", "USDT"))
    assert not opened.flat
    paid = opened.with_funding(amount("-0.63", "USDT")).with_funding(amount("0.13", "USDT"))
    closed = paid.with_fill(NEAR, amount("0.1", "BTC"), amount("9400000", "KRW"), amount("4700", "KRW"))
    assert not closed.flat
    closed = closed.with_fill(FAR, amount("-0.1", "BTC"), amount("-6350", "USDT"), amount("3.175", "USDT"))
    assert closed.flat
    assert [leg.result.text() for leg in closed.legs] == ["100000 KRW", "50 USDT"]
    assert [fee.text() for fee in closed.fees] == ["9450 KRW", "6.325 USDT"]
    assert [funding.text() for funding in closed.funding] == ["-0.5 USDT"]
    assert (closed.rules_digest, closed.target, closed.rates) == (LOT.rules_digest, LOT.target, LOT.rates)


def test_a_lot_is_open_while_one_leg_is() -> None:
    assert LOT.flat
    assert not LOT.with_fill(FAR, amount("0.1", "BTC"), amount("6300", "USDT"), amount("0", "USDT")).flat


def test_the_entry_price_is_rounded_once_where_it_is_asked_for() -> None:
    leg = LOT.legs[0].moved(amount("-0.1", "BTC"), amount("-9500000", "KRW"))
    leg = leg.moved(amount("-0.2", "BTC"), amount("-19000001", "KRW"))
    assert leg.entry_price(Decimal("0.01"), Rounding.FLOOR) == Decimal("95000003.33")
    with pytest.raises(DivisionByZero):
        LOT.legs[0].entry_price(Decimal(1), Rounding.FLOOR)


def test_a_fill_of_another_leg_or_asset_is_not_booked() -> None:
    with pytest.raises(LookupError, match="no leg in upbit ETH/KRW"):
        LOT.with_fill(replace(NEAR, base="ETH"), amount("1", "ETH"), amount("1", "KRW"), amount("0", "KRW"))
    with pytest.raises(MixedAssets):
        LOT.with_fill(NEAR, amount("-1", "BTC"), amount("-1", "USDT"), amount("0", "KRW"))
    with pytest.raises(ValueError, match="nothing moved"):
        LOT.legs[0].moved(amount("0", "BTC"), amount("0", "KRW"))


def test_a_fee_that_was_taken_in_coins_is_charged_at_the_price_of_its_fill_and_stays_a_coin_in_the_sum_of_fees() -> (
    None
):
    spot = Instrument("binance_spot", "BTC", "USDT")
    opened = replace(LOT, legs=(LotLeg.unfilled(spot, Side.BUY), LotLeg.unfilled(FAR, Side.SELL)))
    bought = opened.with_fill(
        spot,
        amount("0.1", "BTC"),
        amount("8400", "USDT"),
        amount("0.0001", "BTC"),
        Price(Decimal(84_000), "BTC", "USDT"),
    )
    assert (bought.fees, bought.charged) == ((amount("0.0001", "BTC"),), (amount("8.4", "USDT"),))
    sold = bought.with_fill(
        spot, amount("-0.1", "BTC"), amount("-9000", "USDT"), amount("9", "USDT"), Price(Decimal(90_000), "BTC", "USDT")
    )
    assert sold.fees == (amount("0.0001", "BTC"), amount("9", "USDT"))
    assert sum((fee.value for fee in sold.charged), Decimal(0)) == Decimal("17.4")
    assert {fee.asset for fee in sold.charged} == {"USDT"}
    assert sold.legs[0].open.value == 0


def test_a_fee_in_quote_is_charged_as_it_was_paid_and_one_in_a_third_coin_stays_what_it_is() -> None:
    at = Price(Decimal(95_000_000), "BTC", "KRW")
    move = amount("-0.1", "BTC"), amount("-9500000", "KRW")
    assert LOT.with_fill(NEAR, *move, amount("4750", "KRW"), at).charged == (amount("4750", "KRW"),)
    assert LOT.with_fill(NEAR, *move, amount("0.01", "BNB"), at).charged == (amount("0.01", "BNB"),)
