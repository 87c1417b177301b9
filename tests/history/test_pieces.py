"""Data that end earlier, and data that go on otherwise: what was known by a time stays bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import FxKind
from karb_core.history.bars import Bars
from karb_core.history.dataset import RateTerms
from karb_core.history.load import LoadedDataset, LoadedRate, LoadedSeries
from karb_core.history.pieces import cut, otherwise
from karb_core.history.points import Points
from karb_core.history.span import Span

HOUR = 3_600_000
START = 1_736_121_600_000
NEAR, FAR = Instrument("upbit", "BTC", "KRW"), Instrument("binance_usdm", "BTC", "USDT")
TERMS = RateTerms("USD", "KRW", FxKind.REFERENCE, "made-up", ())


def bars(first: float) -> Bars:
    opened = START + HOUR * np.arange(6)
    opens = first + np.arange(6.0)
    return Bars("made up", HOUR, opened, opens, opens + 2, opens - 1, opens + 1, np.full(6, 3.0))


def data(booked_before_ms: int = 0) -> LoadedDataset:
    known = Points("fx", START + HOUR * np.arange(6), np.arange(1380.0, 1386.0))
    fills = known if not booked_before_ms else Points("fx", known.times - booked_before_ms, known.values)
    paid = Points("funding", START + HOUR * np.array([0, 3]), np.array([0.1, -0.1]))
    series = {NEAR: LoadedSeries(bars(100.0), None, None), FAR: LoadedSeries(bars(10.0), bars(10.0), paid)}
    return LoadedDataset(
        "made-up", "sha256:0", True, series, {"usd": LoadedRate(TERMS, known, fills, booked_before_ms)}, {}
    )


def test_a_cut_leaves_what_closed_by_then() -> None:
    left = cut(data(), Span(START + HOUR, START + 3 * HOUR), None)
    assert left.series[NEAR].bars.opened_at.tolist() == [START + HOUR, START + 2 * HOUR]
    far = left.series[FAR]
    assert far.marks is not None
    assert far.funding is not None
    assert len(far.marks) == 2
    assert far.funding.times.tolist() == [START + 3 * HOUR]
    assert len(left.rates["usd"].points) == 6


def test_rates_are_cut_by_when_they_were_published_whatever_time_they_are_of() -> None:
    """Of a value that fills are booked at two hours before it is known, nothing is left before it is known."""
    left = cut(data(2 * HOUR), Span(), START + 3 * HOUR).rates["usd"]
    assert left.points.values.tolist() == [1380.0, 1381.0, 1382.0, 1383.0]
    assert left.fills.values.tolist() == left.points.values.tolist()
    assert left.fills.times.tolist() == (left.points.times - 2 * HOUR).tolist()


def test_a_rate_with_one_time_keeps_it() -> None:
    left = cut(data(), Span(), START + 3 * HOUR).rates["usd"]
    assert left.fills is left.points


@pytest.mark.parametrize("opens_too", [False, True])
def test_what_trades_later_has_other_prices_each_instrument_by_another_part(opens_too: bool) -> None:
    whole, other = data(), otherwise(data(), START + 2 * HOUR, opens_too=opens_too)
    for instrument, times in ((NEAR, 1.5), (FAR, 2.0)):
        was, now = whole.series[instrument].bars, other.series[instrument].bars
        for name in ("open", "high", "low", "close"):
            assert getattr(now, name)[:2].tolist() == getattr(was, name)[:2].tolist()
            assert getattr(now, name)[3:].tolist() == (getattr(was, name)[3:] * times).tolist()
        assert now.open[2] == was.open[2] * (times if opens_too else 1)
        assert (now.close[2], now.high[2]) == (was.close[2] * times, was.high[2] * times)
        assert now.volume is not None
        assert now.volume.tolist() == [3.0] * 6
    marks = other.series[FAR].marks
    assert marks is not None
    assert marks.close[5] == 2 * whole.series[FAR].bars.close[5]


@pytest.mark.parametrize("opens_too", [False, True])
def test_of_a_bar_that_spans_the_time_the_open_stays(opens_too: bool) -> None:
    was, now = data().series[NEAR].bars, otherwise(data(), START + 2 * HOUR + 1, opens_too=opens_too).series[NEAR].bars
    assert (now.open[2], now.close[2]) == (was.open[2], was.close[2] * 1.5)
    assert now.low[2] == min(was.low[2] * 1.5, was.open[2])
    assert now.close[1] == was.close[1]
