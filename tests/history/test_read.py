from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from karb_core.history.bad_data import BadData
from karb_core.history.read import BarColumns, read_bars, read_points
from karb_core.history.time_column import TimeColumn

MINUTE = 60_000
START = 1_735_689_600_000
MS = TimeColumn("ts", "ms")
PLAIN = BarColumns(volume=None)


def frame(**changed):
    close = [100.25, 101.5, 99.75]
    columns = {
        "ts": [START, START + MINUTE, START + 3 * MINUTE],
        "open": close,
        "high": [price + 1 for price in close],
        "low": [price - 1 for price in close],
        "close": close,
        "volume": [0.1 + 0.2, 0.0, 3.0],
    }
    return pl.DataFrame({**columns, **changed}, strict=False)


@pytest.fixture(params=["parquet", "csv"])
def write(request, tmp_path):
    def write(table):
        path = tmp_path / f"btc [1m].{request.param}"
        table.write_parquet(path) if request.param == "parquet" else table.write_csv(path)
        return path

    return write


def moments(unit, zone):
    at = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=m) for m in (0, 1, 3)]
    series = pl.Series("ts", at, dtype=pl.Datetime(unit, "UTC"))
    return series if zone is None else series.dt.convert_time_zone(zone).dt.replace_time_zone(None)


def test_bars_come_back_as_they_were_written(write):
    path = write(frame())
    bars = read_bars(path, MINUTE, MS, BarColumns())
    assert bars.series == str(path)
    assert bars.opened_at.tolist() == [START, START + MINUTE, START + 3 * MINUTE]
    assert bars.close.tolist() == [100.25, 101.5, 99.75]
    assert bars.high.tolist() == [101.25, 102.5, 100.75]
    assert bars.volume.tolist() == [0.1 + 0.2, 0.0, 3.0]


