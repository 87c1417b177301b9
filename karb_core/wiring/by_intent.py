"""What was written of orders, by the intent they were for: every row is looked at once, however many intents there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from karb_core.domain.orders import Order, Outcome
from karb_core.ledger import reading
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Shared, Whose


@dataclass(frozen=True, slots=True)
class OfIntent:
    """Each kind in the order in which it was written."""

    orders: list[tuple[Order, int]] = field(default_factory=list)
    outcomes: list[tuple[Outcome, int]] = field(default_factory=list)
    fills: list[Shared] = field(default_factory=list)


def by_intent(ledger: Ledger, whose: Whose, fills: Iterable[Shared]) -> dict[str, OfIntent]:
    """Of every intent of which an order was written. Errors: `LedgerUnusable`."""
    rows: dict[str, OfIntent] = {}
    by_order: dict[str, OfIntent] = {}
    for order, at_ns in reading.orders(ledger, whose):
        by_order[order.id] = rows.setdefault(order.intent_id, OfIntent())
        by_order[order.id].orders.append((order, at_ns))
    for outcome, at_ns in reading.outcomes(ledger, whose):
        if outcome.order.id in by_order:
            by_order[outcome.order.id].outcomes.append((outcome, at_ns))
    for fill, parts in fills:
        if fill.order_id in by_order:
            by_order[fill.order_id].fills.append((fill, parts))
    return rows
