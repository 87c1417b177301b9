"""Tops of several instruments, asked one time at a time; the answers are exact."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Top
from karb_core.history.bars import Bars
from karb_core.history.prices import exact
from karb_core.history.top_columns import top_columns
from karb_core.history.tops import Tops

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


class StandingTops:
    """The tops of a run. Unit: nanoseconds of UTC since 1970 in and out."""

    def __init__(self, tops: Mapping[Instrument, Tops]) -> None:
        self._tops = dict(tops)

    def top_at(self, instrument: Instrument, at_ns: int) -> Top | None:
        """The top that stands then; None before the first and for an instrument that is not here."""
        tops = self._tops.get(instrument)
        row = -1 if tops is None else tops.last_at(at_ns // _NS)
        if tops is None or row < 0:
            return None
        told_ns = int(tops.times[row]) * _NS
        bid, ask = exact(tops.bid[row]), exact(tops.ask[row])
        bid_amount, ask_amount = _amount(tops.bid_amount[row]), _amount(tops.ask_amount[row])
        return Top(instrument, bid, bid_amount, ask, ask_amount, told_ns, told_ns)

    def all_at(self, at_ns: int) -> dict[Instrument, Top]:
        """Those that stand then."""
        found = ((instrument, self.top_at(instrument, at_ns)) for instrument in self._tops)
        return {instrument: top for instrument, top in found if top is not None}

    def next_after(self, after_ns: int) -> int | None:
        """When the next top of any of them is told; None after the last."""
        rows = ((tops, tops.last_at(after_ns // _NS) + 1) for tops in self._tops.values())
        return min((int(tops.times[row]) * _NS for tops, row in rows if row < len(tops)), default=None)


def middle_bars(tops: Tops, step_ms: int, max_age_ms: int, span: tuple[int, int]) -> Bars:
    """Bars of the middles at each time of a grid: what marks are where none were recorded.

    A bar closes at the middle of its end and opens at that of its begin, which is its close where none stood then; what was
    between is not looked at. Edge: no bar where no top stood at its end that was young enough.
    """
    columns = top_columns([tops], step_ms, max_age_ms, span, None, None).columns
    there, close = columns.present[0], columns.closes[0]
    before = np.concatenate([there[:1] & False, there[:-1]])
    opened = np.where(before, np.concatenate([close[:1], close[:-1]]), close)
    high, low = np.maximum(opened, close), np.minimum(opened, close)
    times = columns.closed_at_ms - step_ms
    return Bars(tops.series, step_ms, times[there], opened[there], high[there], low[there], close[there])


def _amount(value: float) -> Decimal:
    """The shortest decimal that reads back as this float: the convention of `prices`."""
    return Decimal(repr(float(value)))
