"""What an account paid for what it holds, and what it won or lost by what it closed, as venues tell it."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.holdings import Account as Holder
from karb_core.domain.orders import Fill, Side
from karb_core.venue.isolated import IsolatedPosition
from karb_core.venue.refusals import is_margined
from karb_lab.account import Account

_TOLD = Decimal("0.0001")  # karb: constant because it only says how finely an average is told


def averaged(account: Account, fill: Fill) -> None:
    """Takes a purchase that was booked into the average price of its asset; a sale changes nothing of it.

    Unit: quote per base. Edge: coins that were there before cost what `paid` said, nothing where it said nothing.
    """
    if fill.side is Side.SELL or is_margined(account.book.terms.facts[fill.instrument]):
        return
    base = fill.instrument.base
    balance = account.book.balances()[Holder(fill.instrument.venue, base)]
    held = exact.add(balance.free, balance.locked)
    # karb: constant because what was never paid for cost nothing
    before = exact.mul(exact.sub(held, fill.amount.value), account.paid.get(base, Decimal(0)))
    account.paid[base] = exact.divide(exact.add(before, fill.cost.value), held, _TOLD, Rounding.HALF_EVEN)


def realised(account: Account, fill: Fill) -> Decimal:
    """Takes a fill of a perpetual into the position that it changes, and says what its closing part won, fee apart.

    Unit: quote. Edge: 0 for what opens, and on a spot venue.
    """
    instrument = fill.instrument
    if not is_margined(account.book.terms.facts[instrument]):
        return Decimal(0)
    before, leverage = account.positions.get(instrument, IsolatedPosition()), account.book.terms.leverage_of(instrument)
    account.positions[instrument] = before.with_trade(fill.moved.value, fill.price.value, leverage).position
    closing = before.closed_by(fill.moved.value)
    closed = before.with_trade(closing, fill.price.value, leverage)
    return exact.sub(closed.freed, exact.sub(before.margin, closed.position.margin))
