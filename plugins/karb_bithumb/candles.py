"""Which lengths of candles Bithumb has that karb asks for. Pure.

Those of 240 minutes and longer open by Korean time, and bars of karb stand on the grid of UTC: such bars are made of hours.
Source: Bithumb, candles.
"""

from __future__ import annotations

from dataclasses import dataclass

_MINUTE_NS = 60_000_000_000  # karb: constant because a minute has so many nanoseconds
_MINUTES = (60, 30, 15, 10, 5, 3, 1)  # karb: constant because these are the candles that Bithumb has, up to an hour


@dataclass(frozen=True, slots=True)
class Unit:
    """A length of candles that Bithumb has, and where REST tells them."""

    lasts_ns: int
    path: str


def unit_of(bars_ns: int) -> Unit:
    """The longest candles that such bars are made of. Errors: ValueError for a length that no candles make up."""
    for minutes in _MINUTES:
        if bars_ns > 0 and bars_ns % (minutes * _MINUTE_NS) == 0:
            return Unit(minutes * _MINUTE_NS, f"/v1/candles/minutes/{minutes}")
    raise ValueError(f"Bithumb has no candles that make bars of {bars_ns} ns")
