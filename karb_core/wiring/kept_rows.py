"""What a run over data writes, kept at hand beside the ledger: a report need not read back what was just written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Decision, DecisionKind
from karb_core.domain.lots import Lot
from karb_core.domain.orders import Fill, Order, Outcome
from karb_core.ledger.reading import Shared
from karb_core.ports import Booked, Journal


@dataclass(slots=True)
class KeptRows:
    """`Journal`: everything goes on to `journal`. Kept are, each in the order in which it was written: `lots` before
    their first fill, by id; `fills` with their shares; `incomes`; `carried`, by intent, the decisions that planned
    something. `refused`: whether anything was ever denied; how long a refusal went on only the ledger knows.
    """

    journal: Journal
    lots: dict[str, Lot] = field(default_factory=dict)
    fills: list[Shared] = field(default_factory=list)
    incomes: list[Booked] = field(default_factory=list)
    carried: dict[str, Decision] = field(default_factory=dict)
    refused: bool = False

    def decision(self, decision: Decision) -> None:
        self.journal.decision(decision)
        self.refused |= decision.kind is DecisionKind.REFUSAL
        if decision.intent_id is not None:
            self.carried[decision.intent_id] = decision

    def order(self, order: Order, at_ns: int) -> None:
        self.journal.order(order, at_ns)

    def sent(self, order: Order, durable_at_ns: int, at_ns: int) -> None:
        self.journal.sent(order, durable_at_ns, at_ns)

    def outcome(self, outcome: Outcome, at_ns: int) -> None:
        self.journal.outcome(outcome, at_ns)

    def fill(self, fill: Fill, lot_shares: Sequence[tuple[str, Amount]]) -> None:
        self.journal.fill(fill, lot_shares)
        self.fills.append((fill, tuple(lot_shares)))

    def income(self, booked: Booked) -> None:
        self.journal.income(booked)
        self.incomes.append(booked)

    def lot(self, lot: Lot) -> None:
        self.journal.lot(lot)
        self.lots.setdefault(lot.id, lot)

    def halt(self, strength: str, reason: str, author: str, at_ns: int) -> None:
        self.journal.halt(strength, reason, author, at_ns)

    def took(self, command_id: str, at_ns: int) -> None:
        self.journal.took(command_id, at_ns)

    async def durable(self) -> None:
        await self.journal.durable()

    def end(self, how: str, at_ns: int) -> None:
        self.journal.end(how, at_ns)
