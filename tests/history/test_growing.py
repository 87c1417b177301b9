"""Columns that grow while a desk runs are those of the whole series, however their rows came."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.history.bad_data import BadData
from karb_core.history.bars import Bars
from karb_core.history.growing import BarRow, GrowingBars, GrowingPoints
from karb_core.history.known import last_known
from karb_core.history.points import Points

MINUTE = 60_000
MOST = 5
#: A time that can be one, in minutes.
SINCE = 29_000_000
minutes = st.lists(st.integers(0, 30), unique=True, min_size=1, max_size=20)


def bar(minute: int, close: float | None = None) -> BarRow:
    price = float(minute + 1) if close is None else close
    return ((SINCE + minute) * MINUTE, price, price + 2, price / 2, price + 1, 3.0)


def at(minute: int) -> int:
    return (SINCE + minute) * MINUTE


def whole(rows: list[BarRow]) -> Bars:
    columns = [np.array(column, dtype=np.float64) for column in zip(*sorted(rows), strict=True)]
    return Bars("upbit BTC/KRW", MINUTE, columns[0].astype(np.int64), *columns[1:])


def shown(bars: Bars) -> list[list[float]]:
    assert bars.volume is not None
    columns = (bars.opened_at, bars.open, bars.high, bars.low, bars.close, bars.volume)
    return [column.tolist() for column in columns]


@given(st.lists(minutes, min_size=1, max_size=6), st.lists(st.booleans(), min_size=6, max_size=6))
def test_bars_are_the_last_of_the_whole_series_whatever_came_when(parts: list[list[int]], filled: list[bool]) -> None:
    growing = GrowingBars("upbit BTC/KRW", MINUTE, MOST)
    for part, at_once in zip(parts, filled, strict=False):
        if at_once:
            growing.fill(map(bar, part))
        else:
            for minute in part:
                growing.add(bar(minute))
    came = sorted({minute for part in parts for minute in part})
    kept = (growing.bars().opened_at // MINUTE - SINCE).tolist()
    assert kept == came[-MOST:]
    assert shown(growing.bars()) == shown(whole([bar(m) for m in came[-MOST:]]))
    assert (len(growing), growing.closed_at_ms) == (len(kept), (SINCE + came[-1] + 1) * MINUTE)


def test_what_closed_stays_as_it_closed() -> None:
    growing = GrowingBars("upbit BTC/KRW", MINUTE, MOST)
    assert growing.add(bar(1, 10.0))
    assert not growing.add(bar(1, 99.0))
    growing.fill([bar(0, 5.0), bar(1, 77.0)])
    assert growing.bars().close.tolist() == [6.0, 11.0]


def test_only_a_bar_that_is_newer_is_a_new_row() -> None:
    growing = GrowingBars("upbit BTC/KRW", MINUTE, MOST)
    assert [growing.add(bar(minute)) for minute in (1, 3, 2, 3, 4)] == [True, True, False, False, True]
    assert (growing.bars().opened_at // MINUTE - SINCE).tolist() == [1, 2, 3, 4]


def test_bars_of_another_length_are_refused() -> None:
    growing = GrowingBars("upbit BTC/KRW", 2 * MINUTE, MOST)
    with pytest.raises(ValueError, match="60000 ms"):
        growing.seed(whole([bar(1)]))


def test_before_the_first_there_is_nothing() -> None:
    assert GrowingBars("upbit BTC/KRW", MINUTE, MOST).closed_at_ms is None
    assert len(GrowingBars("upbit BTC/KRW", MINUTE, MOST).bars()) == 0
    assert GrowingPoints("rate", MINUTE, MOST).points() is None


times = st.lists(st.integers(SINCE * MINUTE, (SINCE + 40) * MINUTE), unique=True, min_size=1, max_size=60).map(sorted)


@given(times, st.integers(0, 60), st.integers(0, MOST))
def test_a_rate_is_known_at_each_close_of_the_window_as_in_the_whole_series(
    times: list[int], known: int, late: int
) -> None:
    """`known` of them are told late and all at once; the window may close as many bars before the last rate as it has."""
    growing = GrowingPoints("rate", MINUTE, MOST)
    told = [(at, float(i)) for i, at in enumerate(times)]
    for at, value in told[known:]:
        assert growing.add(at, value)
    growing.fill(told[:known])
    every = Points("rate", np.array(times, dtype=np.int64), np.array([v for _, v in told]))
    end = (times[-1] // MINUTE - late) * MINUTE
    closes = np.arange(end - (MOST - 1) * MINUTE, end + MINUTE, MINUTE, dtype=np.int64)
    kept = growing.points()
    assert kept is not None
    mine, whole_ = last_known(kept, closes), last_known(every, closes)
    assert mine.present.tolist() == whole_.present.tolist()
    assert mine.values[mine.present].tolist() == whole_.values[whole_.present].tolist()
    assert mine.age_ms.tolist() == whole_.age_ms.tolist()
    assert kept.values[-1] == told[-1][1]


def test_of_one_time_the_later_word_counts_and_nothing_older_ever_does() -> None:
    growing = GrowingPoints("rate", MINUTE, MOST)
    growing.seed(Points("rate", np.array([at(0) + 5, at(5)], dtype=np.int64), np.array([1.0, 2.0])))
    assert growing.add(at(5), 3.0)
    assert not growing.add(at(4), 9.0)
    points = growing.points()
    assert points is not None
    assert points.values.tolist() == [1.0, 3.0]


def test_a_bar_that_is_none_is_refused_and_not_kept() -> None:
    growing = GrowingBars("upbit BTC/KRW", MINUTE, MOST)
    growing.add(bar(1))
    for come in (lambda: growing.add(bar(2, 0.0)), lambda: growing.fill([bar(0, -1.0)])):
        with pytest.raises(BadData, match="upbit BTC/KRW"):
            come()
    assert growing.add(bar(2))
    assert len(growing.bars()) == 2
