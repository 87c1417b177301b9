"""Round trips as people read them: what each earned, and where it came from, to the last digit."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from karb_core.domain.amount import Amount, Price
from karb_core.domain.lots import Lot, LotLeg
from karb_core.domain.premium import Crossing, Direction, premium, split
from karb_core.domain.trade import Trade
from karb_core.engine.books import ClosedLot


def trades_of(closed: Iterable[ClosedLot], book: str) -> list[Trade]:
    """In the order in which they ended."""
    return [_trade(one, book) for one in closed]


def _trade(closed: ClosedLot, book: str) -> Trade:
    lot, after = closed.lot, dict(closed.rates)
    before = dict(lot.rates)
    money = after.get("money")
    earned = Amount.total((_in_book(leg.result, money, book) for leg in lot.legs), book)
    fees = Amount.total((_in_book(fee, money, book) for fee in lot.fees), book)
    funding = Amount.total((_in_book(received, money, book) for received in lot.funding), book)
    net = earned + funding - fees
    if not _of_premium(lot):
        return Trade(lot, closed.closed_at_ns, net, None, None, None)
    direction, rate = Direction(lot.side), after.get("premium")
    one = Price(Decimal(1), lot.legs[1].instrument.quote, book) if money is None else money
    entered = Crossing(_way_in(lot.legs[0]), _way_in(lot.legs[1]), before.get("money", one))
    left = Crossing(_way_out(lot.legs[0]), _way_out(lot.legs[1]), one)
    parts = split(direction, entered, left, funding=funding, fees=fees)
    return Trade(lot, closed.closed_at_ns, net, parts, entry_premium(lot), _premium(left.near, left.far, rate))


def entry_premium(lot: Lot) -> Decimal | None:
    """What the lot was really entered at; None where it is no premium's, or a leg never filled."""
    if not _of_premium(lot):
        return None
    return _premium(_way_in(lot.legs[0]), _way_in(lot.legs[1]), dict(lot.rates).get("premium"))


def _of_premium(lot: Lot) -> bool:
    return len(lot.legs) == 2 and lot.side in {way.value for way in Direction}


def _way_in(leg: LotLeg) -> Amount:
    return abs(leg.entered_cost)


def _way_out(leg: LotLeg) -> Amount:
    return abs(leg.left_cost)


def _premium(near: Amount, far: Amount, rate: Price | None) -> Decimal | None:
    if not near.value or not far.value:
        return None
    return premium(near.value, far.value, rate.value if rate is not None else Decimal(1))


def _in_book(amount: Amount, money: Price | None, book: str) -> Amount:
    if amount.asset == book:
        return amount
    if money is None:
        raise LookupError(f"{amount.text()} has no rate to {book}")
    return amount.at(money)
