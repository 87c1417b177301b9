"""From a judgement to decisions: sized, cut, funded, gated. No await, no clock, no I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.approved import Approved
from karb_core.domain.decisions import (
    Cause,
    Cited,
    Decision,
    DecisionKind,
    Denied,
    LegTarget,
    Passed,
    Plan,
    Proposal,
    ProposalKind,
    Reminder,
    Seen,
    SeenValue,
    Share,
    seen,
)
from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot
from karb_core.domain.order_id import intent_id
from karb_core.engine.beyond import beyond
from karb_core.engine.cut import cut
from karb_core.engine.funds import short_of
from karb_core.engine.gatehouse import ask
from karb_core.engine.strategy import Strategy
from karb_core.ports import AccountView, Judgement, MarketView, Moment, Sized

_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, and the approved plan if it is to be carried out. `complete`: no further clip of its tier follows."""

    decision: Decision
    plan: Approved[Plan] | None = None
    complete: bool = True


@dataclass(frozen=True, slots=True)
class _Case:
    strategy: Strategy
    moment: Moment
    view: MarketView
    account: AccountView
    barred: tuple[Denied, ...] = ()


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
    case = _Case(strategy, moment, view, account, barred)
    out: list[Decided] = []
    if judgement.rearmed is not None:
        out.append(_rearmed(case, judgement.rearmed))
    out += [_reminded(case, reminder) for reminder in judgement.reminders]
    exits = [p for p in judgement.proposals if p.kind is ProposalKind.EXIT]
    if exits:
        out += _exits(case, exits)
    entries = [p for p in judgement.proposals if p.kind is ProposalKind.ENTRY]
    for ordinal, proposal in enumerate(entries):
        goes = any(decided.plan is not None for decided in out)
        out.append(_entry(_under_way(case) if goes else case, proposal, ordinal))
    return tuple(out)


def force_out(
    strategy: Strategy, moment: Moment, view: MarketView, account: AccountView, rule: str, why: str
) -> tuple[Decided, ...]:
    """What brings the lots of a pair back to nothing after a venue closed a leg of theirs, or somebody said to: never
    gated. `why` stands in what was seen.

    One plan for each side that has lots open; empty where nothing of them is left to trade.
    """
    case = _Case(strategy, moment, view, account)
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
    case = _Case(strategy, moment, view, account)
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
    plan = _plan(case, (proposal,), legs, _shares_of(lots, legs[0].instrument), 0)
    decision = _decision(case, DecisionKind.EXIT, (proposal,), legs=legs, intent=plan.intent_id)
    return (Decided(decision, Approved.by_rule(plan, strategy.file_cite(rule))),)


def _shares_of(lots: Iterable[Lot], instrument: Instrument) -> tuple[Share, ...]:
    """All that each has open there, to be brought back."""
    opens = ((lot.id, leg.open.value) for lot in lots for leg in lot.legs if leg.instrument == instrument)
    return tuple(Share(lot_id, exact.negate(value)) for lot_id, value in opens)


def _forced(case: _Case, side: str, lot_ids: tuple[str, ...], by: tuple[str, str], ordinal: int) -> Decided:
    proposal = Proposal(
        pair=case.moment.pair, kind=ProposalKind.EXIT, cause=Cause.FORCED, tier=None, side=side, rules=(),
        lot_ids=lot_ids, target=None, seen=seen({"forced_by": by[1]}),
    )  # fmt: skip
    plan = _exit_plan(case, (proposal,), ordinal)
    if isinstance(plan, Denied):
        return Decided(_decision(case, DecisionKind.REFUSAL, (proposal,), denied=(plan,)))
    decision = _decision(case, DecisionKind.EXIT, (proposal,), legs=plan.legs, intent=plan.intent_id)
    return Decided(decision, Approved.by_rule(plan, case.strategy.file_cite(by[0])))


