"""Lots as two runs may have them."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain.amount import Amount, Price
from karb_core.domain.lots import Lot, LotLeg
from karb_core.domain.orders import Side
from karb_core.engine.books import ClosedLot
from karb_core.wiring.divergence.held import Held
from karb_core.wiring.trades import trades_of
from tests.venue.accounts import PERPETUAL, SPOT

#: Base, what it cost on the way in, and what it brought on the way out; all above zero.
Traded = tuple[Decimal, Decimal, Decimal]


def held(
    near: Traded, far: Traded, *, money: Decimal = Decimal(1380), fee: Decimal = Decimal(0), funding: Decimal = Decimal(0),
    entered_ns: int = 1, left_ns: int | None = 2, tier: str | None = None, name: str = "lot",
) -> Held:  # fmt: skip
    """Sold near, bought far, and brought back; `fee` in each leg's quote, `funding` in far's."""
    legs = (_leg(SPOT, Side.SELL, near), _leg(PERPETUAL, Side.BUY, far))
    rate = Price(money, "USDT", "KRW")
    lot = Lot(
        id=name, pair="BTC", tier=tier, side="short_premium", rules_digest="sha256:0", target=None, opened_at_ns=0,
        rates=(("money", rate), ("premium", rate)), legs=legs, fees=(Amount(fee, "KRW"), Amount(fee, "USDT")),
        funding=(Amount(funding, "USDT"),),
    )  # fmt: skip
    (trade,) = trades_of([ClosedLot(lot, 2, (("money", rate), ("premium", rate)))], "KRW")
    return Held(lot, entered_ns, left_ns, rate, trade.net, 0)


def _leg(instrument, side: Side, traded: Traded) -> LotLeg:  # type: ignore[no-untyped-def]
    base, cost, brought = traded
    leg = LotLeg.unfilled(instrument, side)
    if not base:
        return leg
    moved, quote = Amount(base * side.sign, instrument.base), instrument.quote
    leg = leg.moved(moved, Amount(cost * side.sign, quote))
    return leg.moved(-moved, Amount(-brought * side.sign, quote))
