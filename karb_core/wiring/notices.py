"""What the owner is told of a decision, as facts; the channel finds the words."""

from __future__ import annotations

from collections.abc import Iterator

from karb_core.domain.decisions import DecisionKind, Denied, Plan, SeenValue
from karb_core.domain.exact import absolute
from karb_core.domain.trade import Trade
from karb_core.engine.carried import Carried
from karb_core.engine.next_step import Phase
from karb_core.ports import Mode, Notice, NoticeKind

_KINDS = {
    DecisionKind.ENTRY: NoticeKind.ENTRY,
    DecisionKind.EXIT: NoticeKind.EXIT,
    DecisionKind.REFUSAL: NoticeKind.REFUSAL,
    DecisionKind.REMINDER: NoticeKind.REMINDER,
}


def notices_of(carried: Carried, ended: list[Trade], mode: Mode) -> Iterator[Notice]:
    """The decision itself, and a halt if its ladder ended with a leg open. `ended`: round trips it finished."""
    decision = carried.decided.decision
    if decision.kind not in _KINDS:
        return
    facts: dict[str, SeenValue] = {
        "side": decision.side,
        "tier": decision.tier,
        "cause": decision.cause.value,
        **{name: value for name, value in decision.seen if not name.startswith("rate.")},
        "lines": ", ".join(dict.fromkeys(f"{c.file}:{c.line}" for c in decision.cited)),
        **_denied(decision.denied),
    }
    if carried.decided.plan is not None:
        facts |= _legs(carried.decided.plan.item)
    if decision.kind is DecisionKind.REMINDER:
        facts["lot"] = decision.lot_ids[0]
    if ended:
        facts |= _result(ended)
    yield Notice(_KINDS[decision.kind], decision.at_ns, decision.pair, mode, facts)
    if carried.end is not None and carried.end.phase is Phase.STUCK:
        rule = carried.end.cited.rule if carried.end.cited is not None else ""
        yield Notice(NoticeKind.HALT, decision.at_ns, decision.pair, mode, {"rule": rule})


def _denied(denied: tuple[Denied, ...]) -> dict[str, SeenValue]:
    facts: dict[str, SeenValue] = {"denied": len(denied)}
    for i, one in enumerate(denied):
        facts |= {f"denied.{i}.rule": one.rule, f"denied.{i}.observed": one.observed, f"denied.{i}.limit": one.limit}
    return facts


def legs_of(carried: Carried) -> dict[str, SeenValue]:
    """Of what was carried out."""
    return {} if carried.decided.plan is None else _legs(carried.decided.plan.item)


def _legs(plan: Plan) -> dict[str, SeenValue]:
    facts: dict[str, SeenValue] = {"legs": len(plan.legs)}
    for i, leg in enumerate(plan.legs):
        facts |= {
            f"leg.{i}.side": leg.side.value,
            f"leg.{i}.amount": absolute(leg.amount.value),
            f"leg.{i}.base": leg.amount.asset,
            f"leg.{i}.venue": leg.instrument.venue,
            f"leg.{i}.price": leg.price.value,
            f"leg.{i}.quote": leg.price.quote,
        }
    return facts


def _result(ended: list[Trade]) -> dict[str, SeenValue]:
    net = ended[0].net
    for trade in ended[1:]:
        net = net + trade.net
    spent = abs(ended[0].lot.legs[0].entered_cost)
    for trade in ended[1:]:
        spent = spent + abs(trade.lot.legs[0].entered_cost)
    return {"result": net.value, "result.asset": net.asset, "result.of": spent.value}
