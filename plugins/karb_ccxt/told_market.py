"""What ccxt tells of a market now, in our terms."""

from __future__ import annotations

from typing import Any

from karb_ccxt.told_number import nanoseconds, number, number_or_none
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, FundingRate, Level, Mark

_HOUR_NS = 3_600_000_000_000  # karb: constant because an hour has so many nanoseconds


def depth_of(instrument: Instrument, told: dict[str, Any], received_at_ns: int) -> Depth:
    """Edge: an exchange that stamps no book is taken at our time of its answer. Errors: `Unreadable`."""
    what = f"the book of {instrument.text()}"
    stamped = told.get("timestamp")
    at_ns = received_at_ns if stamped is None else nanoseconds(stamped, what)
    bids, asks = (
        tuple(level for row in told.get(side) or () if (level := _level(row, what)).amount > 0)
        for side in ("bids", "asks")
    )
    return Depth(instrument, bids, asks, at_ns, received_at_ns)


def mark_of(instrument: Instrument, told: dict[str, Any], received_at_ns: int) -> Mark | None:
    """None where none is told."""
    price = number_or_none(told.get("markPrice"), f"the mark of {instrument.text()}")
    index = number_or_none(told.get("indexPrice"), f"the index of {instrument.text()}")
    if not price:
        return None
    return Mark(instrument, price, index or None, _at(told, received_at_ns), received_at_ns)


def funding_of(instrument: Instrument, told: dict[str, Any], received_at_ns: int) -> FundingRate | None:
    """The one that is announced; None where none is told, or not for when."""
    rate = number_or_none(told.get("fundingRate"), f"the funding of {instrument.text()}")
    settles = told.get("fundingTimestamp")
    if rate is None or settles is None:
        return None
    hours = str(told.get("interval") or "").removesuffix("h")
    interval_ns = int(hours) * _HOUR_NS if hours.isascii() and hours.isdigit() else None
    settles_ns = nanoseconds(settles, f"the next funding of {instrument.text()}")
    return FundingRate(instrument, rate, settles_ns, False, interval_ns, _at(told, received_at_ns), received_at_ns)


def _at(told: dict[str, Any], received_at_ns: int) -> int:
    stamped = told.get("timestamp")
    return received_at_ns if stamped is None else nanoseconds(stamped, "an answer")


def _level(row: Any, what: str) -> Level:
    try:
        price, amount = row[0], row[1]
    except (TypeError, IndexError):
        raise Unreadable(f"{what} has a level that is none") from None
    return Level(number(price, what), number(amount, what))
