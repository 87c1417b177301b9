"""Upbit's and Bithumb's spelling: market codes, times, sides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

from karb_core.domain.instant import to_ns
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Side
from karb_lab.korean.refused import Refused

MS = 1_000_000  # karb: constant because a millisecond has 10^6 nanoseconds
KST_NS = 32_400_000_000_000  # karb: constant because Korea is nine hours ahead of UTC
_SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_KST = timezone(timedelta(hours=9))  # karb: constant because Korea is nine hours ahead of UTC

SIDES = {"bid": Side.BUY, "ask": Side.SELL}
NAMES = {Side.BUY: "bid", Side.SELL: "ask"}


def code(instrument: Instrument) -> str:
    """Shape: `KRW-BTC`, the quote first."""
    return f"{instrument.quote}-{instrument.base}"


def instrument_of(market: str, traded: Iterable[Instrument]) -> Instrument | None:
    return next((one for one in traded if code(one) == market), None)


def quoted_of(market: str, traded: Iterable[Instrument]) -> Instrument:
    """Errors: `Refused` 404 as quotations answer it."""
    found = instrument_of(market, traded)
    if found is None:
        raise Refused.no_code()
    return found


def utc(at_ns: int) -> datetime:
    return datetime.fromtimestamp(at_ns // _SECOND_NS, UTC)


def kst(at_ns: int) -> datetime:
    return datetime.fromtimestamp(at_ns // _SECOND_NS, _KST)


def ordered_at(at_ns: int) -> str:
    """Shape: `2026-11-21T14:00:00+09:00`."""
    return kst(at_ns).isoformat(timespec="seconds")


def moment(told: str, ahead_ns: int = 0) -> int:
    """ISO 8601, or epoch milliseconds. Unit: ns. Errors: ValueError.

    `ahead_ns`: how far the clock that is meant where no zone is named is ahead of UTC.
    """
    if told.isdecimal():
        return int(told) * MS
    at = datetime.fromisoformat(told)
    return to_ns(at) if at.tzinfo is not None else to_ns(at.replace(tzinfo=UTC)) - ahead_ns
