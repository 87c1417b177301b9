"""The short way comes to the very lots that the desk comes to, and says nothing where anything could be otherwise."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from karb_core.domain.amount import Amount
from karb_core.history.dataset import Dataset
from karb_core.history.span import Span
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import DayEnd
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.backtest_parts import furnish
from karb_core.wiring.backtested import _prices as prices_of
from karb_core.wiring.day_ends import Rows, run_day_ends
from karb_core.wiring.straight import StraightWay
from karb_core.wiring.straight_days import StraightDays
from karb_core.wiring.straight_lot import Passage
from karb_core.wiring.trades import trades_of
from tests.oracle.made_minutes import BEGINS_MS, MINUTE_MS, write_minutes
from tests.wiring.tiny import ROOT, Edit, edited, rulebook

MS = 1_000_000
CAPITAL = Amount(Decimal(100_000_000), "KRW")
WORK = ROOT / "bench" / "reference_work"
SHORTER: tuple[Edit, ...] = (("window: 20d", "window: 12h"),)
#: Other rules of the signal alone: all of them are walked from one preparation.
SIGNALS: dict[str, tuple[Edit, ...]] = {
    "as it is": (),
    "other bounds": (("{z: 2.0, take_profit: 0.8%}", "{z: 1.7, take_profit: 0.35%}"),),
    "no target": (("{z: 2.0, take_profit: 0.8%}", "{z: 2.0, take_profit: none}"), ("exit_z: none", "exit_z: 0.2")),
    "target and z": (("exit_z: none", "exit_z: 0.5"), ("exit_when: any", "exit_when: all")),
    "a stop": (("stop_loss: none", "stop_loss: 0.6%"),),
    "a longest holding": (("max_holding: none", "max_holding: {for: 5h, then: exit}"),),
    "gross": (("profit: net", "profit: gross"),),
    "one side": (("when_high: short_premium", "when_high: none"),),
    "a least premium": (("min_premium: none", "min_premium: 1.6%"), ("premium_sign: any", "premium_sign: agrees")),
}
#: What the desk alone can tell.
OTHERWISE: dict[str, tuple[Edit, ...]] = {
    "a gate": (
        ("risk_gates: []", "risk_gates:\n  - {use: gates.max_order, at: [entry], with: {most: [900000000 KRW]}}"),
    ),
    "several lots": (("max_open: 1", "max_open: 2"),),
    "profit in money": (("profit_by: premium", "profit_by: krw"),),
    "prices moved against us": (("slippage: 0%", "slippage: 1bp"),),
    "legs apart": (("legs_apart: 0s", "legs_apart: 1m"),),
    "a band that opens leave": (("band: 100bp", "band: 0.1bp"),),
    "money that is short": (("    - 100,000,000,000 KRW", "    - 16,000,000 KRW"),),
    "a reserve that is not there": (("reserve: 0%", "reserve: 60%"), ("    - 100,000,000 USDT", "    - 50,000 USDT")),
    "clips": (("extreme: {size: 20%, split: none", "extreme: {size: 20%, split: {clips: [50%, 50%], next: 0.1%}"),),
    "a liquidation": (("leverage: 1,", "leverage: 100,"),),
}


def text(*edits: Edit) -> str:
    return edited((WORK / "strategy.yaml").read_text("utf-8"), *SHORTER, *edits)


@pytest.fixture(scope="module")
def minutes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("minutes")
    write_minutes(folder, days=6, seed=4)
    written = (WORK / "dataset.yaml").read_text("utf-8").replace("folder: bench-data", "folder: .")
    (folder / "dataset.yaml").write_text(written, "utf-8")
    return folder


@pytest.fixture(scope="module")
def market(minutes: Path) -> Dataset:
    return dataset_of(str(minutes / "dataset.yaml"), Catalogue.installed())


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


def prepared(market: Dataset, ledger: Ledger, *edits: Edit) -> Backtest:
    made = furnish(rulebook(text(*edits)), market, ledger, Span(), 1, every_row=False, quiet=True)
    return made.backtest


def lots(run: Backtest) -> list[tuple[str, int, int, str | None, str, Decimal]]:
    """As the desk carried them out."""
    asyncio.run(run.run())
    return [
        (t.lot.pair, t.lot.opened_at_ns, t.closed_at_ns, t.lot.tier, t.lot.side, t.net.value)
        for t in trades_of(run.desk.books.closed, "KRW")
    ]


def ended(walked: tuple[Passage, ...]) -> list[tuple[str, int, int, Decimal]]:
    return [(p.pair, p.entered.at_ns, p.left.at_ns, p.left.net) for p in walked if p.left is not None]


def ends_of(run: Backtest) -> list[DayEnd]:
    kept = run.kept
    rows = Rows(tuple(kept.lots.values()), tuple(kept.fills), tuple(kept.incomes))
    return run_day_ends(rows, run.desk.books.closed, prices_of(run), run.span[0] * MS, run.span[1] * MS)


@pytest.fixture(scope="module")
def way(market: Dataset, tmp_path_factory: pytest.TempPathFactory) -> StraightWay:
    """One for all: what it keeps of the rules before must not change what it says of those after."""
    return StraightWay(prepared(market, open_ledger(tmp_path_factory.mktemp("way") / "ledger.sqlite")))


@pytest.mark.parametrize("edits", SIGNALS.values(), ids=SIGNALS)
def test_by_other_rules_of_the_signal_it_comes_to_the_lots_of_the_desk(
    edits: tuple[Edit, ...], way: StraightWay, market: Dataset, ledger: Ledger
) -> None:
    run = prepared(market, ledger, *edits)
    walked = way.walk(run.strategy.signal)
    carried = lots(run)
    assert walked is not None
    assert ended(walked) == [(pair, opened, closed, net) for pair, opened, closed, _, _, net in carried]
    days, ends = StraightDays(way.run), ends_of(run)
    equity = days.of(walked)
    assert days.ends == tuple((day.day, day.at_ns) for day in ends)
    assert equity is not None
    assert equity.amounts() == (CAPITAL, *(CAPITAL + day.parts.net for day in ends))
    still_open = {(lot.pair, lot.opened_at_ns) for lot in run.desk.books.open_lots()}
    assert {(p.pair, p.entered.at_ns) for p in walked if p.left is None} == still_open


def test_the_rules_that_are_compared_do_trade(way: StraightWay) -> None:
    walked = way.walk(way.run.strategy.signal)
    assert walked is not None
    assert len(ended(walked)) > 20
    assert {p.pair for p in walked} == {"BTC", "ETH", "XRP"}


@pytest.mark.parametrize("edits", OTHERWISE.values(), ids=OTHERWISE)
def test_where_the_desk_alone_can_tell_nothing_is_said(
    edits: tuple[Edit, ...], market: Dataset, ledger: Ledger
) -> None:
    run = prepared(market, ledger, *edits)
    assert StraightWay(run).walk(run.strategy.signal) is None


def test_a_settlement_while_a_lot_is_open_is_for_the_desk(minutes: Path, ledger: Ledger) -> None:
    hours = [BEGINS_MS + MINUTE_MS * 60 * 8 * n for n in range(18)]
    pl.DataFrame({"ts": hours, "rate": [0.0001] * len(hours)}).write_parquet(minutes / "paid.parquet")
    written = (minutes / "dataset.yaml").read_text("utf-8")
    paid = "funding: {file: paid.parquet, settled: {column: ts, unit: ms}, rate: rate}"
    funded = minutes / "funded.yaml"
    funded.write_text(
        re.sub(r"(\n  binance_usdm .*:\n(?:    .*\n)*?    )funding: none", rf"\1{paid}", written), "utf-8"
    )
    run = prepared(dataset_of(str(funded), Catalogue.installed()), ledger)
    assert StraightWay(run).walk(run.strategy.signal) is None


def test_a_bar_that_is_missing_puts_an_order_off_as_it_does_at_the_desk(minutes: Path, ledger: Ledger) -> None:
    """Each fifth minute's bar of the near leg is not there: signals are judged, and no order finds an open."""
    holes = minutes / "holes"
    holes.mkdir()
    for coin in ("BTC", "ETH", "XRP"):
        frame = pl.read_parquet(minutes / f"{coin}.parquet").with_row_index()
        frame.filter((pl.col("index") // 25 % 3 != 0) | (pl.col("index") % 5 != 0)).drop("index").write_parquet(
            holes / f"{coin}.parquet"
        )
    (holes / "dataset.yaml").write_text((minutes / "dataset.yaml").read_text("utf-8"), "utf-8")
    loose = ("min_present: 100%", "min_present: 50%")
    run = prepared(dataset_of(str(holes / "dataset.yaml"), Catalogue.installed()), ledger, loose)
    walked = StraightWay(run).walk(run.strategy.signal)
    carried = lots(run)
    assert walked is not None
    assert ended(walked) == [(pair, opened, closed, net) for pair, opened, closed, _, _, net in carried]
    assert carried
