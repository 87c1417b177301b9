"""Equity changes by fills, fees, funding and revaluation, to the last digit, and an independent book agrees.

The book of the test knows no cost sums: it keeps cash and coins, and for a perpetual the average entry and what was
realised, in fractions, as a venue would.
"""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain.amount import Amount, MixedAssets, Price
from karb_core.domain.equity import EquityChange, Valuation, by_fill, by_funding, by_revaluation, equity
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.instrument import Instrument, InstrumentKind
from karb_core.domain.orders import Fill, Side
from tests.domain.draws import decimals, signed

SPOT = Instrument("upbit", "BTC", "KRW")
PERPETUAL = Instrument("binance_usdm", "BTC", "USDT")
KINDS = {SPOT: InstrumentKind.SPOT, PERPETUAL: InstrumentKind.PERPETUAL}
BTC, BNB, USDT = Account("upbit", "BTC"), Account("binance_usdm", "BNB"), Account("binance_usdm", "USDT")

sizes = decimals(0, 10, 4).filter(bool)
rates = decimals(1, 10**6, 4)


def priced(btc: Decimal, bnb: Decimal, usdt: Decimal, mark: Decimal) -> Valuation:
    values = {BTC: Price(btc, "BTC", "KRW"), BNB: Price(bnb, "BNB", "KRW"), USDT: Price(usdt, "USDT", "KRW")}
    return Valuation("KRW", values, {PERPETUAL: Price(mark, "BTC", "USDT")})


def traded(instrument: Instrument, side: Side, size: Decimal, price: Decimal, fee: tuple[Decimal, bool]) -> Fill:
    fee_asset = {(SPOT, False): "KRW", (SPOT, True): "BTC", (PERPETUAL, False): "USDT", (PERPETUAL, True): "BNB"}
    return Fill(
        order_id="o",
        venue_trade_id="t",
        instrument=instrument,
        side=side,
        amount=Amount(size, "BTC"),
        price=Price(price, "BTC", instrument.quote),
        fee=Amount(fee[0], fee_asset[instrument, fee[1]]),
        venue_at_ns=0,
        received_at_ns=0,
    )


valuations = st.builds(priced, rates, rates, rates, rates)
fills = st.builds(
    traded,
    st.sampled_from([SPOT, PERPETUAL]),
    st.sampled_from(Side),
    sizes,
    rates,
    st.tuples(decimals(-1, 5, 4), st.booleans()),
)
settlements = signed.map(lambda value: Amount(value, "USDT"))
days = st.lists(st.one_of(valuations, fills, settlements), max_size=14)


class Book:
    """Cash and coins by account, and one perpetual with its average entry."""

    def __init__(self) -> None:
        self.has: dict[Account, Fraction] = {}
        self.size = self.entry = Fraction(0)

    def move(self, account: Account, value: Fraction) -> None:
        self.has[account] = self.has.get(account, Fraction(0)) + value

    def trade(self, fill: Fill) -> None:
        size = Fraction(fill.amount.value) * (1 if fill.side is Side.BUY else -1)
        price = Fraction(fill.price.value)
        self.move(Account(fill.instrument.venue, fill.fee.asset), -Fraction(fill.fee.value))
        if fill.instrument == SPOT:
            self.move(BTC, size)
            self.move(Account("upbit", "KRW"), -size * price)
        else:
            self.trade_perpetual(size, price)

    def trade_perpetual(self, size: Fraction, price: Fraction) -> None:
        closing = max(-abs(self.size), -abs(size)) if self.size * size < 0 else Fraction(0)
        if closing:
            closed = -closing if self.size > 0 else closing
            self.move(USDT, closed * (price - self.entry))
            self.size -= closed
            size += closed
        if size:
            self.entry = (self.size * self.entry + size * price) / (self.size + size)
            self.size += size

    def worth(self, at: Valuation) -> Fraction:
        rates = {account: Fraction(price.value) for account, price in at.values.items()}
        open_result = self.size * (Fraction(at.marks[PERPETUAL].value) - self.entry)
        held = sum(value * rates.get(account, Fraction(1)) for account, value in self.has.items())
        return held + open_result * rates[USDT]


