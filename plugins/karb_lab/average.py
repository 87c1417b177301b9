"""What an account paid for what it holds, on average, as Korean venues tell it."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.holdings import Account as Holder
from karb_core.domain.orders import Fill, Side
from karb_lab.account import Account

_TOLD = Decimal("0.0001")  # karb: constant because it only says how finely an average is told


def averaged(account: Account, fill: Fill) -> None:
    """Takes a purchase that was booked into the average price of its asset; a sale changes nothing of it.

    Unit: quote per base. Edge: coins that were there before cost what `paid` said, nothing where it said nothing.
    """
    if fill.side is Side.SELL:
        return
    base = fill.instrument.base
    balance = account.book.balances()[Holder(fill.instrument.venue, base)]
    held = exact.add(balance.free, balance.locked)
    # karb: constant because what was never paid for cost nothing
    before = exact.mul(exact.sub(held, fill.amount.value), account.paid.get(base, Decimal(0)))
    account.paid[base] = exact.divide(exact.add(before, fill.cost.value), held, _TOLD, Rounding.HALF_EVEN)
