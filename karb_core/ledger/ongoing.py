"""Refusals that go on: which row each is, so that the next of its topic is counted there."""

from __future__ import annotations

from dataclasses import dataclass, field

from karb_core.domain.decisions import Decision, DecisionKind
from karb_core.ledger.columns import Row


@dataclass(slots=True)
class Refusal:
    """The row of a refusal, and how long it has gone on."""

    ordinal: int
    last_at_ns: int
    times: int

    def again(self, at_ns: int) -> None:
        self.last_at_ns = at_ns
        self.times += 1

    def grown(self) -> Row:
        return {"last_at_ns": self.last_at_ns, "times": self.times}


@dataclass(slots=True)
class Ongoing:
    """By pair and topic. A refusal goes on until its pair enters, exits or is re-armed; a reminder ends none.

    The topic is kept as what stays the same, not as the digest of it: of a refusal that goes on nothing is written.
    """

    by_pair: dict[str, dict[Decision, Refusal]] = field(default_factory=dict)

    def counted(self, decision: Decision) -> Refusal | None:
        """The refusal, with one more in it; None for what is no refusal, or the first of its topic."""
        if decision.kind.acts:
            self.by_pair.pop(decision.pair, None)
        if decision.kind is not DecisionKind.REFUSAL:
            return None
        refusal = self.by_pair.get(decision.pair, {}).get(decision.still())
        if refusal is not None:
            refusal.again(decision.at_ns)
        return refusal

    def begun(self, decision: Decision, ordinal: int) -> None:
        if decision.kind is DecisionKind.REFUSAL:
            self.by_pair.setdefault(decision.pair, {})[decision.still()] = Refusal(ordinal, decision.at_ns, 1)
