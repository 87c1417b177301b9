"""Outcomes: every answer about an order, in the order in which they came; none replaces another."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from sqlalchemy import Boolean, Column, Table

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.orders import Filled, Order, Outcome, Rejected, Unknown
from karb_core.ledger.columns import TABLES, Row, maybe_text, text, whole, words, written_by

OUTCOMES = Table(
    "outcomes",
    TABLES,
    *written_by(),
    text("order_id"),
    text("outcome"),
    maybe_text("filled"),
    maybe_text("cost"),
    Column("final", Boolean, nullable=True),
    maybe_text("code"),
    maybe_text("message"),
    whole("at_ns"),
)


def row(outcome: Outcome, at_ns: int) -> Row:
    """Unit: filled in base and cost in quote, cumulative; `message` is the venue's own, or why nothing is known."""
    told: Row = {
        "order_id": outcome.order.id,
        "at_ns": at_ns,
        **dict.fromkeys(("filled", "cost", "final", "code", "message")),
    }
    match outcome:
        case Filled():
            return {**told, "outcome": "filled", **_traded(outcome), "final": outcome.final}
        case Rejected():
            return {**told, "outcome": "rejected", "code": words(outcome.code), "message": words(outcome.message)}
        case Unknown():
            return {**told, "outcome": "unknown", **_traded(outcome), "message": words(outcome.why)}
        case _:
            assert_never(outcome)


def read(found: Row, order: Order) -> Outcome:
    if found["outcome"] == "rejected":
        return Rejected(order, found["code"], found["message"])
    filled = order.instrument.amount(Decimal(found["filled"]))
    cost = Amount(Decimal(found["cost"]), order.instrument.quote)
    if found["outcome"] == "unknown":
        return Unknown(order, found["message"], filled, cost)
    return Filled(order, filled, cost, found["final"])


def _traded(outcome: Filled | Unknown) -> Row:
    return {"filled": exact.text(outcome.filled.value), "cost": exact.text(outcome.cost.value)}
