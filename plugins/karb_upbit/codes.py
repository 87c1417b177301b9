"""Upbit's spelling of an instrument, and ours."""

from __future__ import annotations

from karb_core.domain.instrument import Instrument

VENUE = "upbit"


def code_of(instrument: Instrument) -> str:
    """`KRW-BTC`: what is paid with comes first. Errors: ValueError for an instrument of another venue."""
    if instrument.venue != VENUE:
        raise ValueError(f"{instrument.text()} is not of {VENUE}")
    return f"{instrument.quote}-{instrument.base}"


def instrument_of(code: str) -> Instrument:
    """Errors: ValueError for what is no code."""
    quote, dash, base = code.partition("-")
    if not dash or "-" in base:
        raise ValueError(f"{code!r} is not a code of {VENUE}")
    return Instrument(VENUE, base, quote)
