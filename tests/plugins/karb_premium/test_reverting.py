"""Armed by z on long bars, entered on a turn of short ones: strict moves, in a row, all of them since it was armed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain.decisions import ProposalKind
from karb_core.ports import GridRows, PairSeries, Standing
from karb_premium.zscore_reverting import ZScoreReverting
from tests.plugins.karb_premium.signals import EXIT
from tests.plugins.karb_premium.test_waking import acting, row
from tests.plugins.scene import LEGS, LONG, SHORT, TERMS, lot
from tests.rulebook.shipped import checked, edited

#: Steps of a second, short bars of two, long bars of eight, a window of four long bars.
WRITTEN: dict[str, Any] = {
    "watch": "1s", "max_age": "1s", "arm": {"bar": "8s", "z": 1}, "enter": {"bar": "2s", "reverting": 2}, "window": "32s",
    "min_present": "75%", "sigma_floor": "0%", "min_premium": "none", "premium_sign": "any", "when_high": SHORT,
    "when_low": LONG, "max_open": 1, "take_profit": "none", "rearm": "none",
}  # fmt: skip
START_S = 1_000_000
MS = 1_000_000


def signal(exits: dict[str, Any] | None = None, **rules: Any) -> ZScoreReverting:
    return ZScoreReverting(ZScoreReverting.Params.model_validate(WRITTEN | rules | {"exit": EXIT | (exits or {})}))


def steps(premia: Sequence[float | None], first: int = 1) -> PairSeries:
    """A step a second; the premium in percent, None where the far leg is missing. The first step ends `first` seconds after a
    long bar's close."""
    rows = len(premia)
    near = np.array([1000.0 * (100 + (p or 0)) for p in premia])
    there = np.array([p is not None for p in premia])
    at = (START_S + first + np.arange(rows, dtype=np.int64)) * 1000
    sides = near, np.full(rows, 100.0)
    return PairSeries(
        pair="BTC", legs=LEGS, closed_at_ms=at, closes=(sides[0], np.where(there, 100.0, 0.0)),
        present=(np.ones(rows, dtype=np.bool_), there), rate=np.full(rows, 1000.0),
        rate_age_ms=np.zeros(rows, dtype=np.int64), facing=lambda leg, _: sides[leg],
    )  # fmt: skip


def entries(of: ZScoreReverting, series: PairSeries) -> list[tuple[int, str]]:
    """At which second of the series it enters, and which way."""
    features, found = of.features(series), []
    for at in np.flatnonzero(series.present[0] & series.present[1]).tolist():
        for proposal in of.judge(row(series, features, at, Decimal(0)), Standing(), TERMS).proposals:
            found.append((at + 1, proposal.side))
    return found


#: Three quiet long bars; then 3 % at the close of the fourth, at second 32: z is the root of three.
QUIET: list[float | None] = [0.0] * 31


def test_three_closes_of_which_each_is_strictly_nearer_the_mean_enter() -> None:
    assert entries(signal(), steps([*QUIET, 3, 3, 2.9, 2.9, 2.8])) == [(36, SHORT)]
    assert entries(signal(), steps([*QUIET, -3, -3, -2.9, -2.9, -2.8])) == [(36, LONG)]


@pytest.mark.parametrize(
    "moves",
    [
        [3, 3, 2.9, 2.9, 2.9],  # a move of nothing is none
        [3, 3, 2.9, 2.9, 2.95],  # the wrong way
        [3, 3, 3.1, 3.1, 2.8],  # one, begun anew
        [3, 2.9, 3, 2.8, 3],  # between two closes nothing is counted
        [3, 3, None, 2.9, 2.8],  # a close that a leg lacks begins anew
    ],
)
def test_any_other_move_begins_anew(moves: list[float | None]) -> None:
    assert (36, SHORT) not in entries(signal(), steps([*QUIET, *moves]))


def test_a_move_before_it_was_armed_is_none() -> None:
    """It falls for two short bars before the long bar closes far out, and once after: one more is asked for."""
    falls = [0.0] * 25 + [6.0, 6.0, 5.0, 5.0, 4.5, 4.5]
    assert entries(signal(), steps([*falls, 4.0, 4.0, 3.9])) == []
    assert entries(signal(), steps([*falls, 4.0, 4.0, 3.9, 3.9, 3.8])) == [(36, SHORT)]


def test_it_stays_armed_over_the_next_long_bar_only_while_that_is_far_out_too() -> None:
    of = signal(arm={"bar": "8s", "z": Decimal("0.9")})
    wide = [*QUIET, *[3.0] * 8]
    assert entries(of, steps([*wide, 2.9, 2.9, 2.8])) == [(42, SHORT)]
    assert entries(of, steps([*wide, 0.1, 0.1, 0.0, 0.0, -0.1])) == []