@settings(max_examples=150)
@given(valuations, days)
def test_equity_changes_by_fills_fees_funding_and_revaluation_and_by_nothing_else(
    opening: Valuation, day: list[Valuation | Fill | Amount]
) -> None:
    holdings, at, change, book = Holdings(inventory={}), opening, EquityChange.none("KRW"), Book()
    for event in day:
        match event:
            case Valuation():
                change, at = change + by_revaluation(holdings, at, event), event
            case Fill():
                kind = KINDS[event.instrument]
                change, holdings = change + by_fill(event, kind, at), holdings.with_fill(event, kind)
                book.trade(event)
            case Amount():
                change = change + by_funding("binance_usdm", event, at)
                holdings = holdings.with_funding("binance_usdm", event)
                book.move(USDT, Fraction(event.value))
        assert equity(holdings, at) == change.total
        assert Fraction(change.total.value) == book.worth(at)


def test_each_part_in_figures() -> None:
    at = priced(Decimal(95_000_000), Decimal(900_000), Decimal(1400), Decimal(63000))
    bought = traded(SPOT, Side.BUY, Decimal("0.1"), Decimal(95_100_000), (Decimal(4755), False))
    change = by_fill(bought, InstrumentKind.SPOT, at)
    assert (change.fills.text(), change.fees.text()) == ("-10000 KRW", "-4755 KRW")
    sold = traded(PERPETUAL, Side.SELL, Decimal("0.1"), Decimal(62990), (Decimal("0.005"), True))
    change = by_fill(sold, InstrumentKind.PERPETUAL, at)
    assert (change.fills.text(), change.fees.text()) == ("-1400 KRW", "-4500 KRW")
    assert by_funding("binance_usdm", Amount(Decimal("-0.5"), "USDT"), at).funding.text() == "-700 KRW"
    held = Holdings(inventory={}).with_fill(sold, InstrumentKind.PERPETUAL)
    later = priced(Decimal(95_000_000), Decimal(900_000), Decimal(1410), Decimal(62890))
    # 0.1 short from 62,990 stood at -1 USDT and stands at +10; 0.005 BNB are owed and did not move
    assert by_revaluation(held, at, later).revaluation.text() == "15500 KRW"


def test_a_realised_result_in_dollars_is_still_revalued() -> None:
    at = priced(Decimal(1), Decimal(1), Decimal(1400), Decimal(63000))
    holdings = Holdings(inventory={})
    for side, price in ((Side.SELL, "63000"), (Side.BUY, "62000")):
        holdings = holdings.with_fill(
            traded(PERPETUAL, side, Decimal("0.1"), Decimal(price), (Decimal(0), False)), InstrumentKind.PERPETUAL
        )
    assert equity(holdings, at).text() == "140000 KRW"
    assert equity(holdings, priced(Decimal(1), Decimal(1), Decimal(1300), Decimal(1))).text() == "130000 KRW"


def test_what_has_no_price_has_no_worth_rather_than_none() -> None:
    holdings = Holdings(inventory={}).with_funding("binance_usdm", Amount(Decimal(1), "USDC"))
    at = priced(Decimal(1), Decimal(1), Decimal(1), Decimal(1))
    with pytest.raises(LookupError, match="USDC at binance_usdm has no price in KRW"):
        equity(holdings, at)
    with pytest.raises(LookupError, match="has no mark"):
        Valuation("KRW", at.values, {}).mark(PERPETUAL)


def test_a_price_in_another_asset_values_nothing() -> None:
    holdings = Holdings(inventory={}).with_funding("binance_usdm", Amount(Decimal(1), "USDT"))
    with pytest.raises(MixedAssets):
        equity(holdings, Valuation("KRW", {USDT: Price(Decimal(1), "USDT", "USD")}, {}))
    with pytest.raises(MixedAssets):
        Valuation("KRW", {}, {PERPETUAL: Price(Decimal(1), "BTC", "KRW")}).mark(PERPETUAL)
