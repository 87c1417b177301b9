"""How API 1.x spells markets and times."""

from __future__ import annotations

from collections.abc import Iterable

from karb_core.domain.instrument import Instrument
from karb_lab.bithumb.legacy.refused import LegacyRefused
from karb_lab.korean.words import kst

_MICRO_NS = 1000  # karb: constant because a microsecond has so many nanoseconds


def symbol(instrument: Instrument) -> str:
    """Shape: `BTC_KRW`, the quote last."""
    return f"{instrument.base}_{instrument.quote}"


def instrument_of(base: str | None, quote: str | None, traded: Iterable[Instrument]) -> Instrument:
    """Errors: `LegacyRefused` for what is not traded."""
    found = next((one for one in traded if (one.base, one.quote) == (base, quote or "KRW")), None)
    if found is None:
        raise LegacyRefused.bad()
    return found


def at_home(at_ns: int) -> str:
    """Shape: `2021-06-02 08:43:34`, Korea's clock."""
    return f"{kst(at_ns):%Y-%m-%d %H:%M:%S}"


def micros(at_ns: int) -> str:
    """Shape: `1603161798539254`."""
    return str(at_ns // _MICRO_NS)
