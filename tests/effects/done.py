"""What a file came to: what was decided, what was sent, what became of it, without what only repeats the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Decision
from karb_core.domain.lots import Lot
from karb_core.domain.orders import Fill, Order, Outcome
from karb_core.ports import Booked, Rehearsed
from karb_core.texts.text import Said, Text, render


@dataclass(frozen=True, slots=True)
class Done:
    """decisions: without the lines they cite, limits and digests; actions: orders without ids; outcomes: fills,
    settlements, halts and results. refused: why nothing was done at all."""

    decisions: tuple[Any, ...] = ()
    actions: tuple[Any, ...] = ()
    outcomes: tuple[Any, ...] = ()
    refused: str = ""

    @property
    def acts(self) -> bool:
        return bool(self.actions)


def differs(before: Done, after: Done) -> str | None:
    """The first of these in which the two are not the same, None where they are."""
    if after.refused != before.refused:
        return f"refused: {after.refused}" if after.refused else "no longer refused"
    names = ("decisions", "actions", "outcomes")
    return next((name for name in names if getattr(before, name) != getattr(after, name)), None)


def refused(said: Said) -> Done:
    """Without what a run names: the words of karb's own, by their key."""
    return Done(refused=said.key if isinstance(said, Text) else render(said))


@dataclass(slots=True)
class Noted:
    """`Journal`: keeps at hand what a run over data writes."""

    decided: list[Any] = field(default_factory=list)
    ordered: list[Any] = field(default_factory=list)
    came: list[Any] = field(default_factory=list)

    def decision(self, decision: Decision) -> None:
        self.decided.append(of_decision(decision))

    def order(self, order: Order, at_ns: int) -> None:
        self.ordered.append((at_ns, order.leg, order.instrument, order.side, order.amount, order.limit))

    def sent(self, order: Order, durable_at_ns: int, at_ns: int) -> None: ...
    def outcome(self, outcome: Outcome, at_ns: int) -> None: ...

    def fill(self, fill: Fill, lot_shares: Sequence[tuple[str, Amount]]) -> None:
        shares = tuple(amount for _, amount in lot_shares)
        self.came.append((fill.venue_at_ns, fill.instrument, fill.side, fill.amount, fill.price, fill.fee, shares))

    def income(self, booked: Booked) -> None:
        self.came.append((booked.at_ns, booked.instrument, booked.received))

    def lot(self, lot: Lot) -> None: ...

    def halt(self, strength: str, reason: str, author: str, at_ns: int) -> None:
        self.came.append((at_ns, strength, reason))

    def took(self, command_id: str, at_ns: int) -> None: ...
    async def durable(self) -> None: ...
    def end(self, how: str, at_ns: int) -> None: ...

    def done(self, results: Sequence[Amount]) -> Done:
        return Done(tuple(self.decided), tuple(self.ordered), (*self.came, *results))


def of_decision(decision: Decision) -> tuple[Any, ...]:
    denied = tuple((each.rule, each.observed) for each in decision.denied)
    legs = tuple((leg.instrument, leg.amount, leg.price) for leg in decision.legs)
    return (decision.kind, decision.at_ns, decision.pair, decision.side, decision.tier, decision.cause, legs, denied)


def of_rehearsal(came: Rehearsed) -> Done:
    outcomes = (
        *((told.kind, told.at_ns, told.pair) for told in came.notices),
        *came.uneven, came.left_open, came.booked, came.result, came.halts,
        tuple(sorted((line.rule, times) for line, times in came.climbed.items())),
    )  # fmt: skip
    return Done(_sorted(of_decision(each) for each in came.decisions), (came.orders, came.fills), _sorted(outcomes))


def _sorted(each: Iterable[Any]) -> tuple[Any, ...]:
    """What pairs do at one time has no order."""
    return tuple(sorted(each, key=repr))
