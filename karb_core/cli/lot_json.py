"""A lot as JSON has it: every figure to the last digit."""

from __future__ import annotations

from decimal import Decimal

from karb_core.cli.instants import instant
from karb_core.domain.exact import absolute, text
from karb_core.domain.lots import Lot
from karb_core.wiring.trades import entry_premium


def open_json(lot: Lot) -> dict[str, object]:
    """A lot that is open; `target` is the profit at which it would be left, None for none."""
    rates = {seat: text(price.value) for seat, price in lot.rates}
    told = {"entry_premium": maybe_text(entry_premium(lot)), "rates": rates, "target": maybe_text(lot.target)}
    return {**entered_json(lot), **held_json(lot), **told, **paid_json(lot)}


def entered_json(lot: Lot) -> dict[str, object]:
    at = instant(lot.opened_at_ns)
    return {"lot": lot.id, "pair": lot.pair, "tier": lot.tier, "side": lot.side, "entered_at": at}


def held_json(lot: Lot) -> dict[str, object]:
    parts = ("entered", "entered_cost", "left", "left_cost")
    legs = [{"instrument": leg.instrument.text()} | {n: getattr(leg, n).text() for n in parts} for leg in lot.legs]
    return {"amount": text(absolute(lot.legs[0].entered.value)), "legs": legs}


def paid_json(lot: Lot) -> dict[str, object]:
    return {"fees": [fee.text() for fee in lot.fees], "funding": [received.text() for received in lot.funding]}


def maybe_text(ratio: Decimal | None) -> str | None:
    return None if ratio is None else text(ratio)