def _entry(case: _Case, proposal: Proposal, ordinal: int) -> Decided:
    sized = case.strategy.sizing.size(proposal, case.moment, case.account)
    if isinstance(sized, Denied):
        why = replace(sized, rule=_rule(case, sized.rule))
        return Decided(_decision(case, DecisionKind.REFUSAL, (proposal,), denied=(why,)))
    legs = cut(sized.legs, case.strategy.terms.facts, f"/pairs/{case.moment.pair}")
    if isinstance(legs, Denied):
        return Decided(_decision(case, DecisionKind.REFUSAL, (proposal,), sized=sized, denied=(legs,)))
    plan = _plan(case, (proposal,), legs, (), ordinal)
    denied = (*case.barred, *short_of(legs, case.account), *ask(case.strategy, plan, case.view, case.account))
    if denied:
        return Decided(_decision(case, DecisionKind.REFUSAL, (proposal,), sized=sized, denied=denied, legs=legs))
    decision = _decision(case, DecisionKind.ENTRY, (proposal,), sized=sized, legs=legs, intent=plan.intent_id)
    return Decided(decision, Approved.by_gates(plan, (Passed(),)), sized.complete)


def _exits(case: _Case, proposals: list[Proposal]) -> list[Decided]:
    refused: list[Decided] = []
    allowed: list[Proposal] = []
    for proposal in proposals:
        plan = _exit_plan(case, (proposal,))
        if isinstance(plan, Denied):
            refused.append(Decided(_decision(case, DecisionKind.REFUSAL, (proposal,), denied=(plan,))))
            continue
        account = case.account if all(p.side == proposal.side for p in allowed) else _under_way(case).account
        denied = (*case.barred, *ask(case.strategy, plan, case.view, account)) if proposal.gated else ()
        if denied:
            refused.append(Decided(_decision(case, DecisionKind.REFUSAL, (proposal,), denied=denied, legs=plan.legs)))
        else:
            allowed.append(proposal)
    sides = dict.fromkeys(proposal.side for proposal in allowed)
    return refused + [
        _leave(case, tuple(p for p in allowed if p.side == side), ordinal) for ordinal, side in enumerate(sides)
    ]


def _under_way(case: _Case) -> _Case:
    """The case once a plan of the pair goes ahead: what is decided after it at the same moment is another one."""
    pairs = case.account.under_way | {case.moment.pair}
    return replace(case, account=replace(case.account, under_way=pairs))


def _leave(case: _Case, proposals: tuple[Proposal, ...], ordinal: int) -> Decided:
    whole = _exit_plan(case, proposals, ordinal)
    if isinstance(whole, Denied):
        return Decided(_decision(case, DecisionKind.REFUSAL, proposals, denied=(whole,)))
    decision = _decision(case, DecisionKind.EXIT, proposals, legs=whole.legs, intent=whole.intent_id)
    return Decided(decision, Approved.by_gates(whole, (Passed(),)))


def _exit_plan(case: _Case, proposals: tuple[Proposal, ...], ordinal: int = 0) -> Plan | Denied:
    """What brings the lots of these proposals back to nothing, at the sides we would trade."""
    lots = [_lot(case, lot_id) for proposal in proposals for lot_id in proposal.lot_ids]
    legs: list[LegTarget] = []
    for i, instrument in enumerate(case.moment.legs):
        total = Decimal(0)
        for lot in lots:
            total = exact.add(total, next(leg.open.value for leg in lot.legs if leg.instrument == instrument))
        if total:
            moved = exact.negate(total)
            price = case.moment.tops[i].bid if moved < 0 else case.moment.tops[i].ask
            legs.append(LegTarget(instrument, instrument.amount(moved), instrument.price(price)))
    if not legs:
        return Denied(f"/pairs/{case.moment.pair}", "nothing is open", "something to trade")
    fitting = cut(tuple(legs), case.strategy.terms.facts, f"/pairs/{case.moment.pair}", leaves=True)
    if isinstance(fitting, Denied):
        return fitting
    return _plan(case, proposals, fitting, _shares_of(lots, fitting[0].instrument), ordinal)


