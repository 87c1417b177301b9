"""What Upbit tells of its markets. Source: Upbit's pages of the quotation API."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_lab.json_text import Json
from karb_lab.korean.quotation import Body, names_row
from karb_lab.korean.words import code

_GROUPED = (10, 100, 1000)  # karb: constant because Upbit groups books by these multiples of a tick
_CAUTIONS = (
    "PRICE_FLUCTUATIONS",
    "TRADING_VOLUME_SOARING",
    "DEPOSIT_AMOUNT_SOARING",
    "GLOBAL_PRICE_DIFFERENCES",
    "CONCENTRATION_OF_SMALL_ACCOUNTS",
)


def market_row(instrument: Instrument, *, details: bool) -> Body:
    row = names_row(instrument)
    if details:
        row["market_event"] = {"warning": False, "caution": dict.fromkeys(_CAUTIONS, False)}
    return row


def supported_levels(facts: InstrumentFacts, price: Decimal) -> list[Decimal]:
    """By what a book may be grouped, 0 first: it is told as it is."""
    tick = facts.tick_at(price)
    return [Decimal(0), *(exact.mul(tick, Decimal(times)) for times in _GROUPED)]


def instrument_row(instrument: Instrument, facts: InstrumentFacts, price: Decimal) -> Body:
    levels: list[Json] = [exact.text(level) for level in supported_levels(facts, price)]
    return {
        "market": code(instrument),
        "quote_currency": instrument.quote,
        "tick_size": exact.text(facts.tick_at(price)),
        "supported_levels": levels,
    }