@pytest.mark.parametrize(("bound", "armed"), [(1.7320508, True), (1.7320509, False)])
def test_the_bound_on_z_is_that_of_the_long_bars(bound: float, armed: bool) -> None:
    of = signal(arm={"bar": "8s", "z": Decimal(str(bound))})
    assert bool(entries(of, steps([*QUIET, 3, 3, 2.9, 2.9, 2.8]))) is armed


def test_at_the_very_bound_it_is_armed() -> None:
    """Two long bars at nothing and two at one: z is exactly one."""
    far = [0.0] * 23 + [1.0] * 8
    assert entries(signal(), steps([*far, 1.0, 1.0, 0.9, 0.9, 0.8])) == [(36, SHORT)]


def test_ways_out_are_judged_at_every_step_with_z_of_the_last_long_bar() -> None:
    held = lot(near="100500", target="0.001", tier=None, opened_at_ns=0)
    of = signal({"exit_z": 0, "exit_when": "all", "profit": "gross"}, take_profit="0.1%", sigma_floor="0.01%")
    series = steps([0.0] * 32 + [0.45, 0.39, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3])
    features = of.features(series)
    judged = {at + 1: of.judge(row(series, features, at, Decimal(0)), Standing((held,)), TERMS) for at in range(31, 40)}
    left = [at for at, found in judged.items() if [p.kind for p in found.proposals] == [ProposalKind.EXIT]]
    assert left == [
        32,
        34,
        35,
        36,
        37,
        38,
        39,
    ]  # at 33 the profit is too small, the long bar that closes at 40 is far out


def test_what_enters_is_cited_and_can_be_asked_how_far_it_was() -> None:
    series = steps([*QUIET, 3, 3, 2.9, 2.9, 2.8])
    features = signal().features(series)
    (entry,) = signal().judge(row(series, features, 35, Decimal(0)), Standing(), TERMS).proposals
    assert entry.rules == ("arm.z", "when_high", "max_open", "arm.bar", "enter.bar", "enter.reverting")
    assert dict(entry.seen)["turned"] == 2
    told = {
        e.rule: (e.seen, e.met)
        for e in signal().explain(row(series, features, 33, Decimal(0)), Standing(), TERMS).bounds
    }
    assert told["enter.reverting"] == (Decimal(1), False)
    between = signal().explain(row(series, features, 34, Decimal(0)), Standing(), TERMS).bounds
    assert next(e for e in between if e.rule == "enter.reverting").seen is None


def test_rows_are_a_grid_that_looks_back_over_the_whole_window() -> None:
    rows = signal().rows()
    assert isinstance(rows, GridRows)
    assert (rows.length_ns, rows.max_age_ns) == (1000 * MS, 1000 * MS)
    assert rows.lookback >= 32 + 3 * 2


premia = st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.3, 1.0, 3.0, -1.0, -3.0, None]), min_size=40, max_size=90)


@settings(max_examples=100, deadline=None)
@given(premia, st.integers(0, 3), st.booleans(), st.sampled_from(["none", Decimal("0.5")]))
def test_no_row_at_which_it_acts_is_passed_over_and_none_depends_on_where_the_series_began(
    told: list[float | None], first: int, held: bool, exit_z: Any
) -> None:
    of = signal({"exit_z": exit_z, "stop_loss": "1%"}, take_profit="0.1%", rearm={"below_z": Decimal("0.5")})
    series = steps(told, first + 1)
    standing = Standing((lot(near="100500", target="0.001", tier=None),)) if held else Standing()
    acts = acting(of, series, standing, Decimal(0))
    assert set(acts) <= set(np.flatnonzero(of.wakes(of.features(series), standing, TERMS)).tolist())
    lookback = of.rows().lookback
    whole = of.features(series)
    for at in range(lookback, len(told), 7):
        cut = of.features(steps(told[at - lookback + 1 : at + 1], first + 1 + at - lookback + 1))
        for name in ("premium", "present", "z", "turned"):
            assert np.array_equal(cut[name][-1:], whole[name][at : at + 1], equal_nan=name == "z"), (name, at)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("mode: backtest ", "mode: paper    "),
        ("arm: {bar: 5m, z: 2.0}", "arm: {bar: 90s, z: 2.0}"),
        ("enter: {bar: 1m, reverting: 3}", "enter: {bar: 45s, reverting: 3}"),
        ("window: 20d", "window: 7m"),
        ("rearm: none", "rearm: {below_z: 2.1}"),
        ("min_present: 95%", "min_present: 101%"),
    ],
)
def test_lengths_that_do_not_fit_each_other_are_refused(old: str, new: str) -> None:
    codes = {error.code for error in checked(edited((old, new), of="kimp_multi_timeframe")).errors}
    assert codes & {"K422", "K402"}
