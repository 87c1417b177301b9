"""Files of a recording: whole or not there, and each time once, however many writers were killed."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from karb_core.domain.instrument import Instrument
from karb_core.history.recorded import Series, series_in
from karb_core.history.segments import Segments, files_of_series
from karb_core.history.store import open_store

BTC = Instrument("upbit", "BTC", "KRW")
BARS = Series.of(BTC, "bars", 60_000)
NOVEMBER = 1_795_237_200_000


def bar(minute: int, price: float = 124_350_000.0) -> tuple[int | float, ...]:
    at = NOVEMBER + minute * 60_000
    return (at, price, price, price, price, 0.5, at + 60_100)


def minutes(folder: Path) -> list[int]:
    rows = open_store(folder).frame("upbit BTC/KRW", "bars")
    return [(at - NOVEMBER) // 60_000 for at in rows["opened_at"].to_physical()]


def test_many_small_files_become_few_and_no_row_is_lost_or_there_twice(tmp_path: Path) -> None:
    segments = Segments(tmp_path, BARS)
    for minute in range(95):
        segments.put([bar(minute)])
    assert minutes(tmp_path) == list(range(95))
    assert len(files_of_series(tmp_path, BARS)) == 3 + 5
    assert segments.last_ms == bar(94)[0]


def test_rows_that_came_later_are_sorted_in_and_files_never_overlap(tmp_path: Path) -> None:
    segments = Segments(tmp_path, BARS)
    segments.put([bar(0), bar(9)])
    segments.put([bar(4), bar(3), bar(9, 1.0)])
    (whole,) = files_of_series(tmp_path, BARS)
    assert pl.read_parquet(whole)["opened_at"].is_sorted()
    assert minutes(tmp_path) == [0, 3, 4, 9]
    assert open_store(tmp_path).frame("upbit BTC/KRW", "bars")["close"][-1] == 124_350_000.0, "what was there stays"


def test_each_month_has_files_of_its_own(tmp_path: Path) -> None:
    Segments(tmp_path, BARS).put([bar(0), bar(60 * 24 * 30)])
    assert [path.name[:7] for path in files_of_series(tmp_path, BARS)] == ["2026-11", "2026-12"]


def test_what_a_kill_left_half_done_is_never_read_and_cleared_at_the_next_opening(tmp_path: Path) -> None:
    segments = Segments(tmp_path, BARS)
    at = BARS.under(tmp_path)
    for minute in range(29):
        segments.put([bar(minute)])
    parts = {path.name: path.read_bytes() for path in at.iterdir()}
    segments.put([bar(29)])
    # as if the kill had come after the large file was named, and before the small ones were removed
    for name, body in parts.items():
        (at / name).write_bytes(body)
    (at / "2026-11.0.000000031.parquet.half").write_bytes(b"PAR1 and no more")
    assert minutes(tmp_path) == list(range(30))
    again = Segments(tmp_path, BARS)
    assert [path.name for path in at.iterdir()] == ["2026-11.1.000000030.parquet"]
    again.put([bar(30)])
    assert minutes(tmp_path) == list(range(31))


@pytest.mark.parametrize("kind", ["bars", "tops"])
def test_a_folder_says_which_series_it_has(tmp_path: Path, kind: str) -> None:
    series = BARS if kind == "bars" else Series.of(BTC, "tops").set_aside()
    series.under(tmp_path).mkdir(parents=True)
    (tmp_path / "upbit" / "BTC-KRW" / "notes").mkdir()
    assert list(series_in(tmp_path)) == [series]
