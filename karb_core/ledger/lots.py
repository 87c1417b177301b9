"""Lots: each as it was opened, before its first fill. What it holds, cost and earned is folded from its shares."""

from __future__ import annotations

import json
from decimal import Decimal

from sqlalchemy import Table

from karb_core.domain import canonical, exact
from karb_core.domain.amount import Price
from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot, LotLeg
from karb_core.domain.orders import Side
from karb_core.ledger.columns import TABLES, Row, booked_once, maybe_text, once, text, whole, written_by

LOTS = Table(
    "lots",
    TABLES,
    *written_by(),
    text("lot_id"),
    text("pair"),
    maybe_text("tier"),
    text("side"),
    text("rules_digest"),
    maybe_text("target"),
    whole("opened_at_ns"),
    text("rates"),
    text("legs"),
    booked_once("lot_id"),
    info=once(("lot_id",), ()),
)


def row(lot: Lot) -> Row:
    """`rates` and `legs` are JSON: `[[seat, price, base, quote], ...]` and `[[instrument, side], ...]`."""
    return {
        "lot_id": lot.id,
        "pair": lot.pair,
        "tier": lot.tier,
        "side": lot.side,
        "rules_digest": lot.rules_digest,
        "target": None if lot.target is None else exact.text(lot.target),
        "opened_at_ns": lot.opened_at_ns,
        "rates": canonical.to_json([(seat, at.value, at.base, at.quote) for seat, at in lot.rates]),
        "legs": canonical.to_json([(leg.instrument, leg.side) for leg in lot.legs]),
    }


def read(found: Row) -> Lot:
    """The lot before its first fill."""
    return Lot(
        id=found["lot_id"],
        pair=found["pair"],
        tier=found["tier"],
        side=found["side"],
        rules_digest=found["rules_digest"],
        target=None if found["target"] is None else Decimal(found["target"]),
        opened_at_ns=found["opened_at_ns"],
        rates=tuple((seat, Price(Decimal(at), base, quote)) for seat, at, base, quote in json.loads(found["rates"])),
        legs=tuple(LotLeg.unfilled(Instrument.read(where), Side(side)) for where, side in json.loads(found["legs"])),
        fees=(),
        funding=(),
    )
