"""Orders: our instructions, each written before it is sent."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Boolean, Column, Table

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Order, Side, TimeInForce
from karb_core.ledger.columns import TABLES, Row, booked_once, maybe_text, once, text, whole, written_by

_FACTS = ("intent_id", "leg", "instrument", "side", "amount", "limit_price", "cost", "time_in_force", "reduce_only")

ORDERS = Table(
    "orders",
    TABLES,
    *written_by(),
    text("order_id"),
    text("intent_id"),
    whole("leg"),
    text("instrument"),
    text("side"),
    text("amount"),
    maybe_text("limit_price"),
    maybe_text("cost"),
    text("time_in_force"),
    Column("reduce_only", Boolean, nullable=False),
    whole("at_ns"),
    booked_once("order_id"),
    info=once(("order_id",), _FACTS),
)


def row(order: Order, at_ns: int) -> Row:
    """Unit: amount in the instrument's base, limit and cost in its quote."""
    return {
        "order_id": order.id,
        "intent_id": order.intent_id,
        "leg": order.leg,
        "instrument": order.instrument.text(),
        "side": order.side.value,
        "amount": exact.text(order.amount.value),
        "limit_price": None if order.limit is None else exact.text(order.limit.value),
        "cost": None if order.cost is None else exact.text(order.cost.value),
        "time_in_force": order.time_in_force.value,
        "reduce_only": order.reduce_only,
        "at_ns": at_ns,
    }


def read(found: Row) -> Order:
    instrument = Instrument.read(found["instrument"])
    limit, cost = found["limit_price"], found["cost"]
    return Order(
        id=found["order_id"],
        intent_id=found["intent_id"],
        leg=found["leg"],
        instrument=instrument,
        side=Side(found["side"]),
        amount=instrument.amount(Decimal(found["amount"])),
        limit=None if limit is None else instrument.price(Decimal(limit)),
        cost=None if cost is None else Amount(Decimal(cost), instrument.quote),
        time_in_force=TimeInForce(found["time_in_force"]),
        reduce_only=found["reduce_only"],
    )
