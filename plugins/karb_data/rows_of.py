"""What feeds tell as rows of a recording, each with the price by which it is judged."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain.market import Bar, Depth, FundingRate, FxRate, Mark, MarketEvent, Top
from karb_core.history.recorded import Row, Series

_MS = 1_000_000  # karb: constant because a millisecond has 10^6 nanoseconds

#: The row, and what is compared with the mean; None for what is no price.
Told = tuple[Series, Row, Decimal | None]


def told(event: MarketEvent, bars_ms: int) -> Told | None:
    """None for what is not kept: funding that is only announced, how a venue stands, a book with an empty side."""
    match event:
        case Depth():
            top = event.top()
            return None if top is None else _top(top)
        case Top():
            return _top(event)
        case Bar():
            prices = (event.open, event.high, event.low, event.close, event.volume)
            bar = (event.start_ns // _MS, *map(float, prices), event.received_at_ns // _MS)
            return Series.of(event.instrument, "bars", bars_ms), bar, event.close
        case Mark():
            index = None if event.index is None else float(event.index)
            mark = (_up(event.received_at_ns), float(event.price), index, event.venue_at_ns // _MS)
            return Series.of(event.instrument, "marks"), mark, event.price
        case FundingRate() if event.settled:
            funding = (event.settles_at_ns // _MS, float(event.rate), event.received_at_ns // _MS)
            return Series.of(event.instrument, "funding"), funding, None
        case _:
            return None


def told_rate(use: str, rate: FxRate, known_at_ns: int) -> Told:
    row = (_up(known_at_ns), float(rate.rate), rate.venue_at_ns // _MS)
    return Series.rate(use), row, rate.rate


def _top(top: Top) -> Told:
    values = (top.bid, top.bid_amount, top.ask, top.ask_amount)
    row = (_up(top.received_at_ns), *map(float, values), top.venue_at_ns // _MS)
    # a top that is not sound is no price: zero is set aside, whatever else it says
    return Series.of(top.instrument, "tops"), row, top.mid if top.sound else Decimal(0)


def _up(at_ns: int) -> int:
    """A part of a millisecond is rounded up, so that nothing is known early."""
    return -(-at_ns // _MS)