def _plan(
    case: _Case, proposals: tuple[Proposal, ...], legs: tuple[LegTarget, ...], shares: tuple[Share, ...], ordinal: int
) -> Plan:
    terms, first = case.strategy.terms, proposals[0]
    # A way out that is forced may fall on the moment of one that is taken: it is another intent.
    kind = first.kind.value if first.cause is Cause.TAKEN else f"{first.cause.value} {first.kind.value}"
    minted = intent_id(
        rules_digest=terms.rules_digest,
        strategy=terms.strategy,
        pair=case.moment.pair,
        venue_at_ns=case.moment.at_ns,
        kind=kind,
        ordinal=ordinal,
    )
    return Plan(intent_id=minted, proposals=proposals, legs=legs, shares=shares)


def _rearmed(case: _Case, rule: str) -> Decided:
    decision = Decision(
        kind=DecisionKind.REARM,
        at_ns=case.moment.at_ns,
        pair=case.moment.pair,
        side="",
        tier=None,
        cause=Cause.TAKEN,
        cited=(case.strategy.signal_cite(rule),),
        seen=(),
        denied=(),
        legs=(),
        lot_ids=(),
        intent_id=None,
        rules_digest=case.strategy.terms.rules_digest,
    )
    return Decided(decision)


def _reminded(case: _Case, reminder: Reminder) -> Decided:
    decision = Decision(
        kind=DecisionKind.REMINDER,
        at_ns=case.moment.at_ns,
        pair=case.moment.pair,
        side=reminder.side,
        tier=reminder.tier,
        cause=Cause.TAKEN,
        cited=_once([case.strategy.signal_cite(rule) for rule in reminder.rules]),
        seen=_with_rates(reminder.seen, case.view),
        denied=(),
        legs=(),
        lot_ids=(reminder.lot_id,),
        intent_id=None,
        rules_digest=case.strategy.terms.rules_digest,
    )
    return Decided(decision)


def _decision(
    case: _Case,
    kind: DecisionKind,
    proposals: tuple[Proposal, ...],
    *,
    sized: Sized | None = None,
    denied: tuple[Denied, ...] = (),
    legs: tuple[LegTarget, ...] = (),
    intent: str | None = None,
) -> Decision:
    first = proposals[0]
    cited = [case.strategy.signal_cite(rule) for proposal in proposals for rule in proposal.rules]
    cited += [case.strategy.sizing_cite(rule) for rule in (sized.rules if sized is not None else ())]
    cited += [case.strategy.file_cite(d.rule) for d in denied]
    return Decision(
        kind=kind,
        at_ns=case.moment.at_ns,
        pair=case.moment.pair,
        side=first.side,
        tier=first.tier,
        cause=first.cause,
        cited=_once(cited),
        seen=_with_rates(_seen(proposals, sized), case.view),
        denied=denied,
        legs=legs,
        lot_ids=tuple(lot_id for proposal in proposals for lot_id in proposal.lot_ids),
        intent_id=intent,
        rules_digest=case.strategy.terms.rules_digest,
    )


def _seen(proposals: tuple[Proposal, ...], sized: Sized | None) -> Seen:
    """What was judged by; of several proposals each under the name of its lot. `complete`: no further clip follows."""
    if len(proposals) == 1:
        clip: dict[str, SeenValue] = {} if sized is None else {"complete": sized.complete}
        return seen({**dict(proposals[0].seen), **clip})
    return seen({f"{p.lot_ids[0]}.{name}": value for p in proposals for name, value in p.seen})


def _with_rates(judged: Seen, view: MarketView) -> Seen:
    """What was judged by, with the rates in force and how old each was."""
    rates: dict[str, SeenValue] = {}
    for seat, rate in view.rates.items():
        rates[f"rate.{seat}"] = rate.rate
        rates[f"rate.{seat}.age_s"] = (view.as_of_ns - rate.venue_at_ns) // _SECOND
    return seen({**dict(judged), **rates})


def _once(cited: list[Cited]) -> tuple[Cited, ...]:
    return tuple(dict.fromkeys(cited))


def _rule(case: _Case, name: str) -> str:
    return name if name.startswith("/") else case.strategy.sizing_cite(name).rule


def _lot(case: _Case, lot_id: str) -> Lot:
    return next(lot for lot in case.account.standing[case.moment.pair].lots if lot.id == lot_id)
