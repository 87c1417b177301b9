"""Sendings: when an order was durable, and when it left us. Written after the fact: one that is missing may have left."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Table

from karb_core.domain.orders import Order
from karb_core.ledger.columns import TABLES, Row, booked_once, once, text, whole, written_by

SENDINGS = Table(
    "sendings",
    TABLES,
    *written_by(),
    text("order_id"),
    whole("durable_at_ns"),
    whole("at_ns"),
    booked_once("order_id"),
    info={"since": "0003", **once(("order_id",), ("durable_at_ns", "at_ns"))},
)


@dataclass(frozen=True, slots=True)
class Sending:
    """`at_ns`: when it was handed to its executor. Both on our clock."""

    order_id: str
    durable_at_ns: int
    at_ns: int


def row(order: Order, durable_at_ns: int, at_ns: int) -> Row:
    return {"order_id": order.id, "durable_at_ns": durable_at_ns, "at_ns": at_ns}


def read(found: Row) -> Sending:
    return Sending(found["order_id"], found["durable_at_ns"], found["at_ns"])
