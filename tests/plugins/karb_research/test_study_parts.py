"""What a study's axes, figures, neighbours and goals are, each by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Cited
from karb_core.errors import StrategyInvalid, UsageMistake
from karb_core.ports import Change, PointCarried
from karb_core.rules.written_value import flow
from karb_core.texts.text import Words
from karb_research import kept_figures
from karb_research.axes import Axis, Grid, Level, grid_of
from karb_research.figures import point_figures
from karb_research.goal import goal_of, reached
from karb_research.heat_map import Cell, drawn, maps_of
from karb_research.sampling import sampling_of
from karb_research.sweep_file import Sampler, StudyFile
from karb_research.sweep_table import table_of
from karb_research.sweeping import Row, Swept
from tests.plugins.karb_research.runs import DAY, won
from tests.plugins.karb_research.stages import written

HEAD = "karb: 1\nstudy: one\nstrategy: s.yaml\ndata: none\nfrom: none\nto: none\nout_of_sample: none\n"
LINES = {
    "/risk_gates/0/use": Cited("/risk_gates/0/use", "s.yaml", 1, "gates.fresh"),
    "/risk_gates/0/id": Cited("/risk_gates/0/id", "s.yaml", 1, "fresh_in"),
    "/risk_gates/1/use": Cited("/risk_gates/1/use", "s.yaml", 2, "gates.fresh"),
}


class OneLine:
    """Points of a file that has `/signal/with/entry` and nothing else."""

    data = "d.yaml"
    span_ns = (0, 1)

    def written(self, pointer: str) -> str | None:
        return "2.0" if pointer == "/signal/with/entry" else None

    def key(self, changes: Any, also: Any) -> str:
        return str(changes)

    def results(self, points: Any, told: Any) -> Any:
        return iter(())

    def text(self, changes: Any) -> str:
        return ""


def study(vary: str, sampler: str = "{grid: all}") -> StudyFile:
    return StudyFile.model_validate(written(f"{HEAD}sampler: {sampler}\nvary:\n  one: {vary}\n"))


def levels(vary: str) -> list[str]:
    (axis,) = grid_of("s.yaml", study(vary), OneLine(), LINES).axes
    return [level.label for level in axis.levels]


@pytest.mark.parametrize(
    ("ends", "wanted"),
    [
        ("from: 1.5, to: 1.8, step: 0.1", ["1.5", "1.6", "1.7", "1.8"]),
        ("from: 1.5, to: 2, step: 0.25", ["1.50", "1.75", "2.00"]),
        ("from: 0.40%, to: 0.50%, step: 0.05%", ["0.40%", "0.45%", "0.50%"]),
        ("from: 10bp, to: 30bp, step: 10bp", ["10bp", "20bp", "30bp"]),
        ("from: 1, to: 3, step: 1", ["1", "2", "3"]),
        ("from: 6h, to: 24h, step: 6h", ["6h", "12h", "18h", "24h"]),
        ("from: 20_000_000 KRW, to: 40_000_000 KRW, step: 10_000_000 KRW", [f"{n}0000000 KRW" for n in (2, 3, 4)]),
        ("from: 2, to: 2, step: 1", ["2"]),
    ],
)
def test_a_range_has_both_ends_and_is_written_as_its_ends_are(ends: str, wanted: list[str]) -> None:
    assert levels(f"{{range: {{rule: /signal/with/entry, {ends}}}}}") == wanted


@pytest.mark.parametrize(
    ("ends", "why"),
    [
        ("from: 1.5, to: 1.85, step: 0.1", "the last would be 1.8"),
        ("from: 1.5, to: 2%, step: 0.1", "one unit"),
        ("from: 2, to: 1, step: 0.1", "`to` above `from`"),
        ("from: 1, to: 2, step: 0", "step above 0"),
        ("from: none, to: 2, step: 1", "no quantity"),
        ("from: 0, to: 9_000_000, step: 1", "more than 1,000,000"),
    ],
)
def test_a_range_that_is_not_exact_is_refused(ends: str, why: str) -> None:
    with pytest.raises(StrategyInvalid, match=why):
        levels(f"{{range: {{rule: /signal/with/entry, {ends}}}}}")


def test_gates_come_and_go_by_name() -> None:
    assert levels("{drop_gate: fresh_in}") == ["with", "without"]
    gate = "{use: gates.fresh, id: late, at: [entry], with: {book: 1m, between_legs: 1m}}"
    (axis,) = grid_of("s.yaml", study(f"{{add_gate: [{gate}]}}"), OneLine(), LINES).axes
    assert [level.changes for level in axis.levels] == [(), (Change("/risk_gates/-", gate),)]
    assert [level.label for level in axis.levels] == ["without", "late"]
    two = "{use: gates.fresh, at: [entry], with: {book: 2m, between_legs: 1m}}"
    assert levels(f"{{add_gate: [{two}]}}") == ["without", "gates.fresh"]
    assert levels(f"{{add_gate: [{two}, {two.replace('2m', '3m')}]}}") == ["without", two, two.replace("2m", "3m")]
    (axis,) = grid_of("s.yaml", study("{drop_gate: fresh_in}"), OneLine(), LINES).axes
    assert [level.changes for level in axis.levels] == [(), (Change("/risk_gates/0", None),)]


@pytest.mark.parametrize(
    ("vary", "why"),
    [
        ("{drop_gate: nobody}", "no gate `nobody`"),
        ("{drop_gate: gates.fresh}", "more than one"),
        ("{values: {rule: /signal/with/entyr, of: [1]}}", "no line /signal/with/entyr"),
    ],
)
def test_what_the_strategy_does_not_have_cannot_be_varied(vary: str, why: str) -> None:
    with pytest.raises(StrategyInvalid, match=why):
        levels(vary)


@pytest.mark.parametrize(
    "value",
    [True, 3, Decimal("1.50"), "0.40%", "none", "true", "1.5", "", "a: b", 'a "b"', "secret:upbit", "30d", "yes", "김프",
     "40,000,000 KRW", ["mon", "tue"], {"for": "30d", "then": "exit"}, [], {}, {"a": [{"b": "1"}]}],
    ids=repr,
)  # fmt: skip
def test_a_value_on_one_line_reads_as_itself(value: object) -> None:
    assert written(f"v: {flow(value)}") == {"v": value}


def grid(*sizes: int) -> Grid:
    axes = (
        Axis(f"a{n}", f"/{n}", tuple(Level(f"{n}-{m}", (Change(f"/{n}", str(m)),)) for m in range(size)))
        for n, size in enumerate(sizes)
    )
    return Grid(tuple(axes))


def test_the_last_axis_turns_fastest_and_neighbours_are_one_step_away() -> None:
    of = grid(2, 3)
    assert [of.place(n) for n in range(of.size)] == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    assert set(of.neighbours((0, 1))) == {(1, 1), (0, 0), (0, 2)}
    assert set(of.neighbours((1, 2))) == {(0, 2), (1, 1)}
    assert of.labels((1, 2)) == ("0-1", "1-2")


def test_points_drawn_by_chance_are_the_same_again_and_none_twice() -> None:
    def drawn(seed: int, points: int) -> list[tuple[int, ...]]:
        made = Sampler.model_validate({"random": {"points": points, "seed": seed}})
        return sampling_of(made, grid(10, 10)).ask()

    assert drawn(1, 30) == drawn(1, 30) != drawn(2, 30)
    assert len(set(drawn(1, 30))) == 30
    assert len(set(drawn(1, 1000))) == 100


def carried(*equity: int, trades: Mapping[int, int] | None = None) -> PointCarried:
    """Days of Korea from 2025-01-01 on, from a capital of 1000; trades by the hour at which they ended."""
    days = tuple((date(2025, 1, 1) + timedelta(days=n), (n + 1) * DAY, won(each)) for n, each in enumerate(equity))
    ended = tuple((hour * DAY // 24, won(net)) for hour, net in (trades or {}).items())
    return PointCarried.of_days("sha256:0", won(1000), ended, days, 1)


def test_both_stretches_join_where_one_ends() -> None:
    came = carried(1010, 1030, 1020, 1100, trades={5: 10, 47: 20, 48: -10, 96: 80})
    found = point_figures(came, date(2025, 1, 3))
    assert found.inside is not None
    assert found.outside is not None
    assert [each.net for each in (found.whole, found.inside, found.outside)] == [won(100), won(30), won(70)]
    assert [each.days for each in (found.whole, found.inside, found.outside)] == [4, 2, 2]
    assert [each.trades for each in (found.whole, found.inside, found.outside)] == [4, 2, 2]
    assert found.outside.total_return == 70 / 1030
    assert found.booked == won(100)
    assert found.judged is found.inside


@pytest.mark.parametrize("day", [date(2024, 1, 1), date(2026, 1, 1)])
def test_a_split_beside_the_data_leaves_one_stretch_empty(day: date) -> None:
    found = point_figures(carried(1010, 1030, trades={5: 10, 48: 20}), day)
    assert found.inside is not None
    assert found.outside is not None
    empty, whole = (found.inside, found.outside) if day.year == 2024 else (found.outside, found.inside)
    assert (empty.days, empty.trades, empty.net, empty.sharpe) == (0, 0, won(0), None)
    assert whole == found.whole


@pytest.mark.parametrize(
    "found", [point_figures(carried(1010, 1007, 1030, trades={5: 3}), date(2025, 1, 2)), Words("no", "아니")]
)
def test_what_is_kept_is_read_back_to_the_last_bit(found: kept_figures.Found) -> None:
    assert kept_figures.read(kept_figures.written(found)) == found


def swept(*nets: int | None) -> Swept:
    """One axis; None could not be carried out. The first half of four days is in sample."""
    rows = []
    for n, net in enumerate(nets):
        came = (
            None
            if net is None
            else point_figures(carried(1000 + net, 1000 + 3 * net, 1000 + 2 * net, 1000 + 5 * net), date(2025, 1, 3))
        )
        rows.append(Row(n + 1, (n,), Words("no") if came is None else came))
    return Swept(grid(len(nets)), tuple(rows), date(2025, 1, 3), len(nets))


def test_a_point_stands_beside_the_median_of_its_neighbours() -> None:
    table = table_of(swept(1, 2, 5, None, 7))
    assert [row.around.count for row in table.rows] == [1, 2, 1, 2, 0]
    assert [row.around.net for row in table.rows] == [won(6), won(9), won(6), won(18), None]
    assert table.tries == 4


@pytest.mark.parametrize(
    ("written_goal", "inside", "both"),
    [
        ("net > 6", [2, 3], [3]),
        ("net >= 6", [2, 3, 4], [2, 3]),
        ("net > 6 and net < 15", [2], []),
        ("net >= 15", [3], []),
        ("max_drawdown >= 0%", [1, 2, 3, 4], []),
        ("trades > 0", [], []),
        ("calmar > -1000", [], []),
    ],
)
def test_a_goal_is_reached_in_sample_and_then_out_of_sample(
    written_goal: str, inside: list[int], both: list[int]
) -> None:
    """Nets in sample are 3, 9, 15, 6, out of sample 2, 6, 10, 4; what has no meaning reaches nothing."""
    found = reached(goal_of(written_goal), table_of(swept(1, 3, 5, 2)))
    assert [row.row.number for row in found.inside] == inside
    assert [row.row.number for row in found.both] == both


@pytest.mark.parametrize("text", ["sharpe", "sharpe > ", "sharp > 1", "sharpe = 1", "sharpe > 1 or net > 1", "best"])
def test_what_is_no_goal_is_said(text: str) -> None:
    with pytest.raises(UsageMistake):
        goal_of(text)


def test_more_axes_than_two_make_a_map_for_each_combination() -> None:
    of = grid(2, 3, 4)
    cells = {of.place(n): Cell(str(n), float(n), "") for n in range(of.size)}
    found, whole = maps_of(of, cells)
    assert (len(found), whole) == (2, 2)
    assert [(one.of, one.down.name, one.across.name) for one in found] == [
        ((("a0", "0-0"),), "a1", "a2"), ((("a0", "0-1"),), "a1", "a2"),
    ]  # fmt: skip
    assert "<td" in "".join(drawn(found[1], 23.0))
    assert found[1].cells[2, 3].told == "23"
    assert maps_of(grid(5), {}) == ([], 0)


def test_a_cell_cannot_break_out_of_the_page() -> None:
    of = grid(1, 1)
    (one,), _ = maps_of(of, {(0, 0): Cell("<b>", 1.0, '"><script>')})
    told = "".join(drawn(one, 1.0))
    assert "<b>" not in told
    assert "<script>" not in told


def test_amounts_of_a_middle_are_exact() -> None:
    assert table_of(swept(1, 2)).rows[0].around.net == Amount(Decimal(6), "KRW")
