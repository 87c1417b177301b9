"""A run by pair, tier, month and refusing line; how alike its days were; each counted once and adding up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Cited
from karb_core.ports import Refusal
from karb_research.breakdown import by_month, by_pair, by_tier
from karb_research.correlation import of_pairs, of_tiers
from karb_research.refused import refused
from tests.plugins.karb_research.runs import day_end, run_of, trade, won

BTC, ETH = ("BTC", "normal"), ("ETH", "ultra")
#: The last hour of January in Korea, and the first of February. Unit: hours since 1970.
JANUARY = (31 * 24) - 10


def nets(groups: list) -> dict[str, Amount]:
    return {group.name: group.parts.net for group in groups}


def test_a_tier_is_that_of_all_pairs_and_a_pair_has_all_its_tiers() -> None:
    came = run_of([day_end(0, {BTC: 5, ("ETH", "normal"): 2, ETH: -1})], [trade(5, tier="normal")])
    assert nets(by_pair(came)) == {"BTC": won(5), "ETH": won(1)}
    assert nets(by_tier(came)) == {"normal": won(7), "ultra": won(-1)}
    assert [group.figures.trades for group in by_pair(came)] == [1, 0]


def test_a_signal_without_tiers_is_one_row() -> None:
    assert nets(by_tier(run_of([day_end(0, {("BTC", None): 3})]))) == {"·": won(3)}


def test_a_month_is_what_changed_in_it_and_the_trades_that_ended_in_it() -> None:
    """By Korea's clock: 1970-02-01 begins there while it is January in London."""
    days = [day_end(number, {BTC: number + 1}) for number in range(31)]
    days += [day_end(number, {BTC: 40}) for number in range(31, 33)]
    trades = [trade(1, hours=(0, JANUARY)), trade(2, hours=(0, JANUARY + 1))]
    found = by_month(run_of(_from_1970(days), trades))
    assert [(group.name, group.parts.net, group.figures.trades) for group in found] == [
        ("1970-01", won(31), 1),
        ("1970-02", won(9), 1),
    ]


def _from_1970(days: list) -> list:
    return [replace(day, day=date(1970, 1, 1) + timedelta(days=number)) for number, day in enumerate(days)]


def refusal(*by: Cited, kind: str = "entry", times: int = 1) -> Refusal:
    return Refusal("BTC", None, "short_premium", kind, by, 0, 1, times)


def test_lines_that_refused_stand_by_how_often_each_episode_once() -> None:
    share, gate = Cited("/pairs/BTC/share", "x.yaml", 3, "40%"), Cited("/risk_gates/0/use", "x.yaml", 9, "gates.fresh")
    found = refused([refusal(gate), refusal(share, gate, times=7), refusal(gate, gate, kind="exit", times=2)])
    assert [(row.by, row.episodes, row.judged, row.ways) for row in found] == [
        (gate, 3, 10, ("entry", "exit")),
        (share, 1, 7, ("entry",)),
    ]


def test_days_that_move_together_are_alike_and_those_against_each_other_are_not() -> None:
    days = [day_end(n, {BTC: total, ETH: -2 * total}) for n, total in enumerate([1, 5, 2, 9])]
    found = of_pairs(days)
    assert found.names == ("BTC", "ETH")
    assert [[round(value, 9) for value in row if value is not None] for row in found.rows] == [[1, -1], [-1, 1]]
    assert of_tiers(days).names == ("normal", "ultra")


def test_what_never_moved_is_like_nothing() -> None:
    found = of_pairs([day_end(n, {BTC: n + 1, ETH: 0}) for n in range(5)])
    assert found.rows[1] == (None, None)
    assert found.rows[0] == (None, None)  # it moved by as much on each day


@pytest.mark.parametrize("count", [0, 1, 2])
def test_two_days_lie_on_one_line_which_says_nothing(count: int) -> None:
    found = of_pairs([day_end(n, {BTC: n * n + 1}) for n in range(count)])
    assert all(value is None for row in found.rows for value in row)
