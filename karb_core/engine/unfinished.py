"""What a desk had begun when it was last there: told again from what was written, nothing from memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.decisions import Plan
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Fill, Order, Outcome
from karb_core.engine.ladder import limit_of
from karb_core.engine.leg_rules import LegRules, Rung
from karb_core.engine.legs_now import LegsNow
from karb_core.engine.sent import FIRST_TRY, Sent


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An intent whose end was not written. `complete`: no further clip of its tier follows.

    `last`: whether it is its pair's latest: only then are its legs carried on. Of an earlier one it is only found out
    what became of its orders. `rules_digest`: of the rules by which it was decided.
    """

    plan: Plan
    decided_at_ns: int
    complete: bool
    sent: tuple[Sent, ...]
    last: bool
    rules_digest: str


def is_finished(
    plan: Plan, sent: tuple[Sent, ...], facts: Mapping[Instrument, InstrumentFacts], rules: LegRules
) -> bool:
    """Whether all of its orders are settled, and its legs are even within a step."""
    now = LegsNow(plan, sent, 0, {}, facts, rules)  # karb: constant because neither question depends on the time
    return all(s.settled for s in sent) and not now.lacking()


def sent_before(
    plan: Plan,
    orders: Iterable[tuple[Order, int]],
    outcomes: Iterable[tuple[Outcome, int]],
    fills: Iterable[Fill],
    rules: LegRules,
    facts: Mapping[Instrument, InstrumentFacts],
) -> tuple[Sent, ...]:
    """The intent's orders as the desk knew them, from rows in the order in which they were written.

    Which rung sent an order follows from its side and its limit, for each rung has a band of its own; of two rungs
    with one band it is the first.
    """
    known = {
        order.id: Sent(order, order.leg, _step_of(order, plan, rules, facts), at_ns, None, None)
        for order, at_ns in orders
        if order.intent_id == plan.intent_id
    }
    for outcome, at_ns in outcomes:
        if outcome.order.id in known:
            known[outcome.order.id] = known[outcome.order.id].answered(outcome, at_ns)
    booked: defaultdict[str, list[Fill]] = defaultdict(list)
    for fill in fills:
        booked[fill.order_id].append(fill)
    return tuple(_listed(s, booked[s.order.id]) for s in known.values())


def _listed(sent: Sent, fills: list[Fill]) -> Sent:
    """With what the venue listed: a fill can have been known before an answer told of it."""
    base = Decimal(0)
    for fill in fills:
        base = exact.add(base, fill.amount.value)
    after = sent.with_listed(base, sent.open_since_ns)
    if not fills:
        return after
    return replace(after, filled_ns=min(after.first_filled_ns, *(fill.received_at_ns for fill in fills)))


def _step_of(order: Order, plan: Plan, rules: LegRules, facts: Mapping[Instrument, InstrumentFacts]) -> int:
    target = plan.legs[order.leg]
    stated = facts[target.instrument]
    way = Rung.RETRY if order.side is target.side else Rung.UNWIND
    if way is Rung.RETRY and order.limit == limit_of(target, order.side, rules.band, stated):
        return FIRST_TRY
    rungs = [i for i, rung in enumerate(rules.ladder) if rung.rung is way]
    same = (i for i in rungs if order.limit == limit_of(target, order.side, rules.ladder[i].band, stated))
    return next(same, rungs[-1] if rungs else FIRST_TRY)
