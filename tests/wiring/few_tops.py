"""A short made-up market of tops, and a small strategy on a grid of them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import polars as pl

from karb_core.history.span import Span
from karb_core.ledger.ledger import open_ledger
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.wiring.backtest_parts import furnish
from tests.wiring.tiny import ROOT, Edit, Ran, edited, rulebook

START_MS = 1_735_689_600_000
SECOND = 1000
COINS = {"BTC": (95_000.0, 20_000.0, 10.0), "XRP": (2.25, 1.0, 0.001)}
RATE = 1450.0


def strategy_text(*edits: Edit) -> str:
    """What `bench/tops_work/strategy.yaml` states, of two pairs and a window of a minute."""
    lines = (ROOT / "bench" / "tops_work" / "strategy.yaml").read_text("utf-8").split("\n")
    plain = "\n".join(line.split("  #")[0].rstrip() for line in lines if not line.startswith("#"))
    plain = edited(
        plain,
        ("  ETH: {near: upbit ETH/KRW, far: binance_usdm ETH/USDT, share: 33%}\n", ""),
        ("    grid: {every: 1s, max_age: 2s} # judged at each full second, by the tops that stand then\n",
         "    grid: {every: 1s, max_age: 2s}\n"),
        ("window: 1h", "window: 1m"), ("min_present: 100%", "min_present: 90%"),
        ("entry: 2.5", "entry: 2.0"), ("exit_z: 0.1", "exit_z: none"), ("funding: ignored", "funding: counted"),
        ("unhedged_for: 1s", "unhedged_for: 20s"),
        ("    - halt\n", "    - retry: {band: 200bp, for: 5s}\n    - unwind: {band: 500bp, for: 10s}\n    - halt\n"),
    )  # fmt: skip
    return edited(plain, *edits)


def write_tops(folder: Path, seconds: int = 3600, seed: int = 1, every: str = "1s", gaps: float = 0.03) -> Path:
    """`tops.yaml` and its files: prices on coarse ticks, so that premiums and z come again to the digit; a part of the
    tops is missing, and one time in nine a top offers less than an order wants."""
    random = np.random.default_rng(seed)
    for coin, (first, near_tick, far_tick) in COINS.items():
        far = first * np.exp(np.cumsum(random.normal(0, 2e-5, seconds)))
        premium = 0.01 + 0.006 * np.round(np.sin(np.arange(seconds) / 97) + random.normal(0, 0.35, seconds), 1)
        near = far * RATE * (1 + premium)
        for leg, middle, tick, late_ms in (("near", near, near_tick, 1), ("far", far, far_tick, 300)):
            bid = np.round(np.floor(middle / tick) * tick, 6)
            amount = np.where(random.random(seconds) < 1 / 9, 500 / first, 1e6 / first)
            frame = pl.DataFrame(
                {
                    "ts": START_MS + np.arange(seconds) * SECOND + random.integers(0, late_ms, seconds),
                    "bid": bid,
                    "bid_amount": np.round(amount, 4),
                    "ask": np.round(bid + tick, 6),
                    "ask_amount": np.round(amount, 4),
                }
            )
            frame.filter(pl.Series(random.random(seconds) >= gaps)).write_parquet(folder / f"{coin}_{leg}.parquet")
        times = START_MS + np.arange(0, seconds, 600) * SECOND
        pl.DataFrame({"ts": times, "rate": [0.0005] * len(times)}).write_parquet(folder / f"{coin}_funding.parquet")
    pl.DataFrame({"ts": [START_MS - SECOND], "rate": [RATE]}).write_parquet(folder / "fx.parquet")
    path = folder / "tops.yaml"
    path.write_text(_dataset(every), "utf-8")
    return path


def ran(market: Path, ledger: Path, *edits: Edit, every_row: bool = False) -> Ran:
    opened = open_ledger(ledger)
    dataset = dataset_of(str(market), Catalogue.installed())
    made = furnish(rulebook(strategy_text(*edits)), dataset, opened, Span(), 1, every_row=every_row, quiet=True)
    asyncio.run(made.backtest.run())
    made.backtest.end("done", 2)
    return Ran(made, opened)


def _dataset(every: str) -> str:
    """The shipped one without its marks and without one of its coins."""
    lines = (ROOT / "bench" / "tops_work" / "dataset.yaml").read_text("utf-8").replace("every: 1s", f"every: {every}")
    kept, skips = [], False
    for line in lines.replace("folder: bench-data", "folder: .").split("\n"):
        if line.startswith("  ") and not line.startswith("   ") and line.endswith(":"):
            skips = "ETH/" in line
        elif not line.startswith(" "):
            skips = False
        if not skips:
            kept.append("    marks: none" if line.startswith("    marks: {") else line)
    return "\n".join(kept)
