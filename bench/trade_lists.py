"""Whether trades are those of the reference work's specification, row by row: karb's own, and those that a peer prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from math import floor, isclose
from pathlib import Path
from typing import Any

from tests.oracle.reference_work import Columns, Trade, trades

COINS = ("BTC", "ETH", "XRP")
_CAPITAL = 100_000_000
_SIZES = {"ultra": 0.40, "extreme": 0.20, "normal": 0.15}
#: How far a peer's price may be from the specification's, relative to it, and its units.
_PRICES, _UNITS = 1e-9, 0.5


def expected(data: Path, *, same_close: bool = False) -> dict[str, list[Trade]]:
    """By symbol. `same_close`: as engines that fill at the close that decides have them."""
    import polars as pl

    names = ("krw_open", "krw_close", "usdt_open", "usdt_close", "fx")
    out = {}
    for coin in COINS:
        frame = pl.read_parquet(data / f"{coin}.parquet")
        of = Columns(frame["ts"].to_numpy(), *(frame[name].to_numpy() for name in names))
        out[coin] = trades(of, same_close=same_close)
    return out


def told(result: Mapping[str, Any], coin: str) -> list[Trade]:
    """Of what `karb backtest` says in JSON."""
    return [
        Trade(
            *(int(datetime.fromisoformat(t[name]).timestamp()) * 1000 for name in ("entered_at", "exited_at")),
            t["side"],
            t["tier"],
            *(Decimal(t[name]) for name in ("premium_at_decision", "entry_premium", "exit_premium")),
        )
        for t in result["trades"]
        if t["pair"] == coin
    ]


def are_printed(out: str, wanted: Mapping[str, Sequence[Trade]]) -> bool:
    """Whether a peer's lines are these trades: symbol, times, direction, prices of S, units."""
    rows = [line.split() for line in out.splitlines() if line.partition(" ")[0] in COINS]
    mine = [(coin, trade) for coin in COINS for trade in wanted[coin]]
    return len(rows) == len(mine) and all(map(_is, rows, mine))


def _is(row: Sequence[str], mine: tuple[str, Trade]) -> bool:
    coin, trade = mine
    named, entered_at, exited_at, d, entered, left, units = row
    side = "long_premium" if int(d) > 0 else "short_premium"
    when = (named, int(entered_at), int(exited_at), side) == (coin, trade.entered_at, trade.exited_at, trade.side)
    prices = all(
        isclose(float(p), _price(q), rel_tol=_PRICES) for p, q in ((entered, trade.entered), (left, trade.left))
    )
    many = floor(_SIZES[trade.tier] * _CAPITAL / _price(trade.judged))
    return when and prices and abs(float(units) - many) <= _UNITS


def _price(premium: Decimal) -> float:
    return float(100 * (1 + premium))
