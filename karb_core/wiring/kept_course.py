"""A journal that is kept nowhere: what a run decided and what filled, for whoever compares two runs."""

from __future__ import annotations

from collections.abc import Sequence

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Decision
from karb_core.domain.lots import Lot
from karb_core.domain.orders import Fill, Order, Outcome
from karb_core.ports.journal import Booked
from karb_core.ports.piecewise import Course, FilledOrder


class KeptCourse:
    """`Journal`, in memory. A trade that the venue forced is of no order of ours, and left out."""

    def __init__(self) -> None:
        self._decisions: list[Decision] = []
        self._placed_at: dict[str, int] = {}
        self._fills: list[FilledOrder] = []

    @property
    def course(self) -> Course:
        return Course(tuple(self._decisions), tuple(self._fills))

    def decision(self, decision: Decision) -> None:
        self._decisions.append(decision)

    def order(self, order: Order, at_ns: int) -> None:
        self._placed_at[order.id] = at_ns

    def sent(self, order: Order, durable_at_ns: int, at_ns: int) -> None: ...
    def outcome(self, outcome: Outcome, at_ns: int) -> None: ...

    def fill(self, fill: Fill, lot_shares: Sequence[tuple[str, Amount]]) -> None:  # noqa: ARG002
        if fill.order_id in self._placed_at:
            self._fills.append(FilledOrder(self._placed_at[fill.order_id], fill))

    def income(self, booked: Booked) -> None: ...
    def lot(self, lot: Lot) -> None: ...
    def halt(self, strength: str, reason: str, author: str, at_ns: int) -> None: ...
    def took(self, command_id: str, at_ns: int) -> None: ...
    async def durable(self) -> None: ...
    def end(self, how: str, at_ns: int) -> None: ...
