"""What Binance's spot tells of a book otherwise than its futures do. Pure.

    {"e":"depthUpdate","E":1633998512568,"s":"NKNUSDT","U":499869753,"u":499869754,"b":[["0.35170000","4265.00000000"]],
     "a":[["0.35290000","10968.00000000"]]}
    {"lastUpdateId":499869752,"bids":[["0.35210000","672.00000000"]],"asks":[["0.35290000","10968.00000000"]]}

There is no `pu`: each change begins one after the end of the one before it, which says the same. Snapshots have no time.
Source: Binance spot, how to manage a local order book correctly.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from karb_binance.book_building import Change, Snapshot
from karb_binance.market_wire import MS, Frame, levels_of, levels_read
from karb_core.connection import typed_body
from karb_core.connection.typed_body import Unreadable


class _Snapshot(msgspec.Struct, frozen=True, gc=False):
    last: int = msgspec.field(name="lastUpdateId")
    bids: list[tuple[Decimal, Decimal]]
    asks: list[tuple[Decimal, Decimal]]


def spot_change(frame: Frame) -> Change:
    """Errors: Unreadable for ids that are not in order, and for numbers that karb does not calculate with."""
    if frame.told_ms <= 0 or not 1 < frame.first <= frame.last:
        raise Unreadable(f"{frame.symbol}: a change of a book without its ids or its time")
    bids, asks = levels_read(frame.symbol, frame.bids), levels_read(frame.symbol, frame.asks)
    return Change(frame.last, frame.first - 1, bids, asks, frame.told_ms * MS)


def spot_snapshot(body: bytes, asked_levels: int) -> Snapshot:
    """Of `/api/v3/depth` with that limit. Edge: its time is that of the first change that leads on from it. Errors:
    Unreadable."""
    told = typed_body.read(body, _Snapshot)
    if told.last <= 0:
        raise Unreadable("a book without its id")
    # karb: constant because a snapshot of spot has no time, and any change has a later one
    return Snapshot(told.last, levels_of("", told.bids), levels_of("", told.asks), 0, asked_levels)
