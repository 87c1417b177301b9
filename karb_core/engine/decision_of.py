"""A decision as it is written: the lines it cites, what was seen, what denied it, and the rates in force."""

from __future__ import annotations

from karb_core.domain.decisions import (
    Cause,
    Cited,
    Decision,
    DecisionKind,
    Denied,
    LegTarget,
    Proposal,
    Reminder,
    Seen,
    SeenValue,
    seen,
)
from karb_core.engine.case import Case
from karb_core.ports import MarketView, Sized

_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds


def decision_of(
    case: Case,
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


def rearmed(case: Case, rule: str) -> Decision:
    return Decision(
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


def reminded(case: Case, reminder: Reminder) -> Decision:
    return Decision(
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
