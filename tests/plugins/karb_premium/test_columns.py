"""The premium and its z as columns: exact, defined where the rules say, and the same wherever the series began."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain.premium import premium_units
from karb_core.history.rolling import Carried
from karb_core.history.statistics import ZScore as Statistic
from karb_core.history.window import Window
from karb_core.ports import BarRows, GridRows, Stage
from karb_core.rules.canonical import canonical
from karb_premium.zscore import ZScore
from karb_premium.zscore_tiers import ZScoreTiers
from tests.plugins.karb_premium.signals import COMMON, EXIT, plain, series, tiered
from tests.plugins.scene import FAR, NEAR

ROWS = 8  # 40 minutes of five

closes = st.lists(st.one_of(st.integers(99_000, 106_000), st.just(0)), min_size=1, max_size=40)


def test_they_are_stable_and_look_back_over_their_window() -> None:
    assert (ZScore.stage, ZScoreTiers.stage) == (Stage.STABLE, Stage.STABLE)
    assert plain().rows() == BarRows(300_000_000_000, ROWS)
    assert tiered(bar="5m", window="20d").rows() == BarRows(300_000_000_000, 5760)
    assert tiered(bar="1h", window="20d").rows().lookback == 480


@settings(max_examples=80)
@given(closes, st.integers(1, 60), st.sampled_from([0, 50_000]))
def test_the_columns_are_what_is_carried_row_by_row(near: list[int], rate: int, floor: int) -> None:
    rates = [1000.0 + rate / 100] * len(near)
    found = tiered(sigma_floor="0.05%" if floor else "0%").features(series([float(n) for n in near], rate=rates))
    carried = Carried(Statistic(Window(ROWS, 6), floor))
    for row, price in enumerate(near):
        units = premium_units(Decimal(price), Decimal(100), Decimal(repr(rates[row]))) if price else None
        assert (found["premium"][row], found["present"][row]) == (units or 0, units is not None)
        assert np.float64(carried.push(units)).tobytes() == found["z"][row].tobytes()


@settings(max_examples=60)
@given(closes, st.integers(0, 39), st.integers(0, 39))
def test_a_row_does_not_depend_on_where_the_series_was_cut(near: list[int], first: int, more: int) -> None:
    whole = plain().features(series([float(n) for n in near]))
    stop = min(len(near), first + more)
    if first >= stop:
        return
    part = plain().features(series([float(n) for n in near[first:stop]]))
    warm = ROWS - 1
    for name in ("premium", "present", "z"):
        assert whole[name][first:stop][warm:].tobytes() == part[name][warm:].tobytes()


def test_z_is_undefined_until_the_window_is_full() -> None:
    walk = [100_000.0 + 100 * (i % 5) for i in range(20)]
    z = plain().features(series(walk))["z"]
    assert np.isnan(z[: ROWS - 1]).all()
    assert not np.isnan(z[ROWS - 1 :]).any()


@pytest.mark.parametrize(("absent", "defined"), [(2, True), (3, False)])
def test_z_needs_the_part_of_the_window_that_the_owner_asks_for(absent: int, defined: bool) -> None:
    """75 % of eight bars is six."""
    walk = [0.0] * absent + [100_000.0 + 100 * i for i in range(ROWS - absent)]
    assert np.isnan(plain().features(series(walk))["z"][ROWS - 1]) != defined


@pytest.mark.parametrize(("written", "count"), [("75%", 6), ("75.1%", 7), ("100%", 8), ("0%", 1), ("12.5%", 1)])
def test_the_part_that_must_be_there_is_rounded_up(written: str, count: int) -> None:
    walk = [0.0] * (ROWS - count) + [100_000.0 + 100 * i * i for i in range(count)]
    features = plain(min_present=written, sigma_floor="0.05%").features(series([*walk, 0.0]))
    assert not np.isnan(features["z"][ROWS - 1])
    fewer = [*walk[: ROWS - count], 0.0, *walk[ROWS - count + 1 :]]
    assert np.isnan(plain(min_present=written, sigma_floor="0.05%").features(series(fewer))["z"][ROWS - 1])


def test_a_row_without_a_leg_or_a_rate_has_no_premium() -> None:
    near, far, rate = [1e5, 0.0, 1e5, 1e5], [100.0, 100.0, 0.0, 100.0], [1000.0, 1000.0, 1000.0, 0.0]
    found = plain().features(series(near, far, rate))
    assert found["present"].tolist() == [True, False, False, False]
    assert found["premium"].tolist() == [0, 0, 0, 0]
    nothing = plain().features(replace(series(near), rate=None))
    assert not nothing["present"].any()


def test_legs_of_one_quote_need_no_rate_and_heed_none() -> None:
    legs = (NEAR, replace(FAR, venue="bithumb", quote="KRW"))
    inland = replace(series([103_000.0], [100_000.0]), legs=legs)
    for given_rate in (inland.rate, None):
        found = plain().features(replace(inland, rate=given_rate))
        assert (found["premium"].tolist(), found["present"].tolist()) == ([3_000_000], [True])


def test_z_divides_by_no_less_than_the_floor() -> None:
    """Seven rows at 3 %, one at 3.08 %: mean 3.01 %, deviation 0.0265 %, floor 0.05 %."""
    walk = [103_000.0] * 7 + [103_080.0]
    assert plain(sigma_floor="0.05%").features(series(walk))["z"][-1] == 1.4
    assert plain(sigma_floor="0%").features(series(walk))["z"][-1] == pytest.approx(7**0.5)


def test_money_goes_along_where_it_is_given() -> None:
    assert plain().features(series([1e5], money=[1450.0]))["money"].tolist() == [1450.0]
    assert "money" not in plain().features(series([1e5]))


@pytest.mark.parametrize(
    ("key", "written"),
    [("sigma_floor", "0.0000001%"), ("sigma_floor", "2148%"), ("window", "9999999d"), ("window", "7m")],
)
def test_what_no_column_could_hold_is_found_before_anything_runs(key: str, written: str) -> None:
    params = ZScore.Params.model_validate(COMMON | {"entry": 2, "take_profit": "none", "exit": EXIT, key: written})
    concerns = list(ZScore.review(params, None))  # type: ignore[arg-type]
    assert key in {concern.path[0] for concern in concerns}
    assert {concern.code for concern in concerns} == {"K422"}


#: Each rule of the signal but its bars, otherwise than the common file has it.
OTHERWISE: tuple[dict[str, object], ...] = (
    {"window": "80m"}, {"min_present": "100%"}, {"sigma_floor": "5%"}, {"min_premium": "1%"}, {"when_low": "none"},
    {"premium_sign": "agrees"}, {"max_open": 1}, {"rearm": {"below_z": 1}}, {"exits": {"stop_loss": "1%"}},
)  # fmt: skip


@pytest.mark.parametrize("rules", OTHERWISE, ids=str)
@pytest.mark.parametrize("made", [plain, tiered])
def test_signals_that_say_the_same_of_their_features_make_the_same(made, rules: dict[str, object]) -> None:
    one, other = made(), made(**rules)
    near = [100_000.0 + (row * 7919) % 4001 if row % 11 else 0.0 for row in range(60)]
    of = [{name: column.tobytes() for name, column in each.features(series(near)).items()} for each in (one, other)]
    assert (of[0] == of[1]) is (one.features_from() == other.features_from())


GRID = {"bar": "none", "grid": {"every": "1s", "max_age": "2s"}, "price": "mid", "window": "1h"}


def test_a_signal_on_a_grid_says_what_it_reads() -> None:
    assert plain(**GRID).rows() == GridRows(1_000_000_000, 3600, 2_000_000_000)
    assert tiered(**GRID).rows() == GridRows(1_000_000_000, 3600, 2_000_000_000)


@pytest.mark.parametrize(
    ("changed", "mode", "path"),
    [
        ({}, "backtest", None),
        ({"bar": "5m"}, "backtest", ("bar",)),
        ({"price": "close"}, "backtest", ("price",)),
        ({}, "paper", ("grid",)),
        ({}, "live", ("grid",)),
        ({"grid": {"every": "7s", "max_age": "2s"}, "window": "70s"}, "backtest", ("grid", "every")),
        ({"grid": {"every": "1s", "max_age": "1s"}, "window": "1500ms"}, "backtest", ("window",)),
    ],
)
def test_what_a_grid_cannot_be_is_found_before_anything_runs(
    changed: dict[str, object], mode: str, path: tuple[str, ...] | None
) -> None:
    written = COMMON | {"entry": 2, "take_profit": "none", "exit": EXIT} | GRID | changed
    params = ZScore.Params.model_validate(written)
    concerns = list(ZScore.review(params, SimpleNamespace(mode=mode)))  # type: ignore[arg-type]
    assert [(concern.path, concern.code) for concern in concerns] == ([] if path is None else [(path, "K422")])


def test_neither_bars_nor_a_grid_is_nothing_to_judge() -> None:
    params = ZScore.Params.model_validate(COMMON | {"entry": 2, "take_profit": "none", "exit": EXIT, "bar": "none"})
    concerns = list(ZScore.review(params, SimpleNamespace(mode="backtest")))  # type: ignore[arg-type]
    assert [concern.path for concern in concerns] == [("bar",)]


def test_a_grid_that_is_not_written_is_no_part_of_a_digest() -> None:
    """Locks of files that were approved before there was such a key hold."""
    without = ZScore.Params.model_validate(COMMON | {"entry": 2, "take_profit": "none", "exit": EXIT})
    written = ZScore.Params.model_validate(COMMON | {"entry": 2, "take_profit": "none", "exit": EXIT} | GRID)
    assert "grid" not in canonical(without)
    assert canonical(written)["grid"] == {"every": "1s", "max_age": "2s"}
