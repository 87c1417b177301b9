"""Candles as bars: each checked, in order, and several put together as a longer one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from karb_core.connection.typed_body import Unreadable
from karb_core.domain import exact
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar

_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds

#: Open, high, low, close, and volume in base, as a venue tells them.
Told = tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None, Decimal | None]


def opens_ns(written_utc: str) -> int:
    """Errors: Unreadable for what is no time."""
    try:
        at = datetime.fromisoformat(written_utc).replace(tzinfo=UTC)
    except ValueError as e:
        raise Unreadable(f"{written_utc!r} is no time of a candle") from e
    return int(at.timestamp()) * _SECOND


def bar_of(instrument: Instrument, start_ns: int, lasts_ns: int, told: Told, received_at_ns: int) -> Bar:
    """Errors: Unreadable for a candle that lacks a number, contradicts itself, or opens between two of its length."""
    opened, high, low, close, volume = (_number(instrument, value) for value in told)
    if start_ns % lasts_ns or not (0 < low <= min(opened, close) <= max(opened, close) <= high):
        raise Unreadable(f"{instrument.text()}: a candle of {start_ns} that cannot be one")
    return Bar(instrument, start_ns, start_ns + lasts_ns, opened, high, low, close, volume, received_at_ns)


def made_longer(bars: Iterable[Bar], bars_ns: int) -> list[Bar]:
    """Bars of one instrument, oldest first, put together on the grid of UTC. Edge: a time without any has no bar."""
    out: list[Bar] = []
    for each in bars:
        start_ns = each.start_ns - each.start_ns % bars_ns
        if out and out[-1].start_ns == start_ns:
            out[-1] = _joined(out[-1], each)
        else:
            out.append(replace(each, start_ns=start_ns, end_ns=start_ns + bars_ns))
    return out


def in_order(bars: Iterable[Bar]) -> Sequence[Bar]:
    """Oldest first, each once: pages overlap, and of two the same the later told stands."""
    return [bar for _, bar in sorted({bar.start_ns: bar for bar in bars}.items())]


def _joined(first: Bar, then: Bar) -> Bar:
    return replace(
        first,
        high=max(first.high, then.high),
        low=min(first.low, then.low),
        close=then.close,
        volume=exact.add(first.volume, then.volume),
        received_at_ns=then.received_at_ns,
    )


def _number(instrument: Instrument, value: Decimal | None) -> Decimal:
    if value is None:
        raise Unreadable(f"{instrument.text()}: a candle that lacks a number")
    try:
        if exact.finite(value) >= 0:
            return value
    except (ValueError, ArithmeticError) as e:
        raise Unreadable(f"{instrument.text()}: {e}") from e
    raise Unreadable(f"{instrument.text()}: a candle with a number below zero")
