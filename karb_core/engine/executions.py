"""How executions ended: told from what was sent and what came of it, in a run as after a restart."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.decisions import Plan
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.engine.sent import Sent
from karb_core.ports import Execution

Facts = Mapping[Instrument, InstrumentFacts]


def executions(plan: Plan, sent: tuple[Sent, ...], facts: Facts) -> dict[str, Execution]:
    """Each time the plan was carried out, by the id of its first order. What has not ended yet is not whole.

    Edge: what never left us, because it could not be written, says nothing of any venue and is none.
    """
    return {
        go[0].order.id: Execution(plan.pair, max(map(_heard_ns, go)), _is_whole(plan, go, facts))
        for go in _goes(sent)
        if any(s.left_us for s in go)
    }


def since_whole(told: Mapping[str, Execution]) -> dict[str, Execution]:
    """In the order in which they ended, and of each pair no further back than its last whole one."""
    in_order = sorted(told.items(), key=lambda item: item[1].at_ns)
    last = {execution.pair: i for i, (_, execution) in enumerate(in_order) if execution.whole}
    return {key: e for i, (key, e) in enumerate(in_order) if e.pair not in last or i >= last[e.pair]}


def _goes(sent: tuple[Sent, ...]) -> list[tuple[Sent, ...]]:
    """Orders by the time the plan was begun: one that came to nothing ends, and what is decided again begins anew."""
    goes: list[tuple[Sent, ...]] = []
    for s in sent:
        # A leg is tried a second time only once something has filled: else it is tried anew.
        if goes and (any(before.filled for before in goes[-1]) or s.leg not in {before.leg for before in goes[-1]}):
            goes[-1] = (*goes[-1], s)
        else:
            goes.append((s,))
    return goes


def _is_whole(plan: Plan, go: tuple[Sent, ...], facts: Facts) -> bool:
    """Whether each order went the plan's way and got all it asked for, and together they are the plan."""
    first_try = all(
        s.settled and s.order.side is plan.legs[s.leg].side and s.filled == s.order.amount.value for s in go
    )
    return first_try and all(_is_to_plan(plan, leg, go, facts) for leg, _ in enumerate(plan.legs))


def _is_to_plan(plan: Plan, leg: int, go: tuple[Sent, ...], facts: Facts) -> bool:
    target, total = plan.legs[leg], Decimal(0)
    for s in go:
        total = exact.add(total, s.filled) if s.leg == leg else total
    apart = exact.sub(total, exact.absolute(target.amount.value))
    return exact.absolute(apart) < facts[target.instrument].amount_step


def _heard_ns(sent: Sent) -> int:
    return sent.sent_ns if sent.heard_ns is None else sent.heard_ns
