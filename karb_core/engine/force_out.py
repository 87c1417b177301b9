"""Ways out that nobody proposed: never gated. What a venue's force or somebody's order leaves, and remainders."""

from __future__ import annotations

from karb_core.domain import exact
from karb_core.domain.approved import Approved
from karb_core.domain.decisions import Cause, DecisionKind, Denied, LegTarget, Proposal, ProposalKind, seen
from karb_core.engine.beyond import beyond
from karb_core.engine.case import Case
from karb_core.engine.cut import cut
from karb_core.engine.decide import Decided
from karb_core.engine.decision_of import decision_of
from karb_core.engine.plan_of import plan_of, shares_of, way_out
from karb_core.engine.strategy import Strategy
from karb_core.ports import AccountView, MarketView, Moment


def force_out(
    strategy: Strategy, moment: Moment, view: MarketView, account: AccountView, rule: str, why: str
) -> tuple[Decided, ...]:
    """What brings the lots of a pair back to nothing after a venue closed a leg of theirs, or somebody said to: never
    gated. `why` stands in what was seen.

    One plan for each side that has lots open; empty where nothing of them is left to trade.
    """
    case = Case(strategy, moment, view, account)
    lots = account.standing[moment.pair].lots
    sides = enumerate(dict.fromkeys(lot.side for lot in lots))
    return tuple(
        _forced(case, side, tuple(lot.id for lot in lots if lot.side == side), (rule, why), ordinal)
        for ordinal, side in sides
    )


def even_out(
    strategy: Strategy, moment: Moment, view: MarketView, account: AccountView, rule: str
) -> tuple[Decided, ...]:
    """What trades the remainders away that several plans of a pair left together, as `beyond` has them: never gated.

    Empty where there is none, or no venue would take it.
    """
    case = Case(strategy, moment, view, account)
    lots = account.standing[moment.pair].lots
    ahead = beyond(lots, strategy.terms.facts)
    targets = tuple(
        LegTarget(i, i.amount(exact.negate(ahead[i])), i.price(top.bid if ahead[i] > 0 else top.ask))
        for i, top in zip(moment.legs, moment.tops, strict=True)
        if i in ahead
    )
    legs = cut(targets, strategy.terms.facts, rule, leaves=True) if targets else ()
    if isinstance(legs, Denied) or not legs:
        return ()
    lot_ids = tuple(lot.id for lot in lots)
    proposal = Proposal(
        pair=moment.pair, kind=ProposalKind.EXIT, cause=Cause.FORCED, tier=None, side=lots[0].side, rules=(),
        lot_ids=lot_ids, target=None, seen=seen({"forced_by": "uneven by what is less than a step"}),
    )  # fmt: skip
    plan = plan_of(case, (proposal,), legs, shares_of(lots, legs[0].instrument), 0)
    decision = decision_of(case, DecisionKind.EXIT, (proposal,), legs=legs, intent=plan.intent_id)
    return (Decided(decision, Approved.by_rule(plan, strategy.file_cite(rule))),)


def _forced(case: Case, side: str, lot_ids: tuple[str, ...], by: tuple[str, str], ordinal: int) -> Decided:
    proposal = Proposal(
        pair=case.moment.pair, kind=ProposalKind.EXIT, cause=Cause.FORCED, tier=None, side=side, rules=(),
        lot_ids=lot_ids, target=None, seen=seen({"forced_by": by[1]}),
    )  # fmt: skip
    plan = way_out(case, (proposal,), ordinal)
    if isinstance(plan, Denied):
        return Decided(decision_of(case, DecisionKind.REFUSAL, (proposal,), denied=(plan,)))
    decision = decision_of(case, DecisionKind.EXIT, (proposal,), legs=plan.legs, intent=plan.intent_id)
    return Decided(decision, Approved.by_rule(plan, case.strategy.file_cite(by[0])))
