"""What an account must have free for an order: a refusal names what is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.market import Level
from karb_core.domain.orders import Order, Rejected, Side
from karb_core.venue.isolated import IsolatedPosition
from karb_core.venue.refusals import Refusal, is_margined
from karb_core.venue.terms import VenueTerms

Free = Callable[[str], Decimal]


def unpaid(
    order: Order, taken: Sequence[Level], position: IsolatedPosition, terms: VenueTerms, free: Free
) -> Rejected | None:
    """A refusal for what the trades themselves need. Edge: exactly enough is enough."""
    cost = exact.total(exact.mul(price, amount) for price, amount in taken)
    instrument = order.instrument
    fee = terms.fee_beside(instrument, order.side, cost, terms.taker_fee)
    if is_margined(terms.facts[instrument]):
        freed = Decimal(0)
        for price, amount in taken:
            position, moved = position.with_trade(
                exact.mul(order.side.sign, amount), price, terms.leverage_of(instrument)
            )
            freed = exact.add(freed, moved)
        return _short(order, Refusal.NO_MARGIN, instrument.quote, exact.sub(fee, freed), free)
    if order.side is Side.BUY:
        return _short(order, Refusal.NO_QUOTE, instrument.quote, exact.add(cost, fee), free)
    return _short(order, Refusal.NO_BASE, instrument.base, exact.total(amount for _, amount in taken), free)


def unreserved(order: Order, terms: VenueTerms, free: Free) -> Rejected | None:
    """A refusal for what a spot venue sets aside before it looks at its book: the whole order at its limit, and its
    fee. None for a perpetual, which is asked for what its trades lock (`unpaid`)."""
    instrument = order.instrument
    if is_margined(terms.facts[instrument]):
        return None
    if order.side is Side.SELL:
        return _short(order, Refusal.NO_BASE, instrument.base, order.amount.value, free)
    cost = order.cost or (None if order.limit is None else order.amount.at(order.limit))
    assert cost is not None
    needed = exact.add(cost.value, terms.fee_beside(instrument, order.side, cost.value, terms.taker_fee))
    return _short(order, Refusal.NO_QUOTE, instrument.quote, needed, free)


def uncovered(order: Order, margin: Amount, free: Free) -> Rejected | None:
    """A refusal for a margin that is not free, its fee included."""
    return _short(order, Refusal.NO_MARGIN, margin.asset, margin.value, free)


def _short(order: Order, code: Refusal, asset: str, needed: Decimal, free: Free) -> Rejected | None:
    missing = exact.sub(needed, free(asset))
    if missing <= 0:
        return None
    return code.of(order, f"{exact.text(missing)} {asset} is missing of {exact.text(needed)} {asset}")
