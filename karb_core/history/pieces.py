"""Less of a dataset than there is, and a dataset that goes on otherwise from a time on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from karb_core.domain.instrument import Instrument
from karb_core.history.bars import Bars
from karb_core.history.load import LoadedDataset, LoadedRate, LoadedSeries, LoadedTops
from karb_core.history.span import Span
from karb_core.history.tops import Tops


def cut(data: LoadedDataset, span: Span, published_ms: int | None) -> LoadedDataset:
    """The bars or tops, marks and funding of the span, and of rates what was published by then, of whatever time it is.

    Edge: an instrument may have no bar left, a rate no value; the top that stands when the span begins stays.
    """
    series = {
        instrument: LoadedSeries(
            span.bars(one.bars),
            None if one.marks is None else span.bars(one.marks),
            None if one.funding is None else span.events(one.funding),
        )
        for instrument, one in data.series.items()
    }
    tops = {
        instrument: LoadedTops(
            span.tops(one.tops),
            None if one.marks is None else span.bars(one.marks),
            None if one.funding is None else span.events(one.funding),
        )
        for instrument, one in data.tops.items()
    }
    rates = {name: _published(rate, published_ms) for name, rate in data.rates.items()}
    return replace(data, series=series, tops=tops, rates=rates)


def otherwise(data: LoadedDataset, from_ms: int, *, opens_too: bool) -> LoadedDataset:
    """The same up to a time; what trades later, and the mark of later, at higher prices, for each instrument by another
    part, none by more than as much again: far beyond a tick and any band of a plan, and the premium is another too.

    Of a bar that spans the time the open stays; of one that opens at exactly that time it does not if `opens_too`. A top of
    exactly that time stays. Volumes, amounts, funding and rates stay as they are.
    """
    series: dict[Instrument, LoadedSeries] = {}
    for number, (instrument, one) in enumerate(data.series.items(), 1):
        times = 1 + number / len(data.series)
        marks = None if one.marks is None else _otherwise(one.marks, from_ms, times, opens_too=opens_too)
        series[instrument] = replace(one, bars=_otherwise(one.bars, from_ms, times, opens_too=opens_too), marks=marks)
    tops: dict[Instrument, LoadedTops] = {}
    for number, (instrument, told) in enumerate(data.tops.items(), 1):
        times = 1 + number / len(data.tops)
        marks = None if told.marks is None else _otherwise(told.marks, from_ms, times, opens_too=opens_too)
        tops[instrument] = replace(told, tops=_other_tops(told.tops, from_ms, times), marks=marks)
    return replace(data, series=series, tops=tops)


def _published(rate: LoadedRate, by_ms: int | None) -> LoadedRate:
    if by_ms is None:
        return rate
    points = Span(until_ms=by_ms).known(rate.points)
    if rate.fills is rate.points:
        return replace(rate, points=points, fills=points)
    return replace(rate, points=points, fills=Span(until_ms=by_ms - rate.booked_before_ms).known(rate.fills))


def _otherwise(bars: Bars, from_ms: int, times: float, *, opens_too: bool) -> Bars:
    later = bars.opened_at + bars.length_ms > from_ms
    begins = bars.opened_at >= from_ms if opens_too else bars.opened_at > from_ms
    opened = np.where(begins, bars.open * times, bars.open)
    low = np.where(later, np.minimum(bars.low * times, opened), bars.low)
    high, close = (np.where(later, column * times, column) for column in (bars.high, bars.close))
    return replace(bars, open=opened, high=high, low=low, close=close)


def _other_tops(tops: Tops, from_ms: int, times: float) -> Tops:
    later = tops.times > from_ms
    bid, ask = (np.where(later, column * times, column) for column in (tops.bid, tops.ask))
    return replace(tops, bid=bid, ask=ask)
