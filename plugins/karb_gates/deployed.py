"""What is deployed by lots that are open and by entries that are under way, leg by leg, in the asset of the capital.

A lot counts what its legs cost at entry, whole until nothing of it is open; an entry under way what its plan is for. A leg
on margin counts its margin, at the leverage that the file states; what is in another asset goes through the `money` rate.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Plan
from karb_core.domain.instrument import Instrument
from karb_core.ports import AccountView, MarketView

_STEP = Decimal(1).scaleb(-8)  # karb: constant because it is how finely a margin is rounded up


class Uncounted(Exception):
    """What is deployed in a leg cannot be told in the asset of the capital. Its text says why."""


def deployed(plan: Plan, view: MarketView, account: AccountView) -> Iterator[tuple[int, Instrument, Decimal]]:
    """With this entry: by leg of each lot and plan, the place it has in its pair, its instrument, and what is in it.

    Errors: `Uncounted`.
    """
    entering = {**account.entering, plan.intent_id: plan}
    for lot in account.lots:
        if not lot.flat and lot.id not in entering:
            for at, leg in enumerate(lot.legs):
                yield at, leg.instrument, _in_book(abs(leg.entered_cost), leg.instrument, view, account)
    for entry in entering.values():
        for at, target in enumerate(entry.legs):
            cost = abs(target.amount).at(target.price)
            yield at, target.instrument, _in_book(cost, target.instrument, view, account)


def _in_book(cost: Amount, instrument: Instrument, view: MarketView, account: AccountView) -> Decimal:
    terms = account.terms
    leverage = terms.leverage.get(instrument.venue)
    value = exact.finite(cost.value)
    if leverage is not None:
        value = exact.divide(value, leverage, _STEP, exact.Rounding.CEIL)
    if cost.asset == terms.book:
        return value
    rate = view.rates.get("money")
    if rate is None or (rate.base, rate.quote) != (cost.asset, terms.book) or not rate.rate > 0:
        raise Uncounted(f"{instrument.text()}: {cost.asset} has no `money` rate to {terms.book}")
    return exact.mul(value, rate.rate)
