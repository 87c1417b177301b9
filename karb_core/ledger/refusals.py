"""Refusals counted: by which rule, of what, how often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from karb_core.domain.decisions import DecisionKind
from karb_core.ledger.decisions import Written


@dataclass(frozen=True, slots=True)
class Refused:
    """What one rule denied. One refusal by two rules is counted at both."""

    rule: str
    pair: str
    side: str
    tier: str | None


@dataclass(frozen=True, slots=True)
class Count:
    times: int
    first_at_ns: int
    last_at_ns: int


def refusals(decided: Iterable[Written]) -> dict[Refused, Count]:
    """In the order in which each first came."""
    counts: dict[Refused, Count] = {}
    for decision in decided:
        if decision.kind is DecisionKind.REFUSAL:
            for denied in decision.document()["denied"]:
                what = Refused(denied["rule"], decision.pair, decision.side, decision.tier)
                counts[what] = _more(counts.get(what), decision)
    return counts


def _more(count: Count | None, decision: Written) -> Count:
    if count is None:
        return Count(decision.times, decision.first_at_ns, decision.last_at_ns)
    last = max(count.last_at_ns, decision.last_at_ns)
    return Count(count.times + decision.times, min(count.first_at_ns, decision.first_at_ns), last)