@pytest.mark.parametrize(
    ("ts", "time"),
    [
        ([START // 1000 + s for s in (0, 60, 180)], TimeColumn("ts", "s")),
        ([(START + ms) * 1000 for ms in (0, 60_000, 180_000)], TimeColumn("ts", "us")),
        ([START + ms for ms in (60_000, 120_000, 240_000)], TimeColumn("ts", "ms", marks="close")),
        (moments("ms", None), TimeColumn("ts", "datetime")),
        (moments("ns", None), TimeColumn("ts", "datetime")),
        (moments("us", "UTC"), TimeColumn("ts", "datetime", zone="UTC")),
        (moments("us", "Asia/Seoul"), TimeColumn("ts", "datetime", zone="Asia/Seoul")),
    ],
)
def test_every_way_to_write_a_time_gives_the_same_bars(write, ts, time):
    bars = read_bars(write(frame(ts=ts)), MINUTE, time, PLAIN)
    assert bars.opened_at.tolist() == [START, START + MINUTE, START + 3 * MINUTE]
    assert bars.volume is None


def test_text_with_an_offset_is_that_moment(tmp_path):
    path = tmp_path / "rate.csv"
    path.write_text("at,rate\n2025-01-01T09:00:00+09:00,1472.5\n2025-01-01T09:00:00.0001+09:00,1472.6\n")
    points = read_points(path, TimeColumn("at", "datetime"), "rate")
    # a tenth of a millisecond later is rounded up: never known early
    assert points.times.tolist() == [START, START + 1]
    assert points.values.tolist() == [1472.5, 1472.6]


def test_a_value_is_known_only_so_long_after_its_time(write):
    time = TimeColumn("ts", "ms", known_after_ms=MINUTE)
    points = read_points(write(frame()), time, "close")
    assert points.times.tolist() == [START + MINUTE, START + 2 * MINUTE, START + 4 * MINUTE]


@pytest.mark.parametrize(
    "prices",
    [
        [1388, 1389, 1390],
        ["1388.0", "1389.00", "1.39e3"],
        pl.Series([Decimal("1388.00"), Decimal("1389.00"), Decimal("1390.00")]),
    ],
)
def test_prices_may_be_integers_text_or_decimals(write, prices):
    assert read_points(write(frame(close=prices)), MS, "close").values.tolist() == [1388.0, 1389.0, 1390.0]


def test_a_rate_some_program_divided_keeps_all_its_digits(write):
    rates = [1388.4999999999998, 0.1 + 0.2, 1 / 3]
    assert read_points(write(frame(close=rates)), MS, "close").values.tolist() == rates


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"ts": [START, START + MINUTE, START]}, "column `ts`, row 2: 2025-01-01 00:00:00 UTC after"),
        ({"ts": [START, START + MINUTE, START + MINUTE]}, "column `ts`, row 2: 2025-01-01 00:01:00 UTC is there twice"),
        ({"ts": [START, START + 1, START + MINUTE]}, "column `ts`, row 1: .* is not where a bar of 60000 ms opens"),
        ({"ts": [s // 1000 for s in (START, START + MINUTE, START + 2 * MINUTE)]}, "row 0: .*is the unit right"),
        ({"ts": [START, None, START + MINUTE]}, "column `ts`, row 1: there is no value"),
        ({"krw_close": [100.25, None, 99.75]}, "column `krw_close`, row 1: there is no value"),
        ({"krw_close": [100.25, 101.5, float("nan")]}, "column `krw_close`, row 2: nan is not a price"),
        ({"krw_close": [100.25, float("inf"), 1.0]}, "column `krw_close`, row 1: inf is not a price"),
        ({"krw_close": [100.25, 0.0, 1.0]}, "column `krw_close`, row 1: 0.0 is not a price"),
        ({"krw_close": ["100.25", "n/a", "1.0"]}, "column `krw_close`, row 1: `n/a` is not a number"),
        ({"krw_close": ["0.1000000000000000055", "1", "1"]}, "column `krw_close`, row 0: .* has too many digits"),
        ({"volume": [1.0, -1.0, 1.0]}, "column `volume`, row 1: -1.0: this is not a volume"),
    ],
)
def test_what_is_wrong_is_named_by_file_column_and_row(write, changed, sentence):
    path = write(frame(**{"krw_close": frame()["close"], **changed}))
    with pytest.raises(BadData, match=f"^.*btc .1m.*, .*{sentence}") as raised:
        read_bars(path, MINUTE, MS, BarColumns(close="krw_close"))
    place = raised.value.place
    assert place.series == str(path)
    line = f"(line {place.row + 2})"
    assert str(raised.value).count(line) == (path.suffix == ".csv")


@pytest.mark.parametrize(
    ("changed", "time", "sentence"),
    [
        ({"close": pl.Series([1.0, 1.0, 1.0], dtype=pl.Float32)}, MS, "column `close`: the column holds Float32"),
        ({"close": [True, True, False]}, MS, "column `close`: the column holds Boolean"),
        ({"close": [1, 2**53 + 1, 1]}, MS, "column `close`, row 1: 9007199254740993 is too large"),
        ({"close": pl.Series([1, 2**64 - 1, 1], dtype=pl.UInt64)}, MS, "row 1: 18446744073709551615 is too large"),
        ({"ts": [1.0, 2.0, 3.0]}, MS, "column `ts`: the column holds Float64, not whole numbers"),
        ({"ts": [date(2025, 1, d) for d in (1, 2, 3)]}, TimeColumn("ts", "datetime"), "holds Date, not moments"),
        ({"ts": moments("ms", "UTC")}, TimeColumn("ts", "datetime"), "column `ts`: the moments carry no zone"),
        ({"ts": moments("ms", "UTC")}, TimeColumn("ts", "datetime", zone="Seoul"), "`Seoul` is not a zone"),
        ({"ts": ["soon", "2025", ""]}, TimeColumn("ts", "datetime"), "row 0: `soon` is not a moment"),
        ({"ts": ["1", "2.5", "3"]}, MS, "row 1: `2.5` is not a whole number"),
        ({"ts": [START, 2**62, 1]}, TimeColumn("ts", "s"), "row 1: 4611686018427387904 is no count of seconds"),
        (
            {"ts": [datetime(2025, 3, 30, h, 30) for h in (0, 1, 2)]},  # noqa: DTZ001 - a column without a zone
            TimeColumn("ts", "datetime", zone="Europe/Berlin"),
            "row 2: 2025-03-30 02:30:00 is not one moment in Europe/Berlin",
        ),
    ],
)
def test_a_column_of_another_kind_is_refused(tmp_path, changed, time, sentence):
    path = tmp_path / "btc.parquet"
    frame(**changed).write_parquet(path)
    with pytest.raises(BadData, match=f"^.*btc.parquet, .*{sentence}"):
        read_points(path, time, "close")


def test_a_column_that_is_not_there_is_named_with_those_that_are(write):
    with pytest.raises(BadData, match="column `usdt_close`: there is no such column; there are ts, open, high, low"):
        read_points(write(frame()), MS, "usdt_close")


def test_what_is_no_file_of_data_is_told(tmp_path):
    def sentence(path):
        with pytest.raises(BadData) as raised:
            read_points(path, MS, "close")
        return str(raised.value).removeprefix(str(path))

    assert sentence(tmp_path) == ": this is a folder, not a file"
    assert sentence(tmp_path / "none.csv") == ": there is no such file"
    for name, content in {"a.txt": "ts,close\n", "b.csv": "ts,close\n", "c.csv": "", "d.parquet": "ts,close\n"}.items():
        (tmp_path / name).write_text(content)
    assert sentence(tmp_path / "a.txt") == ": karb reads .parquet and .csv"
    assert sentence(tmp_path / "b.csv") == ": the file holds no rows"
    assert sentence(tmp_path / "c.csv").startswith(": the file cannot be read: ")
    assert sentence(tmp_path / "d.parquet").startswith(": the file cannot be read: ")


def test_a_line_with_a_field_too_few_is_refused(tmp_path):
    path = Path(tmp_path / "short.csv")
    path.write_text(f"ts,close\n{START},1.5\n{START + 1}\n")
    with pytest.raises(BadData, match=r"column `close`, row 1: there is no value \(line 3\)"):
        read_points(path, MS, "close")


def test_only_the_named_columns_are_kept_and_cannot_be_changed(write):
    points = read_points(write(frame()), MS, "close")
    with pytest.raises(ValueError, match="read-only"):
        points.values[0] = np.nan
