"""`kimp_multi_timeframe` over ten made-up hours of tops: karb's lots are the oracle's, price by price, also judged at every row.

No tops of twenty days were recorded, so the window is shorter here, z and the target smaller, z back to normal wider; the lines that say what is
counted, armed, turned and joined are the shipped ones. Funding is nothing in these tops.
"""

from __future__ import annotations

import asyncio
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from karb_core.domain import exact
from karb_core.history.span import Span
from karb_core.ledger.ledger import open_ledger
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.wiring.backtest_parts import furnish
from tests.oracle.turning_tops import Trade, run
from tests.rulebook.shipped import shipped
from tests.wiring.few_tops import RATE, write_tops
from tests.wiring.tiny import edited, rulebook

EDITS = (
    ("window: 20d ", "window: 1h "),
    ("arm: {bar: 5m, z: 2.0}", "arm: {bar: 5m, z: 1.0}"),
    ("take_profit: 0.4%", "take_profit: 0.05%"),
    ("exit_z: 0.5  ", "exit_z: 1.0  "),
    ("series: usdt-krw", "series: usd-krw"),
    ("amount: offered, max_age: 2s", "amount: any, max_age: 10s"),
    ("  ETH: {near: upbit ETH/KRW, far: binance_usdm ETH/USDT, share: 35%}\n", ""),
)
FX = "max_age: 10m, when_closed: 80h"


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tops")
    path = write_tops(folder, seconds=10 * 3600, seed=3)
    for file in folder.glob("*_funding.parquet"):
        pl.read_parquet(file).with_columns(rate=pl.lit(0.0)).write_parquet(file)
    return path


def text() -> str:
    return edited(shipped("kimp_multi_timeframe"), *EDITS).replace(FX, "max_age: 40d, when_closed: 40d")


def karb_lots(market: Path, ledger: Path, *, every_row: bool) -> list[Any]:
    opened = open_ledger(ledger)
    dataset = dataset_of(str(market), Catalogue.installed())
    made = furnish(rulebook(text()), dataset, opened, Span(), 1, every_row=every_row, quiet=True)
    asyncio.run(made.backtest.run())
    made.backtest.end("done", 2)
    books = made.backtest.desk.books
    lots = [(one.lot, one.closed_at_ns) for one in books.closed] + [(lot, None) for lot in books.open_lots()]
    opened.close()
    return sorted((_told(lot, left_ns) for lot, left_ns in lots), key=lambda told: (told[2], told[0]))


def _told(lot: Any, left_ns: int | None) -> tuple[Any, ...]:
    entered = tuple(Fraction(exact.absolute(leg.entered_cost.value)) for leg in lot.legs)
    left = None if left_ns is None else tuple(Fraction(exact.absolute(leg.left_cost.value)) for leg in lot.legs)
    amount = Fraction(exact.absolute(lot.legs[0].entered.value))
    return lot.pair, lot.side, lot.opened_at_ns // 10**6, amount, entered, left, left_ns and left_ns // 10**6


def oracle_lot(trade: Trade) -> tuple[Any, ...]:
    entered = tuple(trade.amount * price for price in trade.entered)
    left = None if trade.left is None else tuple(trade.amount * price for price in trade.left)
    return trade.pair, trade.side, trade.opened_at, trade.amount, entered, left, trade.left_at


def test_karb_makes_the_lots_the_oracle_makes(market: Path, tmp_path: Path) -> None:
    file = tmp_path / "kimp_multi_timeframe.yaml"
    file.write_text(text(), "utf-8")
    worked_out = run(file, market, Fraction(RATE))
    expected = sorted((oracle_lot(trade) for trade in worked_out), key=lambda told: (told[2], told[0]))
    told = karb_lots(market, tmp_path / "a.sqlite", every_row=False)
    for ours, theirs in zip(told, expected, strict=False):
        assert ours == theirs
    assert len(told) == len(expected) >= 6
    assert {lot[1] for lot in told} == {"long_premium", "short_premium"}
    assert karb_lots(market, tmp_path / "b.sqlite", every_row=True) == told
