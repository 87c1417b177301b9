"""The core's own ports: what the desk writes down, so that engine and ledger meet only in wiring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Decision
from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot
from karb_core.domain.orders import Fill, Order, Outcome


@dataclass(frozen=True, slots=True)
class Booked:
    """One settlement as the ledger keeps it, shared out to lots."""

    income_id: str
    instrument: Instrument
    received: Amount
    at_ns: int
    lots: tuple[tuple[str, Amount], ...]


class Journal(Protocol):
    """Where decisions, orders and what came of them are kept, in the order in which the desk writes them.

    `durable` returns when everything written before it would survive a kill: nothing is sent before that.
    `sent`: when that was for an order, and when it was handed to its executor; nobody waits until this is durable.
    A refusal that goes on (one topic) is one row with its first and last time and a count. Writing a fill or a
    settlement a second time changes nothing. `took`: an order of the owner's from elsewhere was carried out, which is
    durable together with what was written for it.
    """

    def decision(self, decision: Decision) -> None: ...
    def order(self, order: Order, at_ns: int) -> None: ...
    def sent(self, order: Order, durable_at_ns: int, at_ns: int) -> None: ...
    def outcome(self, outcome: Outcome, at_ns: int) -> None: ...
    def fill(self, fill: Fill, lot_shares: Sequence[tuple[str, Amount]]) -> None: ...
    def income(self, booked: Booked) -> None: ...
    def lot(self, lot: Lot) -> None: ...
    def halt(self, strength: str, reason: str, author: str, at_ns: int) -> None: ...
    def took(self, command_id: str, at_ns: int) -> None: ...
    async def durable(self) -> None: ...
    def end(self, how: str, at_ns: int) -> None: ...
