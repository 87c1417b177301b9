"""The last prices of a run, from its end to the table of what entries need."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.cli.conftest import Karb
from tests.cli.hourly import FILE, furnished
from tests.wiring.hourly import HOUR, ROWS, START
from tests.wiring.tiny import strategy_text, write_market

DAY = 24 * HOUR


@pytest.fixture
def place(home: Path) -> Path:
    return furnished(home, "parquet")


def kept(home: Path) -> Mapping[str, Any]:
    told: Mapping[str, Any] = json.loads((home / "karb-home" / "prices.json").read_text("utf-8"))
    return told


def close(home: Path, file: str, opened: int) -> Decimal:
    frame = pl.read_parquet(home / "data" / f"{file}.parquet").filter(pl.col("ts").cast(pl.Int64) == opened)
    return Decimal(repr(frame["close"].item()))


def test_a_run_keeps_the_last_price_of_each_leg_and_the_rate_it_books_at(karb: Karb, place: Path) -> None:
    assert karb("run", FILE, "--quiet").code == 0
    last = START + (ROWS - 1) * HOUR
    told = kept(place)
    assert list(told) == ["format_version", "at", "data", "synthetic", "prices"]
    assert told["at"] == "2025-01-18T00:00:00Z"
    assert Decimal(told["prices"]["upbit BTC/KRW"]) == close(place, "near_BTC", last)
    assert Decimal(told["prices"]["binance_usdm BTC/USDT"]) == close(place, "far_BTC", last)
    assert set(told["prices"]) == {"upbit BTC/KRW", "binance_usdm BTC/USDT", "USDT/KRW"}
    assert all(isinstance(price, str) for price in told["prices"].values())


def test_a_period_that_ends_earlier_ends_at_its_own_prices(karb: Karb, place: Path) -> None:
    assert karb("run", FILE, "--quiet", "--to", "2025-01-10").code == 0
    told = kept(place)
    assert told["at"] == "2025-01-10T00:00:00Z"
    assert Decimal(told["prices"]["binance_usdm BTC/USDT"]) == close(place, "far_BTC", START + 4 * DAY - HOUR)


def test_a_check_then_shows_what_entries_need_and_says_at_which_prices(karb: Karb, place: Path) -> None:
    assert "shown once prices are known" in karb("check", FILE).out
    karb("run", FILE, "--quiet")
    at = f"at prices of 2025-01-18T00:00:00Z as the last run saw them (data {kept(place)['data']})\n"
    told = karb("check", FILE).out
    assert at in told
    assert "binance_usdm needs" in told
    assert "2025-01-18T00:00:00Z의 가격 기준" in karb("--lang", "ko", "check", FILE).out
    given = [f"--price={name}={price}" for name, price in kept(place)["prices"].items()]
    assert karb("check", FILE, *given).out == told.replace(at, "")


def test_prices_that_karb_made_up_are_said_to_be(karb: Karb, home: Path) -> None:
    write_market(home)
    (home / FILE).write_text(strategy_text(), "utf-8")
    karb("run", FILE, "--quiet")
    told = "at prices of 2025-01-11T00:00:00Z that karb made up for the last run (data sample): give yours with --price"
    assert told in karb("check", FILE).out


def test_another_run_replaces_them_and_leaves_nothing_beside(karb: Karb, place: Path) -> None:
    karb("run", FILE, "--quiet", "--to", "2025-01-10")
    karb("run", FILE, "--quiet")
    assert kept(place)["at"] == "2025-01-18T00:00:00Z"
    assert [path.name for path in (place / "karb-home").glob("prices*")] == ["prices.json"]


@pytest.mark.parametrize(("more", "lines"), [((), 1), (("--quiet",), 0), (("--format", "json"), 0)])
def test_a_home_that_cannot_be_written_is_no_error_of_the_run(
    more: tuple[str, ...], lines: int, karb: Karb, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KARB_HOME", str(place / FILE / "home"))  # beneath a file
    told = karb("run", FILE, "--ledger", "here.sqlite", *more)
    assert told.code == 0
    assert len(told.err.splitlines()) == lines
    assert told.err.startswith("warning: the last prices could not be kept"[: 99 * lines])


def test_a_file_that_cannot_be_replaced_stays_and_leaves_nothing_beside(karb: Karb, place: Path) -> None:
    (place / "karb-home" / "prices.json").mkdir(parents=True)
    told = karb("run", FILE)
    assert (told.code, told.err.startswith("warning: ")) == (0, True)
    assert [path.name for path in (place / "karb-home").glob("prices*")] == ["prices.json"]


def test_a_run_that_was_refused_keeps_none(karb: Karb, place: Path) -> None:
    assert karb("run", FILE, "--quiet", "--from", "2030-01-01").code == 7
    assert not (place / "karb-home" / "prices.json").exists()
