"""Incomes: what a venue paid or took beside fills, booked once by the venue and its own id, and shared out to lots."""

from __future__ import annotations

import json
from decimal import Decimal

from sqlalchemy import Table

from karb_core.domain import canonical, exact
from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument
from karb_core.ledger.columns import TABLES, Row, booked_once, once, text, whole, written_by
from karb_core.ports.journal import Booked

INCOMES = Table(
    "incomes",
    TABLES,
    *written_by(),
    text("venue"),
    text("income_id"),
    text("instrument"),
    text("received"),
    text("asset"),
    whole("at_ns"),
    text("lots"),
    booked_once("venue", "income_id"),
    info=once(("venue", "income_id"), ("instrument", "received", "asset")),
)


def row(booked: Booked) -> Row:
    """`lots` is JSON: `[[lot id, amount], ...]`, amounts with their asset."""
    return {
        "venue": booked.instrument.venue,
        "income_id": booked.income_id,
        "instrument": booked.instrument.text(),
        "received": exact.text(booked.received.value),
        "asset": booked.received.asset,
        "at_ns": booked.at_ns,
        "lots": canonical.to_json(booked.lots),
    }


def read(found: Row) -> Booked:
    return Booked(
        income_id=found["income_id"],
        instrument=Instrument.read(found["instrument"]),
        received=Amount(Decimal(found["received"]), found["asset"]),
        at_ns=found["at_ns"],
        lots=tuple((lot_id, Amount.read(part)) for lot_id, part in json.loads(found["lots"])),
    )
