"""What lots came to, and what those that are open would come to, in the asset of the capital."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.decisions import Denied, Passed, Plan, ProposalKind, Verdict
from karb_core.domain.halt import Halt
from karb_core.ports import AccountView, Demand, Ended, MarketView
from karb_core.rules.leaving import Leaving
from karb_gates.then import Then

#: How much of trading each word stops.
STOPS = {
    "refuse": Halt.NONE,
    "stop_entries": Halt.NO_ENTRIES,
    "reduce": Halt.REDUCE_ONLY,
    "flatten": Halt.FLATTEN,
}


class Uncounted(Exception):
    """A result that cannot be told in the asset of the capital. Its text says whose."""


#: What is beyond a limit now, None while nothing is. Errors: `Uncounted`.
Beyond = Callable[[MarketView, AccountView], Denied | None]


def verdict(beyond: Beyond, plan: Plan, view: MarketView, account: AccountView) -> Verdict:
    """Of an entry; a way out passes. What cannot be told is denied."""
    if plan.proposals[0].kind is not ProposalKind.ENTRY:
        return Passed()
    try:
        return beyond(view, account) or Passed()
    except Uncounted as e:
        return Denied("most", str(e), "results that can be told")


def demand(beyond: Beyond, then: Then, view: MarketView, account: AccountView) -> Demand | None:
    """What is to be stopped; None also where it cannot be told."""
    try:
        denied = beyond(view, account)
    except Uncounted:
        return None
    return None if denied is None else Demand(STOPS[then], denied.rule, denied.observed, denied.limit)


def net_of(one: Ended, book: str) -> Decimal:
    """Errors: `Uncounted`."""
    if one.net is None or one.net.asset != book:
        raise Uncounted(f"what lot {one.lot_id} of {one.pair} came to is not known in {book}")
    return exact.finite(one.net.value)


def open_net(view: MarketView, account: AccountView) -> Decimal:
    """What all open lots would come to, each left now at the sides we would trade at, all fees and funding in it.

    Edge: a lot of which only a part has filled counts as far as it can be told. Errors: `Uncounted`.
    """
    total = Decimal(0)
    for lot in account.lots:
        if lot.flat:
            continue
        tops = tuple(view.tops[leg.instrument] for leg in lot.legs if leg.instrument in view.tops)
        net = Leaving(lot, tops, view.rates, account.terms.costs).money(fees=True, funding=True)
        if net is None or lot.legs[0].instrument.quote != account.terms.book or not net.over.is_finite():
            raise Uncounted(f"what lot {lot.id} of {lot.pair} would come to cannot be told now")
        total = exact.add(total, net.over)
    return total
