"""Intents that ended with an order of which nobody could tell what became of it, though the owner's time for asking is over.

While its fate is unknown nothing more is placed in its instrument, whoever would: what was sent may still trade, or have
traded, and an order beside it would be the same order twice. It is asked about on, at each moment of its pair, more and
more rarely; once it is known its intent is carried to its end, as after a restart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from karb_core.domain.approved import Approved
from karb_core.domain.decisions import Denied, Plan
from karb_core.domain.instrument import Instrument
from karb_core.engine.driver import Driver


@dataclass(frozen=True, slots=True)
class Begun:
    """What was approved and when; `complete` as it was decided."""

    approved: Approved[Plan]
    decided_at_ns: int
    complete: bool


@dataclass(slots=True)
class UnknownFates:
    """`begun`: by intent. An intent leaves once every order of it is settled."""

    begun: dict[str, Begun] = field(default_factory=dict)

    def note(self, begun: Begun, driver: Driver) -> None:
        """After its legs were followed to where they came."""
        intent = begun.approved.item.intent_id
        if all(sent.settled for sent in driver.of_intent(intent)):
            self.begun.pop(intent, None)
        else:
            self.begun[intent] = begun

    def of_pair(self, pair: str) -> tuple[Begun, ...]:
        return tuple(begun for begun in self.begun.values() if begun.approved.item.pair == pair)

    def bars(self, legs: Collection[Instrument], driver: Driver) -> Iterator[Denied]:
        """Why nothing may be planned on these legs: each order there of which nothing is known. Whichever pair it is of:
        pairs may share a leg."""
        for intent in self.begun:
            for sent in driver.of_intent(intent):
                if not sent.settled and sent.order.instrument in legs:
                    seen = f"what became of {sent.order.id} in {sent.order.instrument.text()} is not known"
                    yield Denied(driver.rules.unknown_cited.rule, seen, "an order whose fate is known")
