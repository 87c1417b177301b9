"""From a judgement to decisions: sized, cut, funded, gated. No await, no clock, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, replace

from karb_core.domain.approved import Approved
from karb_core.domain.decisions import Decision, DecisionKind, Denied, Passed, Plan, Proposal, ProposalKind
from karb_core.engine.case import Case
from karb_core.engine.cut import cut
from karb_core.engine.decision_of import decision_of, rearmed, reminded
from karb_core.engine.funds import short_of
from karb_core.engine.gatehouse import ask
from karb_core.engine.plan_of import plan_of, way_out
from karb_core.engine.strategy import Strategy
from karb_core.ports import AccountView, Judgement, MarketView, Moment


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, and the approved plan if it is to be carried out. `complete`: no further clip of its tier follows."""

    decision: Decision
    plan: Approved[Plan] | None = None
    complete: bool = True


def decide(
    strategy: Strategy,
    moment: Moment,
    judgement: Judgement,
    view: MarketView,
    account: AccountView,
    barred: tuple[Denied, ...] = (),
) -> tuple[Decided, ...]:
    """Everything decided at one moment of one pair, in the order in which it is carried out: what tells the owner
    something, then exits before entries.

    Exits that are allowed go together, lots of one side in one plan: what one side's would buy and the other's sell
    is no whole that fills could be shared out of. Each was asked for alone, so one that is denied holds no other.
    `barred`: what keeps the desk itself from entering now, and from ways out that are only taken.
    """
    case = Case(strategy, moment, view, account, barred)
    out: list[Decided] = []
    if judgement.rearmed is not None:
        out.append(Decided(rearmed(case, judgement.rearmed)))
    out += [Decided(reminded(case, reminder)) for reminder in judgement.reminders]
    exits = [p for p in judgement.proposals if p.kind is ProposalKind.EXIT]
    if exits:
        out += _exits(case, exits)
    entries = [p for p in judgement.proposals if p.kind is ProposalKind.ENTRY]
    for ordinal, proposal in enumerate(entries):
        goes = [decided.plan.item for decided in out if decided.plan is not None]
        entered = [plan for plan in goes if plan.proposals[0].kind is ProposalKind.ENTRY]
        out.append(_entry(case.going_on(*entered) if goes else case, proposal, ordinal))
    return tuple(out)


def _entry(case: Case, proposal: Proposal, ordinal: int) -> Decided:
    sized = case.strategy.sizing.size(proposal, case.moment, case.account)
    if isinstance(sized, Denied):
        why = replace(sized, rule=case.sizing_line(sized.rule))
        return Decided(decision_of(case, DecisionKind.REFUSAL, (proposal,), denied=(why,)))
    legs = cut(sized.legs, case.strategy.terms.facts, f"/pairs/{case.moment.pair}")
    if isinstance(legs, Denied):
        return Decided(decision_of(case, DecisionKind.REFUSAL, (proposal,), sized=sized, denied=(legs,)))
    plan = plan_of(case, (proposal,), legs, (), ordinal)
    denied = (*case.barred, *short_of(legs, case.account), *ask(case.strategy, plan, case.view, case.account))
    if denied:
        return Decided(decision_of(case, DecisionKind.REFUSAL, (proposal,), sized=sized, denied=denied, legs=legs))
    decision = decision_of(case, DecisionKind.ENTRY, (proposal,), sized=sized, legs=legs, intent=plan.intent_id)
    return Decided(decision, Approved.by_gates(plan, (Passed(),)), sized.complete)


def _exits(case: Case, proposals: list[Proposal]) -> list[Decided]:
    refused: list[Decided] = []
    allowed: list[Proposal] = []
    alone: Plan | None = None
    for proposal in proposals:
        plan = way_out(case, (proposal,))
        if isinstance(plan, Denied):
            refused.append(Decided(decision_of(case, DecisionKind.REFUSAL, (proposal,), denied=(plan,))))
            continue
        account = case.account if all(p.side == proposal.side for p in allowed) else case.going_on().account
        denied = (*case.barred, *ask(case.strategy, plan, case.view, account)) if proposal.gated else ()
        if denied:
            refused.append(Decided(decision_of(case, DecisionKind.REFUSAL, (proposal,), denied=denied, legs=plan.legs)))
        else:
            allowed.append(proposal)
            alone = plan
    if len(allowed) == 1 and alone is not None:
        return [*refused, _left(case, (allowed[0],), alone)]
    sides = dict.fromkeys(proposal.side for proposal in allowed)
    return refused + [
        _leave(case, tuple(p for p in allowed if p.side == side), ordinal) for ordinal, side in enumerate(sides)
    ]


def _leave(case: Case, proposals: tuple[Proposal, ...], ordinal: int) -> Decided:
    whole = way_out(case, proposals, ordinal)
    if isinstance(whole, Denied):
        return Decided(decision_of(case, DecisionKind.REFUSAL, proposals, denied=(whole,)))
    return _left(case, proposals, whole)


def _left(case: Case, proposals: tuple[Proposal, ...], whole: Plan) -> Decided:
    decision = decision_of(case, DecisionKind.EXIT, proposals, legs=whole.legs, intent=whole.intent_id)
    return Decided(decision, Approved.by_gates(whole, (Passed(),)))
