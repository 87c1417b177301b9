"""An order that rests in a venue's book, and what the account has set aside for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.orders import Fill, Filled, Order, Side
from karb_core.venue.isolated import IsolatedPosition
from karb_core.venue.refusals import is_margined
from karb_core.venue.restoring import ended
from karb_core.venue.terms import VenueTerms


@dataclass(frozen=True, slots=True)
class Resting:
    """What has traded of it up to now, in the order of its fills, and what is set aside for the rest of it."""

    order: Order
    fills: tuple[Fill, ...]
    aside: Amount

    @property
    def left(self) -> Decimal:
        """Base that still rests."""
        return exact.sub(self.order.amount.value, self.outcome().filled.value)

    def outcome(self, *, final: bool = False) -> Filled:
        """What the venue says of it; `final` once nothing more of it can trade."""
        return replace(ended(self.order, self.fills), final=final)


def asked_aside(order: Order, left: Decimal, position: IsolatedPosition, terms: VenueTerms) -> Amount:
    """What a venue sets aside for so much of an order: cost and fee of a purchase, base of a sale, margin and fee of a
    perpetual.

    Unit: quote, but base for a spot sale. Edge: what only reduces, or brings more than it costs, needs nothing.
    """
    instrument = order.instrument
    assert order.limit is not None
    cost = exact.mul(left, order.limit.value)
    fee = terms.fee_beside(instrument, order.side, cost, max(terms.taker_fee, terms.fee_of_maker))
    if not is_margined(terms.facts[instrument]):
        buys = order.side is Side.BUY
        return Amount(exact.add(cost, fee), instrument.quote) if buys else instrument.amount(left)
    if order.reduce_only:
        return Amount.zero(instrument.quote)
    moved = position.with_trade(exact.mul(order.side.sign, left), order.limit.value, terms.leverage_of(instrument))
    return Amount(max(Decimal(0), exact.sub(fee, moved.freed)), instrument.quote)


def taken_of(order: Order, left: Decimal, offered: Decimal, step: Decimal, closable: Callable[[], Decimal]) -> Decimal:
    """How much of a resting order trades when so much comes to it. Unit: base, in whole steps.

    `closable`: what is open for an order that only reduces.
    """
    most = min(left, offered)
    if order.reduce_only:
        most = min(most, closable())
    return exact.floor_to(most, step)
