"""Asks every gate that stands at a point, keeps every refusal, and refuses whatever cannot be computed."""

from __future__ import annotations

from dataclasses import replace

from karb_core.domain.decisions import Denied, Passed, Plan, ProposalKind
from karb_core.engine.strategy import GateSeat, RateRule, Strategy
from karb_core.ports import AccountView, MarketView

_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds


def ask(strategy: Strategy, plan: Plan, view: MarketView, account: AccountView) -> tuple[Denied, ...]:
    """Every denial, each under the pointer of the line that made it; empty when all passed.

    Rates are asked for their age at entries only. Edge: a gate that raises has denied, and so
    has one that answers anything but a verdict.
    """
    point = "entry" if plan.proposals[0].kind is ProposalKind.ENTRY else "exit"
    denied = [_ask(seat, plan, view, account) for seat in strategy.gates if point in seat.at]
    if point == "entry":
        denied += [_age(rule, view) for rule in strategy.rates]
    return tuple(d for d in denied if d is not None)


def _ask(seat: GateSeat, plan: Plan, view: MarketView, account: AccountView) -> Denied | None:
    try:
        verdict = seat.gate.check(plan, view, account)
        if isinstance(verdict, Passed):
            return None
        if not isinstance(verdict, Denied):
            raise TypeError(f"{verdict!r} is no verdict")
        return replace(verdict, rule=seat.cite(verdict.rule).rule)
    except Exception as e:  # noqa: BLE001 - whatever a gate raises, it could not compute, so it refuses
        # karb: constant because it cuts a shown text
        return Denied(seat.cite("use").rule, f"{type(e).__name__}: {e}"[:200], "a gate that can compute")


def _age(rule: RateRule, view: MarketView) -> Denied | None:
    rate = view.rates.get(rule.seat)
    try:
        is_open = rule.is_open(view.as_of_ns)
    except Exception as e:  # noqa: BLE001 - a calendar that cannot be read holds back entries, as a gate would
        return Denied(rule.cite("max_age").rule, f"{type(e).__name__}: {e}", "a calendar that can be read")
    limit = rule.open_ns if is_open else rule.closed_ns
    name = "max_age" if is_open else "when_closed"
    if rate is None:
        return Denied(rule.cite(name).rule, "no rate is known yet", "a rate")
    age = view.as_of_ns - rate.venue_at_ns
    if limit is None:
        return Denied(rule.cite(name).rule, "the rate's market is closed", "an open market")
    if age > limit or age < 0:
        return Denied(rule.cite(name).rule, f"{age // _SECOND}s old", f"{limit // _SECOND}s")
    return None
