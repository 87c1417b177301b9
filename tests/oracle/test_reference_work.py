"""The reference work in karb, against an oracle that knows its specification alone: every row, on both ways of stepping."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from karb_core.ledger.decision_log import decision_log_bytes
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import runs
from tests.oracle.made_minutes import COINS, write_minutes
from tests.oracle.reference_work import TIERS, WINDOW, Columns, Trade, trades, z_scores

HOUSE = Path(__file__).parents[2]
WORK = HOUSE / "bench" / "reference_work"
NAMES = ("krw_open", "krw_close", "usdt_open", "usdt_close", "fx")


@dataclass(frozen=True)
class Ran:
    result: Mapping[str, Any]
    log: bytes

    def rows(self, coin: str) -> list[Trade]:
        return [_row(trade) for trade in self.result["trades"] if trade["pair"] == coin]


def _row(told: Mapping[str, Any]) -> Trade:
    at = [int(datetime.fromisoformat(told[name]).timestamp()) * 1000 for name in ("entered_at", "exited_at")]
    premiums = (Decimal(told[name]) for name in ("premium_at_decision", "entry_premium", "exit_premium"))
    return Trade(*at, told["side"], told["tier"], *premiums)


def _columns(file: Path) -> Columns:
    frame = pl.read_parquet(file)
    return Columns(frame["ts"].to_numpy(), *(frame[name].to_numpy() for name in NAMES))


@pytest.fixture(scope="module")
def minutes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty days in which nothing can be judged, and ten in which it can."""
    folder = tmp_path_factory.mktemp("minutes")
    write_minutes(folder, days=30, seed=21)
    return folder


def _ran(minutes: Path, *options: str) -> Ran:
    dataset = minutes / "dataset.yaml"
    dataset.write_text(
        (WORK / "dataset.yaml").read_text(encoding="utf-8").replace("folder: bench-data", "folder: ."), encoding="utf-8"
    )
    where = minutes / f"ledger{len(options)}.sqlite"
    karb = [
        str(Path(sys.executable).with_name("karb")),
        "backtest",
        str(WORK / "strategy.yaml"),
        "--data",
        str(dataset),
    ]
    command = [*karb, "--ledger", str(where), "--format", "json", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    ledger = open_ledger(where)
    log = decision_log_bytes(ledger, next(iter(runs(ledger))))
    ledger.close()
    return Ran(json.loads(done.stdout), log)


@pytest.fixture(scope="module")
def fast(minutes: Path) -> Ran:
    return _ran(minutes)


@pytest.mark.parametrize("coin", COINS)
def test_each_trade_is_the_specifications(coin: str, fast: Ran, minutes: Path) -> None:
    expected = trades(_columns(minutes / f"{coin}.parquet"))
    assert fast.rows(coin) == expected
    assert len(expected) > 3


def test_these_weeks_have_every_tier_and_both_sides(fast: Ran) -> None:
    rows = [row for coin in COINS for row in fast.rows(coin)]
    assert {row.tier for row in rows} == {tier for _, tier, _ in TIERS}
    assert {row.side for row in rows} == {"long_premium", "short_premium"}


def test_nothing_is_ever_refused(fast: Ran) -> None:
    assert fast.result["refusals"] == []


def test_judging_every_bar_decides_the_same_to_the_byte(fast: Ran, minutes: Path) -> None:
    every = _ran(minutes, "--every-bar")
    assert every.log == fast.log
    for part in ("trades", "open_lots", "refusals", "days"):
        assert every.result[part] == fast.result[part]


# -- the oracle by itself ----------------------------------------------------------------------------------------------


def test_the_oracles_z_is_of_the_whole_window_and_of_nothing_before_it_is_full() -> None:
    closes = 100 + np.sin(np.arange(WINDOW + 2))
    z = z_scores(closes)
    last = closes[2 : WINDOW + 2] / 100 - 1
    assert np.isnan(z[: WINDOW - 1]).all()
    assert z[-1] == pytest.approx((last[-1] - last.mean()) / last.std(ddof=0), rel=1e-9)


def test_the_oracle_trades_a_premium_thrown_up_and_back_as_worked_out_by_hand() -> None:
    """Flat at 2 % with a ripple, 5 points up for one bar of five minutes, then back: one short, filled a minute later."""
    rows = 5 * (WINDOW + 10)
    premium = 0.02 + 0.0001 * np.where(np.arange(rows) // 5 % 2, 1.0, -1.0)
    up = 5 * (WINDOW + 2)
    premium[up : up + 10] = 0.07
    close = np.round(1_400_000 * (1 + premium), 3)
    opened = np.concatenate([close[:1], close[:-1]])
    far, fx = np.full(rows, 1000.0), np.full(rows, 1400.0)
    at = np.arange(rows, dtype=np.int64) * 60_000
    (only,) = trades(Columns(at, opened, close, far, far, fx))
    assert (only.side, only.tier) == ("short_premium", "ultra")
    assert (only.entered_at, only.exited_at) == ((up + 5) * 60_000, (up + 15) * 60_000)
    assert (only.judged, only.entered) == (Decimal("0.07"), Decimal("0.07"))
    assert only.left == Decimal("0.0199")
