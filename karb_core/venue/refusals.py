"""What a venue says no to before it looks at its book: code and words in a venue's manner."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from karb_core.domain import exact
from karb_core.domain.instrument import InstrumentFacts, InstrumentKind
from karb_core.domain.orders import Order, Rejected, TimeInForce
from karb_core.venue.isolated import IsolatedPosition


class Refusal(StrEnum):
    """The codes. `unfit_` and the name of the broken fact stands for every fact (`unfit_min_notional`)."""

    DUPLICATE = "duplicate_order_id"
    UNKNOWN_INSTRUMENT = "unknown_instrument"
    SUSPENDED = "instrument_suspended"
    BUSY = "venue_busy"
    OUT_OF_WINDOW = "request_out_of_window"
    NOT_IMMEDIATE = "time_in_force_not_served"
    REDUCE_ONLY = "reduce_only_rejected"
    NO_QUOTE = "insufficient_funds_bid"
    NO_BASE = "insufficient_funds_ask"
    NO_MARGIN = "insufficient_margin"
    NOT_FOUND = "order_not_found"
    UNREACHABLE = "unreachable"
    UNFIT = "unfit_"

    def of(self, order: Order, message: str) -> Rejected:
        return Rejected(order, self.value, message)


def refusal(
    order: Order,
    facts: InstrumentFacts,
    position: IsolatedPosition,
    served: TimeInForce = TimeInForce.IOC,
) -> Rejected | None:
    """The first reason that needs no price of the market, None if there is none.

    `served`: how long an order may wait where it came to. Edge: what only reduces has no least notional, as a way out must not be too small to go.
    """
    if order.time_in_force is not served:
        return Refusal.NOT_IMMEDIATE.of(order, f"only {served.value} is served, not {order.time_in_force.value}")
    if order.reduce_only and not position.closed_by(signed(order)):
        return Refusal.REDUCE_ONLY.of(order, f"{exact.text(position.amount)} {order.instrument.base} is open")
    broken = _unfit(order, facts)
    if broken is None or (broken == "min_notional" and order.reduce_only):
        return None
    return Rejected(
        order, Refusal.UNFIT + broken, f"{order.amount.text()} at {order.limit or order.cost} breaks {broken}"
    )


def signed(order: Order) -> Decimal:
    """The base an order is to move, signed."""
    return exact.mul(order.side.sign, order.amount.value)


def is_margined(facts: InstrumentFacts) -> bool:
    return facts.kind is InstrumentKind.PERPETUAL


def _unfit(order: Order, facts: InstrumentFacts) -> str | None:
    if order.limit is not None:
        return facts.unfit(order.amount.value, order.limit.value)
    assert order.cost is not None
    least = facts.min_notional
    return "min_notional" if least is not None and order.cost.value < least else None
