"""A made-up hourly market in CSV or Parquet files, a dataset file over it, and a strategy: a run in a tenth of a second.

It has what rules are about: twelve days with a weekend, both sides of the premium, a gap, funding, a second rate that
differs from the first, and opens that leave one leg alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tests.wiring.tiny import TIERED, Edit

HOUR = 3_600_000
#: A Monday.
START = 1_736_121_600_000
ROWS = 12 * 24
GAP = range(190, 196)
Columns = Mapping[str, list[float]]

HOURLY: tuple[Edit, ...] = (
    ("bar: 5m", "bar: 1h"),
    ("window: 1d", "window: 2d"),
)
#: One pair is enough for what is asked of data.
ONE_PAIR: tuple[Edit, ...] = (
    *HOURLY,
    ("  XRP: {near: upbit XRP/KRW, far: binance_usdm XRP/USDT, share: 25%}\n", ""),
    ("inventory:\n  upbit:\n    - 0.25 BTC\n    - 10,500 XRP\n", "inventory:\n  upbit:\n    - 0.25 BTC\n"),
)
TIERED_HOURLY: tuple[Edit, ...] = (*TIERED, *HOURLY)
_MONEY = "money: {use: fx.recorded, with: {series: usd-krw, max_age: 30h, when_closed: 110h}}"
#: Money is booked at another rate than the one that judges.
TWO_RATES: tuple[Edit, ...] = (*TIERED_HOURLY, (_MONEY, _MONEY.replace("usd-krw", "usdt-krw")))


@dataclass(frozen=True, slots=True)
class Coin:
    name: str
    usdt: float
    seed: int


COINS = (Coin("BTC", 95_000.0, 5), Coin("XRP", 2.2, 11))


def write_hourly(folder: Path, kind: str = "csv", *, gap: bool = True) -> Path:
    """`market.yaml` and its files beside it, in `data/`."""
    data = folder / "data"
    data.mkdir(exist_ok=True)
    for coin in COINS:
        near, far = _bars(coin)
        save(data / f"near_{coin.name}.{kind}", _without(near, GAP) if gap else near)
        save(data / f"far_{coin.name}.{kind}", far)
        save(data / f"dollar_{coin.name}.{kind}", _scaled(near, 1 / 1400))
    settled = range(0, ROWS, 8)
    paid = [(-1) ** (hour // 48) * 0.0006 for hour in settled]
    save(data / f"funding.{kind}", {"ts": [START + hour * HOUR for hour in settled], "rate": paid})
    fixed = [day for day in range(-3, 13) if day % 7 < 5]
    save(
        data / f"usdkrw.{kind}",
        {"ts": [START + (24 * day + 15) * HOUR for day in fixed], "fixing": [1380.0 + 3 * (day % 4) for day in fixed]},
    )
    hours = range(-1, ROWS)
    token = [1440.0 + 60 * math.sin(hour / 9) for hour in hours]
    save(data / f"usdtkrw.{kind}", {"ts": [START + hour * HOUR for hour in hours], "fixing": token})
    path = folder / "market.yaml"
    path.write_text(DATASET.replace(".KIND", f".{kind}"), "utf-8")
    return path


def save(path: Path, columns: Columns) -> None:
    table = pl.DataFrame(dict(columns))
    table.write_parquet(path) if path.suffix == ".parquet" else table.write_csv(path)


def _without(columns: Columns, rows: range) -> Columns:
    return {name: [v for i, v in enumerate(values) if i not in rows] for name, values in columns.items()}


def _scaled(columns: Columns, by: float) -> Columns:
    kept = ("ts", "volume")
    return {name: values if name in kept else [round(v * by, 4) for v in values] for name, values in columns.items()}


def _noise(seed: int) -> Iterator[float]:
    """Between -1 and 1. Source: the multiplier and increment of Numerical Recipes."""
    state = seed
    while True:
        state = (1664525 * state + 1013904223) % 2**32
        yield state / 2**31 - 1


def _bars(coin: Coin) -> tuple[Columns, Columns]:
    noise = _noise(coin.seed)
    near: list[float] = []
    far: list[float] = []
    price, away = coin.usdt, 0.0
    for row in range(ROWS):
        price *= 1 + 0.002 * next(noise)
        away = 0.8 * away + 0.004 * next(noise) + (0.015 * next(noise) if row % 17 == 0 else 0)
        premium = 0.018 * math.sin(row / 26 + coin.seed) + away
        far.append(round(price, 4))
        near.append(round(price * 1386 * (1 + premium)))
    return _ohlc(near, jumps=True), _ohlc(far, jumps=False)


def _ohlc(closes: list[float], *, jumps: bool) -> Columns:
    """Each bar opens where the last one closed, but where a jump leaves an order of this leg behind."""
    opens = [closes[0], *closes[:-1]]
    if jumps:
        opens = [round(price * (1 + _jump(row))) for row, price in enumerate(opens)]
    both = list(zip(opens, closes, strict=True))
    return {
        "ts": [START + row * HOUR for row in range(len(closes))],
        "open": opens,
        "high": [max(pair) for pair in both],
        "low": [min(pair) for pair in both],
        "close": closes,
        "volume": [1000.0] * len(closes),
    }


def _jump(row: int) -> float:
    """Outside the first order's band, the first rung's, the second's; to either side."""
    size = {1: 0.0035, 4: 0.0075, 8: 0.03}.get(row % 11, 0.0)
    return size if row % 2 else -size


