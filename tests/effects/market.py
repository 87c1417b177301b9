"""Made-up markets in which every rule of the shelf has something to do: bars of both legs, funding, rates.

Nothing is drawn from a library: the same file makes the same market on every machine. Before `WARM` the premium only
sways, so that windows have something to measure against; after it, it leaves its place again and again, further and
further, to either side.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
#: A Monday, at midnight UTC.
START = 1_736_121_600_000
WON = 1386.0
Columns = Mapping[str, list[float]]


@dataclass(frozen=True, slots=True)
class Coin:
    name: str
    usdt: float
    seed: int


@dataclass(frozen=True, slots=True)
class Market:
    """`length`: of a bar; `days`: how long it lasts, of which `warm` are quiet; `every`: bars from one excursion of a
    pair to its next; `steady`: the part of the premium that is always there; `jumps`: whether orders are left behind, `rough`: nearly all of them;
    `fixed`: whether the dollar is fixed once a working day, and not told with every bar."""

    length: int
    days: int
    warm: int
    every: int
    steady: float
    jumps: bool = True
    rough: bool = False
    fixed: bool = False

    @property
    def rows(self) -> int:
        return self.days * DAY // self.length

    @property
    def first(self) -> int:
        """The first row after the quiet days."""
        return self.warm * DAY // self.length


COINS = (Coin("BTC", 95_000.0, 5), Coin("ETH", 3_300.0, 8), Coin("XRP", 2.2, 11))
#: How far the premium goes, excursion after excursion.
REACHES = (0.011, -0.012, 0.016, -0.018, 0.023, -0.024, 0.034, -0.031, 0.048, -0.042)
#: By rows within an excursion: out, there, and back beyond where it came from.
_OUT, _THERE, _BACK = 6, 5, 10


def write_market(folder: Path, market: Market) -> Path:
    """`market.yaml` and its files beside it."""
    for number, coin in enumerate(COINS):
        near, far = _bars(market, coin, number)
        _save(folder / f"near_{coin.name}.parquet", near)
        _save(folder / f"far_{coin.name}.parquet", far)
        _save(folder / f"dollar_{coin.name}.parquet", _scaled(near, 1 / 1400))
    settled = range(0, market.days * DAY, 8 * HOUR)
    paid = [(-1) ** (at // (4 * DAY)) * 0.0006 for at in settled]
    _save(folder / "funding.parquet", {"ts": [START + at for at in settled], "rate": paid})
    for name, points in _rates(market).items():
        _save(folder / f"{name}.parquet", {"ts": [at for at, _ in points], "rate": [value for _, value in points]})
    path = folder / "market.yaml"
    path.write_text(_dataset(market), "utf-8")
    return path


def _save(path: Path, columns: Columns) -> None:
    pl.DataFrame(dict(columns)).write_parquet(path)


def _scaled(columns: Columns, by: float) -> Columns:
    kept = ("ts", "volume")
    return {name: values if name in kept else [round(v * by, 4) for v in values] for name, values in columns.items()}


def _noise(seed: int) -> Iterator[float]:
    """Between -1 and 1. Source: the multiplier and increment of Numerical Recipes."""
    state = seed
    while True:
        state = (1664525 * state + 1013904223) % 2**32
        yield state / 2**31 - 1


def _bars(market: Market, coin: Coin, number: int) -> tuple[Columns, Columns]:
    noise = _noise(coin.seed)
    near: list[float] = []
    far: list[float] = []
    price, away = coin.usdt, 0.0
    for row in range(market.rows):
        price *= 1 + 0.0008 * next(noise)
        away = 0.7 * away + 0.003 * next(noise)
        premium = market.steady + 0.003 * math.sin(row / 40 + coin.seed) + away + _excursion(market, row, number)
        far.append(round(price, 4))
        near.append(float(f"{price * WON * (1 + premium):.6g}"))
    gone = range(market.first + 30 * (number + 1), market.first + 30 * (number + 1) + 3)
    return _without(_ohlc(market, near, market.jumps), gone), _ohlc(market, far, False)


def _excursion(market: Market, row: int, number: int) -> float:
    """A pair's first begins some rows after the one of the pair before it, so that they overlap in part."""
    into = row - market.first - 4 * number
    if into < 0:
        return 0.0
    at = into % market.every
    reach = REACHES[into // market.every % len(REACHES)]
    if at < _OUT:
        return reach * (at + 1) / _OUT
    if at < _OUT + _THERE:
        return reach
    left = at - _OUT - _THERE
    return reach * max(1 - 1.25 * (left + 1) / _BACK, -0.25) if left < _BACK else 0.0


def _without(columns: Columns, rows: range) -> Columns:
    return {name: [v for i, v in enumerate(values) if i not in rows] for name, values in columns.items()}


def _ohlc(market: Market, closes: list[float], jumps: bool) -> Columns:
    """Each bar opens where the last one closed, but where a jump leaves an order of this leg behind."""
    opens = [closes[0], *closes[:-1]]
    if jumps:
        opens = [float(f"{price * (1 + _jump(row, market.rough)):.6g}") for row, price in enumerate(opens)]
    both = list(zip(opens, closes, strict=True))
    return {
        "ts": [START + row * market.length for row in range(len(closes))],
        "open": opens,
        "high": [max(pair) for pair in both],
        "low": [min(pair) for pair in both],
        "close": closes,
        "volume": [1000.0] * len(closes),
    }


def _jump(row: int, rough: bool) -> float:
    """Outside the first order's band, the first rung's, the second's; to either side."""
    size = {1: 0.0035, 4: 0.0075, 8: 0.03}.get(row % 13, 0.03 if rough else 0.0)
    return size if row % 2 else -size


def _rates(market: Market) -> dict[str, list[tuple[int, float]]]:
    """When each became known, and what it was. The second of two sources of the dollar is dearer by a percent."""
    closes = [START + row * market.length for row in range(-1, market.rows + 1)]
    quiet = (at for at in closes if (at - START) // DAY % 7 < 5)
    told = [(at - 30_000, at) for at in quiet if (at - START) // HOUR % 17 != 9]
    dollar = [(known, WON + 3 * math.sin(at / DAY)) for known, at in told]
    days = [START + day * DAY + 15 * HOUR for day in range(-3, market.days) if day % 7 < 5 and day % 9 != 2]
    fixed = [(at, WON + 3 * (at // DAY % 4)) for at in days]
    token = [(at - 5_000, 1440.0 + 30 * math.sin(at / (9 * HOUR))) for at in closes]
    dollars = fixed if market.fixed else dollar
    return {"usdkrw": dollars, "other": [(at, value * 1.01) for at, value in dollars], "usdtkrw": token}


_SERIES = """\
  {instrument}:
    bars:
      file: {file}.parquet
      length: {length}m
      time: {{column: ts, unit: ms, is: open}}
      columns: {{open: open, high: high, low: low, close: close, volume: volume}}
    marks: none
    funding: {funding}
"""
_FUNDING = "{file: funding.parquet, settled: {column: ts, unit: ms}, rate: rate}"
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
    file: {file}.parquet
    known: {{column: ts, unit: ms, after: 0s}}
    value: rate
"""


def _dataset(market: Market) -> str:
    series, facts, length = "", "", market.length // MINUTE
    for coin in COINS:
        for quote, file in (("KRW", "near"), ("USDT", "dollar")):
            instrument, parquet = f"upbit {coin.name}/{quote}", f"{file}_{coin.name}"
            series += _SERIES.format(instrument=instrument, file=parquet, length=length, funding="none")
            facts += _SPOT.format(instrument=instrument, base=coin.name, quote=quote)
        instrument, parquet = f"binance_usdm {coin.name}/USDT", f"far_{coin.name}"
        series += _SERIES.format(instrument=instrument, file=parquet, length=length, funding=_FUNDING)
        facts += _PERPETUAL.format(instrument=instrument, base=coin.name, quote="USDT")
    rates = _RATE.format(
        name="usd-krw", base="USD", kind="reference", serves="[fx.dunamu, fx.frankfurter]", file="usdkrw"
    )
    rates += _RATE.format(name="other-krw", base="USD", kind="market", serves="[fx.yahoo]", file="other")
    rates += _RATE.format(name="usdt-krw", base="USDT", kind="tether", serves="[upbit.usdt_krw]", file="usdtkrw")
    head = "karb: 1\ndataset: effects\nabout: made up for a test\nfolder: .\n"
    return f"{head}series:\n{series}rates:\n{rates}facts:\n{facts}"
