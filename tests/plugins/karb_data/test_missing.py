"""No hole that is not written down: of whatever ended, fell silent, or could not be asked for."""

from __future__ import annotations

from pathlib import Path

from karb_core.history.holes import Hole, Holes, holes_in
from karb_core.history.recorded import Series
from karb_data.collect_file import CollectFile
from karb_data.missing import Missing
from karb_data.recorder import Recorder, write
from tests.plugins.karb_data.told_here import AT, BTC, HOW, bar, rate, top

TOPS, BARS, RATE = Series.of(BTC, "tops"), Series.of(BTC, "bars", 60_000), Series.rate("upbit.usdt_krw")
MINUTE = 60_000


def begun(folder: Path, after_ms: int, how: CollectFile = HOW) -> tuple[Recorder, Missing]:
    recorder, told = Recorder(folder, how), list[Hole]()
    missing = Missing(recorder, Holes(folder), how, told.append)
    missing.begin([TOPS, BARS, RATE], AT + after_ms)
    return recorder, missing


def recorded(folder: Path) -> None:
    recorder, _ = begun(folder, 0)
    for told in (top(500), bar(0), rate(700)):
        recorder.take(told)
    write(recorder.swapped(None))


def book(folder: Path) -> list[tuple[str, int, int | None, str]]:
    return [
        (h.of.split()[-1], h.from_ms - AT, None if h.until_ms is None else h.until_ms - AT, h.fate)
        for h in holes_in(folder)
    ]


def test_a_first_recording_lacks_nothing_and_a_second_what_was_between(tmp_path: Path) -> None:
    recorded(tmp_path)
    assert book(tmp_path) == []
    begun(tmp_path, 10 * MINUTE)
    assert book(tmp_path) == [
        ("rates", 700, None, "open"), ("bars_60s", MINUTE, None, "open"), ("tops", 500, None, "open"),
    ]  # fmt: skip


def test_tops_are_lost_until_the_next_and_bars_are_asked_for(tmp_path: Path) -> None:
    recorded(tmp_path)
    recorder, missing = begun(tmp_path, 10 * MINUTE)
    recorder.take(top(10 * MINUTE + 40))
    missing.heard(TOPS, AT + 10 * MINUTE + 40, AT + 10 * MINUTE + 40)
    recorder.take(bar(10))
    missing.heard(BARS, AT + 10 * MINUTE, AT + 11 * MINUTE)
    assert missing.open_ms(BARS) == AT + MINUTE, "a live bar does not fill what was before it"
    missing.answered(BARS, AT + 11 * MINUTE, AT + MINUTE, AT + 11 * MINUTE)
    assert missing.open_ms(BARS) is None
    assert book(tmp_path)[1:] == [("bars_60s", MINUTE, 11 * MINUTE, "filled"), ("tops", 500, 10 * MINUTE + 40, "lost")]


def test_what_was_not_asked_for_when_the_next_kill_came_is_still_missing(tmp_path: Path) -> None:
    recorded(tmp_path)
    recorder, _ = begun(tmp_path, 10 * MINUTE)
    recorder.take(bar(10))
    write(recorder.swapped(None))
    _, missing = begun(tmp_path, 12 * MINUTE)
    assert missing.open_ms(BARS) == AT + MINUTE


def test_what_a_venue_does_not_keep_any_more_is_lost(tmp_path: Path) -> None:
    recorded(tmp_path)
    _, missing = begun(tmp_path, 90 * MINUTE)
    missing.answered(BARS, AT + 90 * MINUTE, AT + 60 * MINUTE, AT + 90 * MINUTE)
    assert [hole for hole in book(tmp_path) if hole[0] == "bars_60s"] == [
        ("bars_60s", MINUTE, 60 * MINUTE, "lost"), ("bars_60s", 60 * MINUTE, 90 * MINUTE, "filled"),
    ]  # fmt: skip
    _, missing = begun(tmp_path, 95 * MINUTE)
    missing.answered(BARS, AT + 95 * MINUTE, None, AT + 95 * MINUTE)
    assert ("bars_60s", MINUTE, 95 * MINUTE, "lost") in book(tmp_path), "nothing at all was told"


def test_a_rate_that_nobody_remembers_is_lost_until_it_is_told_again(tmp_path: Path) -> None:
    recorded(tmp_path)
    _, missing = begun(tmp_path, 10 * MINUTE)
    missing.untold(RATE)
    assert missing.open_ms(RATE) is None, "it is not asked for again"
    missing.heard(RATE, AT + 11 * MINUTE, AT + 11 * MINUTE)
    assert book(tmp_path)[0] == ("rates", 700, 11 * MINUTE, "lost")


def test_silence_is_a_hole_of_tops_and_a_question_about_bars(tmp_path: Path) -> None:
    recorder, missing = begun(tmp_path, 0)
    for told in (top(0), bar(0)):
        recorder.take(told)
        missing.heard(told[0], AT, AT)
    assert missing.quiet(AT + MINUTE) == [], "exactly the bound is not too long"
    assert missing.quiet(AT + MINUTE + 1) == []
    assert book(tmp_path) == [("tops", 0, None, "open")]
    assert missing.quiet(AT + 10 * MINUTE + 1) == [BARS]
    missing.answered(BARS, AT + 10 * MINUTE, AT + 9 * MINUTE, AT + 10 * MINUTE + 2)
    assert missing.quiet(AT + 11 * MINUTE) == [], "it was asked for"


def test_a_line_that_broke_is_a_hole_from_what_it_told_last_durable_or_not(tmp_path: Path) -> None:
    recorder, missing = begun(tmp_path, 0)
    recorder.take(top(0))
    recorder.take(top(1_234))
    missing.interrupted([TOPS, BARS], "degraded: 1006")
    assert book(tmp_path) == [("tops", 1_234, None, "open")]


def test_a_recording_that_begins_asks_as_far_back_as_its_owner_says(tmp_path: Path) -> None:
    _, missing = begun(tmp_path, 30_000, CollectFile.model_validate({"karb": 1, "past": "2h"}))
    assert missing.open_ms(BARS) == AT - 120 * MINUTE
    assert missing.open_ms(TOPS) is None
