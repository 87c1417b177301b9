"""Closed bars of pairs as values, for gates that look back at them."""

from __future__ import annotations

from decimal import Decimal

from karb_core.history.pair_columns import PairColumns
from karb_core.history.premium import premium_of
from karb_core.history.prices import exact
from karb_core.ports import PastBar

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


def past_bars(columns: PairColumns, rows: slice, *, one_quote: bool) -> tuple[PastBar, ...]:
    """These rows of a pair. `one_quote`: its legs have one quote, and no rate is needed between them."""
    first, last, _ = rows.indices(len(columns.closed_at_ms))
    return tuple(_bar(columns, row, one_quote=one_quote) for row in range(first, last))


def _bar(columns: PairColumns, row: int, *, one_quote: bool) -> PastBar:
    there = [bool(present[row]) for present in columns.present]
    closes = tuple(exact(close[row]) if known else None for close, known in zip(columns.closes, there, strict=True))
    volumes = tuple(
        Decimal(repr(float(volume[row]))) if known else None
        for volume, known in zip(columns.volumes, there, strict=True)
    )
    rate = None if columns.rate is None or not columns.rate[row] else exact(columns.rate[row])
    premium = _premium(closes, Decimal(1) if one_quote else rate)
    return PastBar(int(columns.closed_at_ms[row]) * _NS, closes, volumes, premium)


def _premium(closes: tuple[Decimal | None, ...], rate: Decimal | None) -> Decimal | None:
    """Edge: other than two legs have none."""
    if len(closes) != 2 or rate is None:
        return None
    near, far = closes
    if near is None or far is None:
        return None
    return Decimal(premium_of(near, far, rate)).scaleb(-8)  # karb: constant because a premium is held in units of 1e-8
