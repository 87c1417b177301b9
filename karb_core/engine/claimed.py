"""What is left of what a file claims of its accounts, where several files trade at one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot, LotLeg
from karb_core.ports import Terms

_STEP = Decimal(1).scaleb(-8)  # karb: constant because it is how finely the cost of what is open is rounded


def claimed(terms: Terms, holdings: Holdings, lots: Iterable[Lot]) -> Mapping[Account, Decimal] | None:
    """By account, the claim and what came of it since, less the margin of what is open; None where nothing is claimed.

    What a position realised belongs to the claim, what it would realise now does not: that lies at the venue. Unit:
    whole units of each asset, signed: below zero where more was lost than claimed. Of an account that is not claimed
    nothing is left. Edge: the margin of what is open is rounded up to 1e-8, and so is its cost, away from nothing.
    """
    if terms.funds is None:
        return None
    opened = tuple(lots)
    return {account: _left(account, claim, terms, holdings, opened) for account, claim in terms.funds.items()}


def _left(account: Account, claim: Decimal, terms: Terms, holdings: Holdings, lots: tuple[Lot, ...]) -> Decimal:
    left = exact.add(claim, holdings.balance(account.venue, account.asset).value)
    for instrument, stated in terms.facts.items():
        if Account(instrument.venue, str(stated.margin_asset)) == account:
            left = exact.add(left, _of_position(instrument, terms, holdings, lots))
    return left


def _of_position(instrument: Instrument, terms: Terms, holdings: Holdings, lots: tuple[Lot, ...]) -> Decimal:
    """What it realised, less the margin of what is open. Unit: the margin asset, signed."""
    open_costs = [_open_cost(leg) for leg in _legs(instrument, lots)]
    realised = exact.sub(exact.total(open_costs), holdings.position(instrument).cost)
    held = exact.absolute(exact.total(open_costs))
    return exact.sub(realised, exact.divide(held, terms.leverage[instrument.venue], _STEP, Rounding.CEIL))


def _legs(instrument: Instrument, lots: tuple[Lot, ...]) -> Iterator[LotLeg]:
    return (leg for lot in lots for leg in lot.legs if leg.instrument == instrument and leg.open.value)


def _open_cost(leg: LotLeg) -> Decimal:
    """What the open part cost on the way in. Unit: quote, signed as the open part."""
    whole = exact.mul(exact.absolute(leg.entered_cost.value), exact.absolute(leg.open.value))
    size = exact.divide(whole, exact.absolute(leg.entered.value), _STEP, Rounding.CEIL)
    return exact.mul(size, leg.side.sign)
