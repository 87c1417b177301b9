"""The premium of a lot is that of its prices, also where one leg traded more than the other."""

from __future__ import annotations

from decimal import Decimal

import pytest

from karb_core.domain.amount import Amount, Price
from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot, LotLeg
from karb_core.domain.orders import Side
from karb_core.engine.books import ClosedLot
from karb_core.wiring.trades import entry_premium, trades_of

NEAR, FAR = Instrument("upbit", "BTC", "KRW"), Instrument("binance_usdm", "BTC", "USDT")
RATES = tuple((seat, Price(Decimal(1000), "USDT", "KRW")) for seat in ("money", "premium"))


def leg(instrument: Instrument, side: Side, in_and_out: list[tuple[str, str]]) -> LotLeg:
    """`in_and_out`: base, above zero, and the price it went at; the last is the way out, the others the way in."""
    found = LotLeg.unfilled(instrument, side)
    for at, (base, price) in enumerate(in_and_out):
        sign = side.sign if at < len(in_and_out) - 1 else -side.sign
        moved = Amount(Decimal(base) * sign, instrument.base)
        found = found.moved(moved, moved.at(instrument.price(Decimal(price))))
    return found


@pytest.mark.parametrize("far_base", ["1", "0.4", "2.5"])
def test_what_a_leg_traded_beyond_the_other_is_no_premium(far_base: str) -> None:
    """Sold near at 103 won, bought far at 0.1 USDT of 1,000 won: 3 %, whatever the far leg came to."""
    near = leg(NEAR, Side.SELL, [("0.5", "102"), ("0.5", "104"), ("1", "101")])
    far = leg(FAR, Side.BUY, [(far_base, "0.1"), (far_base, "0.1")])
    lot = Lot(
        id="lot", pair="BTC", tier=None, side="short_premium", rules_digest="sha256:0", target=None, opened_at_ns=0,
        rates=RATES, legs=(near, far), fees=(), funding=(),
    )  # fmt: skip
    (trade,) = trades_of([ClosedLot(lot, 1, RATES)], "KRW")
    assert entry_premium(lot) == trade.entry_premium == Decimal("0.03")
    assert trade.exit_premium == Decimal("0.01")
    assert trade.split is not None
    assert trade.split.net == trade.net == Amount(Decimal(2), "KRW")
