import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.history.bad_data import BadData
from karb_core.history.bars import Bars
from karb_core.history.points import Points

MINUTE = 60_000
START = 1_735_689_600_000  # 2025-01-01 00:00 UTC


def bars(minutes, **changed):
    close = np.array([1.0 + m for m in minutes])
    columns = {
        "series": "upbit BTC/KRW",
        "length_ms": MINUTE,
        "opened_at": START + MINUTE * np.asarray(minutes, dtype=np.int64),
        "open": close,
        "high": close + 0.5,
        "low": close - 0.5,
        "close": close,
        "volume": np.ones(len(close)),
    }
    return Bars(**{**columns, **changed})


@given(st.sets(st.integers(0, 30)), st.integers(-5, 20), st.integers(1, 30))
def test_the_grid_has_every_bar_of_the_span_at_its_time_and_no_other(minutes, first, rows):
    minutes = sorted(minutes)
    grid = bars(minutes).on_grid(START + first * MINUTE, START + (first + rows) * MINUTE)
    assert len(grid) == rows
    expected = [1.0 + m if m in minutes else None for m in range(first, first + rows)]
    assert [c if there else None for c, there in zip(grid.close, grid.present, strict=True)] == expected
    assert np.isnan(grid.close[~grid.present]).all()
    assert np.isnan(grid.volume[~grid.present]).all()
    assert grid.opened_at[0] == START + first * MINUTE
    assert (grid.closed_at - grid.opened_at == MINUTE).all()


def test_a_grid_of_a_series_without_volume_has_none():
    assert bars([0], volume=None).on_grid(START, START + MINUTE).volume is None


@pytest.mark.parametrize(("start", "end"), [(START + 1, START + MINUTE), (START, START + 1), (START, START)])
def test_a_span_that_is_not_whole_bars_is_refused(start, end):
    with pytest.raises(ValueError, match="whole bars"):
        bars([0]).on_grid(start, end)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"opened_at": np.array([START, START])}, "column `opened_at`, row 1: 2025-01-01 00:00:00 UTC is there twice"),
        (
            {"opened_at": np.array([START + MINUTE, START])},
            "row 1: 2025-01-01 00:00:00 UTC after 2025-01-01 00:01:00 UTC: times must rise",
        ),
        ({"opened_at": np.array([START, START + 90_000])}, "row 1: 2025-01-01 00:01:30 UTC is not where a bar"),
        ({"opened_at": np.array([START, START + 60_001])}, "row 1: 2025-01-01 00:01:00.001 UTC is not where"),
        ({"opened_at": np.array([START // 1000, START])}, "row 0: 1735689600 ms is no time .*: is the unit right"),
        ({"close": np.array([1.0, np.nan])}, "column `close`, row 1: nan is not a price"),
        ({"open": np.array([np.inf, 2.0])}, "column `open`, row 0: inf is not a price"),
        ({"low": np.array([0.5, 0.0])}, "column `low`, row 1: 0.0 is not a price"),
        ({"high": np.array([1.5, 1.9])}, "column `high`, row 1: 1.9: the high is below open or close"),
        ({"low": np.array([1.1, 1.9])}, "column `low`, row 0: 1.1: the low is above open or close"),
        ({"volume": np.array([0.0, -1.0])}, "column `volume`, row 1: -1.0: this is not a volume"),
        ({"volume": np.array([np.nan, 1.0])}, "column `volume`, row 0: nan: this is not a volume"),
    ],
)
def test_what_cannot_be_a_bar_is_refused_with_series_column_and_row(changed, sentence):
    with pytest.raises(BadData, match=f"^upbit BTC/KRW, .*{sentence}"):
        bars([0, 1], **changed)


def test_a_bar_cannot_be_changed():
    series = bars([0, 1])
    with pytest.raises(ValueError, match="read-only"):
        series.close[0] = 2.0
    with pytest.raises(ValueError, match="read-only"):
        series.on_grid(START, START + MINUTE).close[0] = 2.0


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="different lengths"):
        bars([0, 1], volume=np.ones(3))


def test_a_bar_has_a_length():
    with pytest.raises(ValueError, match="0 ms long"):
        bars([0], length_ms=0)


def test_a_value_that_is_not_finite_is_refused_with_its_row():
    with pytest.raises(BadData, match=r"^funding, column `values`, row 1: nan"):
        Points("funding", np.array([START, START + 1]), np.array([-0.1, np.nan]))
