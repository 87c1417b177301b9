"""Whether what a plan's legs pay with is free: money, coins, margin. Never cut in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.decisions import Denied, LegTarget
from karb_core.domain.exact import Rounding
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import InstrumentKind
from karb_core.domain.orders import Side
from karb_core.ports import AccountView, Terms

_STEP = Decimal(1).scaleb(-8)  # karb: constant because it is how finely a need is rounded up


def needs(legs: tuple[LegTarget, ...], terms: Terms) -> Mapping[Account, Decimal]:
    """What each account must have free for these legs, fees included.

    A perpetual needs its notional over the leverage the file states, rounded up to 1e-8 of the margin asset.
    """
    wanted: dict[Account, Decimal] = {}
    for leg in legs:
        for account, amount in _of_leg(leg, terms):
            wanted[account] = exact.add(wanted.get(account, Decimal(0)), amount)
    return wanted


def short_of(legs: tuple[LegTarget, ...], account: AccountView) -> Iterator[Denied]:
    """A denial for each account that has too little free, with the amount that is missing."""
    for where, wanted in needs(legs, account.terms).items():
        # karb: constant because an account that is not there has nothing free
        free = account.free.get(where, Decimal(0))
        if wanted > free:
            missing = exact.text(exact.sub(wanted, free))
            told = f"{exact.text(free)} {where.asset} free at {where.venue}, {missing} {where.asset} missing"
            yield Denied(f"/balances/{where.venue}", told, f"{exact.text(wanted)} {where.asset}")


def _of_leg(leg: LegTarget, terms: Terms) -> Iterator[tuple[Account, Decimal]]:
    venue, facts = leg.instrument.venue, terms.facts[leg.instrument]
    size = exact.absolute(leg.amount.value)
    notional = exact.mul(size, leg.price.value)
    fee = exact.mul(notional, terms.costs[venue])
    if facts.kind is InstrumentKind.PERPETUAL:
        leverage = terms.leverage[venue]
        margin = exact.divide(notional, leverage, _STEP, Rounding.CEIL)
        yield Account(venue, str(facts.margin_asset)), exact.add(margin, fee)
    elif leg.side is Side.BUY:
        yield Account(venue, leg.instrument.quote), exact.add(notional, fee)
    else:
        yield Account(venue, leg.instrument.base), size
