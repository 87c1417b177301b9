"""What is kept of what came: the last of each step, each time once, and what is no price apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from karb_core.errors import DataUnusable
from karb_core.history.recorded import Series
from karb_core.history.store import open_store
from karb_data.collect_file import CollectFile
from karb_data.recorder import Recorder, write
from tests.plugins.karb_data.told_here import AT, BTC, HOW, bar, rate, top

TOPS, BARS = Series.of(BTC, "tops"), Series.of(BTC, "bars", 60_000)


def times(folder: Path, series: Series) -> list[int]:
    return [at - AT for at in open_store(folder).rows(series)[series.columns.time].to_physical()]


def test_of_each_step_the_last_top_is_kept_with_the_time_at_which_it_was_seen(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, HOW)
    for after_ms in (0, 30, 99, 100, 250, 251):
        recorder.take(top(after_ms))
    write(recorder.swapped(AT + 280))
    assert times(tmp_path, TOPS) == [99, 100], "the step of the last one is not over"
    write(recorder.swapped(None))
    assert times(tmp_path, TOPS) == [99, 100, 251]


def test_what_comes_twice_or_was_there_before_a_restart_is_kept_once(tmp_path: Path) -> None:
    first = Recorder(tmp_path, HOW)
    first.past([bar(0), bar(1)])
    first.take(rate(0))
    write(first.swapped(None))
    again = Recorder(tmp_path, HOW)
    again.take(bar(3))
    assert again.past([bar(1), bar(2), bar(3)]) == 1
    assert again.past([rate(0), rate(-60_000)]) == 1
    write(again.swapped(None))
    assert times(tmp_path, BARS) == [0, 60_000, 120_000, 180_000]
    assert times(tmp_path, Series.rate("upbit.usdt_krw")) == [-60_000, 0]


def test_a_clock_that_went_back_tells_no_tops_until_it_has_caught_up(tmp_path: Path) -> None:
    first = Recorder(tmp_path, HOW)
    first.take(top(5_000))
    write(first.swapped(None))
    again = Recorder(tmp_path, HOW)
    assert again.take(top(4_000)) is None
    assert again.take(top(5_100)) == TOPS


@pytest.mark.parametrize(("bid", "ask"), [("0", "124350000"), ("124350000", "124350000"), ("-1", "1")])
def test_what_is_no_price_is_kept_apart_with_its_reason(tmp_path: Path, bid: str, ask: str) -> None:
    recorder = Recorder(tmp_path, HOW)
    assert recorder.take(top(0, bid, ask)) is None
    write(recorder.swapped(None))
    assert open_store(tmp_path).rows(TOPS.set_aside())["why"].to_list() == ["no price"]
    with pytest.raises(KeyError, match="has no tops"):
        open_store(tmp_path).frame("upbit BTC/KRW", "tops")


@pytest.mark.parametrize(("price", "kept"), [("110", True), ("110.01", False), ("90", True), ("89.99", False)], ids=str)
def test_a_price_further_from_the_mean_of_the_last_than_the_owner_allows_is_kept_apart(
    tmp_path: Path, price: str, kept: bool
) -> None:
    how = CollectFile.model_validate({"karb": 1, "outliers": {"last": 3, "beyond": "10%"}})
    recorder = Recorder(tmp_path, how)
    for minute, before in enumerate(("99", "100", "101")):
        assert recorder.take(bar(minute, before)) == BARS
    assert (recorder.take(bar(3, price)) == BARS) is kept


def test_a_market_that_moved_for_good_is_not_kept_apart_for_ever(tmp_path: Path) -> None:
    how = CollectFile.model_validate({"karb": 1, "outliers": {"last": 3, "beyond": "10%"}})
    recorder = Recorder(tmp_path, how)
    kept = [recorder.take(bar(minute, "100" if minute < 4 else "200")) is not None for minute in range(9)]
    assert kept == [True] * 4 + [False] * 3 + [True] * 2


def test_a_disk_that_does_not_take_a_row_is_one_sentence_and_the_row_is_a_hole_afterwards(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, HOW)
    recorder.take(top(0))
    TOPS.under(tmp_path).parent.mkdir(parents=True)
    TOPS.under(tmp_path).write_text("a file where the folder would be")
    with pytest.raises(DataUnusable, match="cannot be written"):
        write(recorder.swapped(None))
    TOPS.under(tmp_path).unlink()
    assert Recorder(tmp_path, HOW).open(TOPS) is None
