"""Round trips as people read them: what each earned, and where it came from, to the last digit."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount, Price
from karb_core.domain.lots import Lot, LotLeg
from karb_core.domain.premium import Crossing, Direction, premium, split
from karb_core.domain.trade import Trade
from karb_core.engine.books import ClosedLot
from karb_core.wiring.in_book import in_book


def trades_of(closed: Iterable[ClosedLot], book: str) -> list[Trade]:
    """In the order in which they ended."""
    return [_trade(one, book) for one in closed]


def _trade(closed: ClosedLot, book: str) -> Trade:
    lot, after = closed.lot, dict(closed.rates)
    before = dict(lot.rates)
    money = after.get("money")
    earned = Amount.total((in_book(leg.result, money, book) for leg in lot.legs), book)
    fees = Amount.total((in_book(fee, money, book) for fee in lot.charged), book)
    funding = Amount.total((in_book(received, money, book) for received in lot.funding), book)
    net = earned + funding - fees
    if not _of_premium(lot):
        return Trade(lot, closed.closed_at_ns, net, None, None, None)
    direction, rate = Direction(lot.side), after.get("premium")
    one = Price(Decimal(1), lot.legs[1].instrument.quote, book) if money is None else money
    entered = Crossing(_way_in(lot.legs[0]), _way_in(lot.legs[1]), before.get("money", one))
    left = Crossing(_way_out(lot.legs[0]), _way_out(lot.legs[1]), one)
    parts = split(direction, entered, left, funding=funding, fees=fees)
    gone = _premium((lot.legs[0].left, left.near), (lot.legs[1].left, left.far), rate)
    return Trade(lot, closed.closed_at_ns, net, parts, entry_premium(lot), gone)


def entry_premium(lot: Lot) -> Decimal | None:
    """What the lot was really entered at; None where it is no premium's, or a leg never filled."""
    if not _of_premium(lot):
        return None
    near, far = ((leg.entered, _way_in(leg)) for leg in lot.legs)
    return _premium(near, far, dict(lot.rates).get("premium"))


def _of_premium(lot: Lot) -> bool:
    return len(lot.legs) == 2 and lot.side in {way.value for way in Direction}


def _way_in(leg: LotLeg) -> Amount:
    return abs(leg.entered_cost)


def _way_out(leg: LotLeg) -> Amount:
    return abs(leg.left_cost)


def _premium(near: tuple[Amount, Amount], far: tuple[Amount, Amount], rate: Price | None) -> Decimal | None:
    """Of what each leg traded and what that cost: the average prices are compared, so legs need not be even."""
    (near_base, near_cost), (far_base, far_cost) = near, far
    if not near_cost.value or not far_cost.value:
        return None
    a = exact.mul(near_cost.value, exact.absolute(far_base.value))
    b = exact.mul(far_cost.value, exact.absolute(near_base.value))
    return premium(a, b, rate.value if rate is not None else Decimal(1))
