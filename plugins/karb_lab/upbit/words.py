"""Upbit's spelling: market codes, times, sides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

from karb_core.domain.instant import to_ns
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Side
from karb_lab.upbit.refused import UpbitRefused

VENUE = "upbit"
MS = 1_000_000  # karb: constant because a millisecond has 10^6 nanoseconds
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
    """Errors: `UpbitRefused` 404 as quotations answer it."""
    found = instrument_of(market, traded)
    if found is None:
        raise UpbitRefused.no_code()
    return found


def utc(at_ns: int) -> datetime:
    return datetime.fromtimestamp(at_ns // _SECOND_NS, UTC)


def kst(at_ns: int) -> datetime:
    return datetime.fromtimestamp(at_ns // _SECOND_NS, _KST)


def ordered_at(at_ns: int) -> str:
    """Shape: `2026-11-21T14:00:00+09:00`."""
    return kst(at_ns).isoformat(timespec="seconds")


def moment(told: str) -> int:
    """ISO 8601, where UTC is meant if no zone is named, or epoch milliseconds. Unit: ns. Errors: ValueError."""
    if told.isdecimal():
        return int(told) * MS
    at = datetime.fromisoformat(told)
    return to_ns(at if at.tzinfo is not None else at.replace(tzinfo=UTC))
