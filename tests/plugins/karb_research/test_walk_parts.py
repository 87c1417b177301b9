"""The parts of a walk forward on values made by hand: windows, the point that is taken, stretches joined, efficiency."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from karb_core.domain.korean_day import day_ends
from karb_core.errors import StrategyInvalid
from karb_core.ports import PointCarried, PointRefused
from karb_core.texts.text import Words
from karb_research.figures import PointFigures, point_figures
from karb_research.sweep_file import Take, Windows
from karb_research.sweeping import Row
from karb_research.walked import efficiency, walked
from karb_research.walking import Walk, taken_of
from karb_research.windows import Window, windows_of
from tests.plugins.karb_research.runs import DAY, HOUR, won
from tests.plugins.karb_research.stages import written

#: Midnight of 2025-01-02 in Korea.
MIDNIGHT = 1_735_743_600_000_000_000


def windows(text: str, days: float = 10, from_ns: int = MIDNIGHT) -> list[tuple[tuple[date, date], tuple[date, date]]]:
    asked = Windows.model_validate(written(text))
    laid = windows_of("s.yaml", asked, from_ns, from_ns + int(days * DAY))
    return [(each.in_sample, each.out_of_sample) for each in laid.windows]


def january(first: int, last: int) -> tuple[date, date]:
    return date(2025, 1, first), date(2025, 1, last)


def test_rolling_windows_move_on_by_what_is_out_of_sample() -> None:
    assert windows("rolling: {in_sample: 4d, out_of_sample: 2d}") == [
        (january(2, 5), january(6, 7)), (january(4, 7), january(8, 9)), (january(6, 9), january(10, 11)),
    ]  # fmt: skip


def test_anchored_windows_begin_on_the_first_day_and_grow() -> None:
    assert windows("anchored: {in_sample: 4d, out_of_sample: 3d}") == [
        (january(2, 5), january(6, 8)), (january(2, 8), january(9, 11)),
    ]  # fmt: skip


def test_days_that_make_no_whole_stretch_are_counted_and_not_used() -> None:
    asked = Windows.model_validate(written("rolling: {in_sample: 4d, out_of_sample: 4d}"))
    assert [(len(laid.windows), laid.left) for laid in (
        windows_of("s.yaml", asked, MIDNIGHT, MIDNIGHT + days * DAY) for days in (8, 11, 12)
    )] == [(1, 0), (1, 3), (2, 0)]  # fmt: skip


@pytest.mark.parametrize(("ahead", "first"), [(-HOUR, 2), (0, 2), (1, 3), (HOUR, 3)])
def test_only_whole_days_of_korea_count(ahead: int, first: int) -> None:
    """At midnight is soon enough, a nanosecond later is not."""
    ((inside, _), *_) = windows("rolling: {in_sample: 2d, out_of_sample: 1d}", days=5, from_ns=MIDNIGHT + ahead)
    assert inside[0].day == first
    asked = Windows.model_validate(written("rolling: {in_sample: 2d, out_of_sample: 1d}"))
    with pytest.raises(StrategyInvalid, match=r"2 whole days of data: one window needs 2 \+ 1"):
        windows_of("s.yaml", asked, MIDNIGHT, MIDNIGHT + 3 * DAY - 1)


@pytest.mark.parametrize("length", ["36h", "1.5d", "90m"])
def test_a_length_that_is_no_whole_days_is_refused(length: str) -> None:
    with pytest.raises(StrategyInvalid, match="whole days"):
        windows(f"rolling: {{in_sample: {length}, out_of_sample: 1d}}")


def stretch(day: int, *equities: int, trades: tuple[int, ...] = ()) -> PointCarried:
    """From a day after `MIDNIGHT` on, equity at the end of each."""
    from_ns = MIDNIGHT + day * DAY
    ends = list(day_ends(from_ns, from_ns + len(equities) * DAY))
    days = tuple((at[0], at[1], won(equity)) for at, equity in zip(ends, equities, strict=True))
    return PointCarried.of_days("sha256:1", won(1000), tuple((from_ns, won(net)) for net in trades), days, open_lots=0)


def figures(*equities: int) -> PointFigures:
    return point_figures(stretch(0, *equities), None)


def rows(*found: PointFigures | Words) -> list[Row]:
    return [Row(number, (number,), each) for number, each in enumerate(found, 1)]


@pytest.mark.parametrize(
    ("measure", "towards", "number"),
    [("net", "highest", 2), ("net", "lowest", 1), ("max_drawdown", "highest", 1), ("sharpe", "highest", 2)],
)
def test_the_point_at_the_stated_end_is_taken_and_of_equal_ones_the_first(
    measure: Any, towards: Any, number: int
) -> None:
    found = rows(figures(1010, 1010), figures(1010, 1030), Words("no run"), figures(1010, 1030), figures(1010, 1010))
    taken = taken_of(found, Take(measure=measure, towards=towards))
    assert taken is not None
    assert taken.number == number


def test_nothing_is_taken_where_no_point_has_the_figure() -> None:
    assert taken_of(rows(figures(1000, 1000), Words("no run")), Take(measure="sharpe", towards="highest")) is None


def walk(number: int, first: int, inside: PointFigures | None, came: PointCarried | PointRefused | None) -> Walk:
    """Out of sample for two days from a day on."""
    split = MIDNIGHT + first * DAY
    window = Window(number, split - 2 * DAY, split, split + 2 * DAY)
    found = rows(Words("no run") if inside is None else inside)
    return Walk(window, tuple(found), None if inside is None else found[0], came)


def test_stretches_are_added_one_to_another_and_no_day_lacks() -> None:
    """Nothing was taken from the second window and the third's could not be carried out: equity stays as it was."""
    found = walked(
        [
            walk(1, 2, figures(1010, 1020), stretch(2, 1010, 1005, trades=(5,))),
            walk(2, 4, None, None),
            walk(3, 6, figures(1010, 1020), PointRefused(Words("no data"))),
            walk(4, 8, figures(1010, 1020), stretch(8, 990, 1020, trades=(-10, 30))),
        ]
    )
    assert found.days is not None
    assert [equity.value for _, _, equity in found.days] == [1010, 1005, 1005, 1005, 1005, 1005, 995, 1025]
    assert [day.day for day, _, _ in found.days] == list(range(4, 12))
    assert found.joined is not None
    assert (found.joined.net, found.joined.trades, found.joined.days) == (won(25), 3, 8)
    assert found.joined.max_drawdown == (995 - 1010) / 1010
    assert [row.efficiency for row in found.rows] == [0.25, None, None, 1.0]
    assert found.efficiency == 0.625


def test_nothing_carried_out_joins_to_nothing() -> None:
    found = walked([walk(1, 2, None, None)])
    assert (found.days, found.joined, found.efficiency) == (None, None, None)


def test_efficiency_is_of_a_day_and_has_no_meaning_where_nothing_was_earned() -> None:
    four, two = figures(1000, 1000, 1010, 1040).whole, figures(1010, 1010).whole
    assert efficiency([four], [two]) == 0.5
    assert efficiency([four, four], [two, two]) == 0.5
    assert efficiency([four], [figures(1000, 980).whole]) == -1.0
    for nothing in (figures(1000, 1000).whole, figures(990).whole):
        assert efficiency([nothing], [two]) is None
    assert efficiency([], []) is None
