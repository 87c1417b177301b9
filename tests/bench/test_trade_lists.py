"""A list of trades counts where it is the specification's in every row, and in no other case."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from bench.more_years import repeated
from bench.peers import t_bt
from bench.trade_lists import COINS, are_printed, expected
from tests.oracle.made_minutes import MINUTE_MS, write_minutes
from tests.oracle.reference_work import Trade


@pytest.fixture(scope="module")
def minutes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("minutes")
    write_minutes(folder, days=25, seed=21)
    return folder


SIZES = {"ultra": 40_000_000, "extreme": 20_000_000, "normal": 15_000_000}


def line(coin: str, trade: Trade) -> str:
    """As a peer prints it."""
    prices = (100 * (1 + float(premium)) for premium in (trade.entered, trade.left))
    units = int(SIZES[trade.tier] // (100 * (1 + float(trade.judged))))
    return " ".join(
        map(str, (coin, trade.entered_at, trade.exited_at, 1 if "long" in trade.side else -1, *prices, units))
    )


def test_a_printed_list_is_equal_in_every_row_or_not_at_all(minutes: Path) -> None:
    wanted = expected(minutes)
    rows = [line(coin, trade) for coin in COINS for trade in wanted[coin]]
    assert len(rows) > 10
    assert are_printed("\n".join([*rows, "t_bt 0.25"]), wanted)
    assert not are_printed("\n".join(rows[:-1]), wanted)
    assert not are_printed("\n".join([*rows[1:], rows[0]]), wanted)
    for column, other in ((1, "1"), (2, "1"), (3, "0"), (4, "99.0"), (5, "99.0"), (6, "1")):
        words = rows[3].split()
        changed = " ".join([*words[:column], other, *words[column + 1 :]])
        assert not are_printed("\n".join([*rows[:3], changed, *rows[4:]]), wanted), column


def test_an_engine_without_a_next_open_is_held_against_fills_at_the_close_that_decides(minutes: Path) -> None:
    at_close = expected(minutes, same_close=True)
    for coin in COINS:
        assert all(trade.entered == trade.judged for trade in at_close[coin])
    assert at_close != expected(minutes)


def test_the_time_is_read_from_its_own_line() -> None:
    assert t_bt("BTC 1 2 1 99.0 98.0 5\nt_bt 0.125\n") == 0.125


def test_years_follow_one_another_without_a_gap(minutes: Path, tmp_path: Path) -> None:
    once = pl.read_parquet(minutes / "ETH.parquet")
    thrice = pl.read_parquet(repeated(minutes, tmp_path / "years", 3) / "ETH.parquet")
    assert thrice["ts"].diff().drop_nulls().unique().to_list() == [MINUTE_MS]
    assert thrice.drop("ts")[len(once) : 2 * len(once)].equals(once.drop("ts"))
