"""A bounded part of bench/parity_week.py: one file on paper and as a backtest on what was recorded, told to the last digit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from bench.parity_house import Stretch, live_through
from bench.parity_market import MINUTE, Shape
from bench.parity_week import Shown, of_hours, shown
from karb_core.ledger.ledger import open_ledger

#: Twelve hours of bars of three minutes. The owner stops entries in the second and third hour; near's bars of the ninth
#: come late.
_HALF_A_DAY = Stretch(
    Shape(3 * MINUTE, wave=36, settles_ns=20 * MINUTE), 12 * 3600, window=100, step_s=15, halted=(2, 4), late=(8, 9), asks_s=60
)  # fmt: skip


@pytest.fixture(scope="module")
def half_a_day(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    place: Path = tmp_path_factory.mktemp("half_a_day") / "ledger.sqlite"
    ledger = open_ledger(place)
    live_through(_HALF_A_DAY, ledger)
    ledger.close()
    return shown(place)


def test_every_difference_in_net_result_is_a_row_with_a_cause(half_a_day: Shown) -> None:
    told = half_a_day.told
    assert half_a_day.holds, told["unexplained"]
    assert Decimal(told["net"]["difference"].partition(" ")[0]) != 0
    assert told["unexplained"] == {"rows": 0, "rest": "0 KRW"}
    replayed = told["replayed"]
    assert replayed["decisions"] > 50
    assert (replayed["differences"], replayed["parted"]) == ([], None)
    assert min(told["lots"].values()) > 20


def test_what_is_hard_is_in_it_and_named(half_a_day: Shown) -> None:
    """What stopped the one and not the other, other moments, other prices, other amounts, settlements and rates."""
    causes = {row["cause"] for row in half_a_day.told["rows"]}
    assert {"only_backtest", "moment_out", "quantity", "fill_in", "fill_out", "fees", "funding", "rate"} <= causes
    only = [row["why"] for row in half_a_day.told["rows"] if row["cause"] == "only_backtest"]
    assert any(why.startswith("paper: stopped since 2025-01-06T02:0") and why.endswith("a bench") for why in only)
    assert any("was not judged: a leg's bar did not come in time" in why for why in only)
    left = [row["why"] for row in half_a_day.told["rows"] if row["cause"] == "moment_out"]
    assert any("take_profit was not met: net" in why and "parity.yaml:" in why for why in left)


def test_the_shape_is_that_which_is_promised() -> None:
    week = of_hours(7 * 24)
    assert (week.seconds, week.shape.bar_ns, len(week.shape.coins)) == (7 * 24 * 3600, 5 * MINUTE, 3)
