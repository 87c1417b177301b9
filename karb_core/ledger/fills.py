"""Fills: what traded, booked once by the venue and its own id of the trade."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Table

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Fill, Side
from karb_core.ledger.columns import TABLES, Row, booked_once, once, text, whole, written_by

FILLS = Table(
    "fills",
    TABLES,
    *written_by(),
    text("venue"),
    text("venue_trade_id"),
    text("order_id"),
    text("instrument"),
    text("side"),
    text("amount"),
    text("price"),
    text("fee"),
    text("fee_asset"),
    whole("venue_at_ns"),
    whole("received_at_ns"),
    booked_once("venue", "venue_trade_id"),
    # A fee may come late and a clock may be read twice; what traded cannot be two things.
    info=once(("venue", "venue_trade_id"), ("order_id", "instrument", "side", "amount", "price")),
)


def row(fill: Fill) -> Row:
    return {
        "venue": fill.instrument.venue,
        "venue_trade_id": fill.venue_trade_id,
        "order_id": fill.order_id,
        "instrument": fill.instrument.text(),
        "side": fill.side.value,
        "amount": exact.text(fill.amount.value),
        "price": exact.text(fill.price.value),
        "fee": exact.text(fill.fee.value),
        "fee_asset": fill.fee.asset,
        "venue_at_ns": fill.venue_at_ns,
        "received_at_ns": fill.received_at_ns,
    }


def read(found: Row) -> Fill:
    instrument = Instrument.read(found["instrument"])
    return Fill(
        order_id=found["order_id"],
        venue_trade_id=found["venue_trade_id"],
        instrument=instrument,
        side=Side(found["side"]),
        amount=instrument.amount(Decimal(found["amount"])),
        price=instrument.price(Decimal(found["price"])),
        fee=Amount(Decimal(found["fee"]), found["fee_asset"]),
        venue_at_ns=found["venue_at_ns"],
        received_at_ns=found["received_at_ns"],
    )