_SERIES = """\
  {instrument}:
    bars:
      file: {file}.KIND
      length: 1h
      time: {{column: ts, unit: ms, is: open}}
      columns: {{open: open, high: high, low: low, close: close, volume: volume}}
    marks: none
    funding: {funding}
"""
_FUNDING = "{file: funding.KIND, settled: {column: ts, unit: ms}, rate: rate}"
_SPOT = """\
  {instrument}:
    spot:
      from: none
      amount_step: 0.00000001 {base}
      min_amount: none
      max_amount: none
      min_notional: none
      ticks: [{{from: 0 {quote}, tick: 0.0001 {quote}}}]
"""
_PERPETUAL = """\
  {instrument}:
    perpetual:
      from: none
      amount_step: 0.001 {base}
      min_amount: none
      max_amount: none
      min_notional: none
      ticks: [{{from: 0 {quote}, tick: 0.0001 {quote}}}]
      contract: 1 {base}
      margin: {quote}
      maintenance: [{{from: 0 {quote}, rate: 2.5%, deduct: 0 {quote}}}]
"""
_RATE = """\
  {name}:
    base: {base}
    quote: KRW
    kind: {kind}
    source: made-up
    serves: {serves}
    file: {file}.KIND
    known: {{column: ts, unit: ms, after: 0s}}
    value: fixing
"""


def _dataset() -> str:
    series, facts = "", ""
    for coin in COINS:
        for quote, file in (("KRW", "near"), ("USDT", "dollar")):
            instrument = f"upbit {coin.name}/{quote}"
            series += _SERIES.format(instrument=instrument, file=f"{file}_{coin.name}", funding="none")
            facts += _SPOT.format(instrument=instrument, base=coin.name, quote=quote)
        instrument = f"binance_usdm {coin.name}/USDT"
        series += _SERIES.format(instrument=instrument, file=f"far_{coin.name}", funding=_FUNDING)
        facts += _PERPETUAL.format(instrument=instrument, base=coin.name, quote="USDT")
    rates = _RATE.format(name="usd-krw", base="USD", kind="reference", serves="[fx.frankfurter]", file="usdkrw")
    rates += _RATE.format(name="usdt-krw", base="USDT", kind="tether", serves="[fx.dunamu]", file="usdtkrw")
    head = "karb: 1\ndataset: hourly\nabout: made up for a test\nfolder: data\n"
    return f"{head}series:\n{series}rates:\n{rates}facts:\n{facts}"


DATASET = _dataset()
