"""A dataset file to edit, and the shipped one that is made up."""

from __future__ import annotations

from pathlib import Path

from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.dataset_check import CheckedDataset, check_dataset
from karb_core.rulebook.source import Source

HOUSE = Path(__file__).parents[2]
INSTALLED = Catalogue.installed()

MINE = """\
karb: 1
dataset: mine
about: my own recordings
folder: data
series:
  upbit BTC/KRW:
    bars:
      file: btc.csv
      length: 1h
      time: {column: opened, is: open}
      columns: {open: o, high: h, low: l, close: c, volume: none}
    marks: none
    funding: none
  binance_usdm BTC/USDT:
    bars:
      file: perp.parquet
      length: 1h
      time: {column: closed, unit: ms, is: close}
      columns: {open: open, high: high, low: low, close: close, volume: volume}
    marks:
      file: mark.parquet
      length: 1h
      time: {column: at, zone: Asia/Seoul, is: open}
      columns: {open: o, high: h, low: l, close: c, volume: none}
    funding: {file: funding.csv, settled: {column: ts, unit: s}, rate: rate}
rates:
  usd-krw:
    base: USD
    quote: KRW
    kind: reference
    source: ecb
    serves: [fx.frankfurter]
    file: usdkrw.csv
    known: {column: day, zone: UTC, after: 15h}
    value: fixing
facts:
  upbit BTC/KRW:
    spot:
      from: 2025-07-31
      amount_step: 0.00000001 BTC
      min_amount: none
      max_amount: none
      min_notional: 5,000 KRW
      ticks:
        - {from: 500_000 KRW, tick: 500 KRW}
        - {from: 1_000_000 KRW, tick: 1_000 KRW}
  binance_usdm BTC/USDT:
    perpetual:
      from: none
      amount_step: 0.001 BTC
      min_amount: 0.001 BTC
      max_amount: 1,000 BTC
      min_notional: 50 USDT
      ticks: [{from: 0 USDT, tick: 0.1 USDT}]
      contract: 1 BTC
      margin: USDT
      maintenance:
        - {from: 0 USDT, rate: 0.4%, deduct: 0 USDT}
        - {from: 50_000 USDT, rate: 50bp, deduct: 50 USDT}
"""
RATE = MINE[MINE.index("  usd-krw:") : MINE.index("facts:")]
SAMPLE = (HOUSE / "datasets" / "sample.yaml").read_text("utf-8")


def checked(text: str) -> CheckedDataset:
    return check_dataset(Source.of_text(text, "mine.yaml"), INSTALLED)


def edited(old: str, new: str, of: str = MINE) -> str:
    assert of.count(old) == 1, f"{old!r} stands {of.count(old)} times"
    return of.replace(old, new)
