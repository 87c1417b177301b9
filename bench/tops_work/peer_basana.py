"""The tops of `make_tops.py` through basana: each top an event of its own, the same rule on the same premium.

    python bench/tops_work/peer_basana.py FOLDER SECONDS

Prints the tops that were carried out, the seconds of the run alone, and the trades. basana's exchange knows bars only, so
a top is a bar of one second at its middle, and orders fill at the next; what it was shown, not its sides, is what it fills
at. Needs `pip install basana polars numpy`.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
import time
from decimal import Decimal
from pathlib import Path

import basana as bs
from basana.backtesting import exchange as backtesting
from basana.backtesting import lending, liquidity
from basana.backtesting.lending import margin
from premium_rule import COINS, SIZES, Rule, columns

SECOND = dt.timedelta(seconds=1)


class Tops(bs.EventSource):
    """One leg's tops, each made when it is asked for."""

    def __init__(self, pair: bs.Pair, folder: Path, name: str, seconds: int) -> None:
        super().__init__()
        self._pair = pair
        times, bid, ask = columns(folder, name, seconds)
        self._rows = zip(times.tolist(), ((bid + ask) / 2).tolist(), strict=True)

    def pop(self) -> bs.Event | None:
        row = next(self._rows, None)
        if row is None:
            return None
        when, price = dt.datetime.fromtimestamp(row[0] / 1000, dt.UTC), Decimal(repr(row[1]))
        return bs.BarEvent(when, bs.Bar(when, self._pair, price, price, price, price, Decimal(1), SECOND))


class Desk:
    """The near top is told last in each second, and is judged with the far one that stands."""

    def __init__(self, exchange: backtesting.Exchange, coin: str, near: bs.Pair, far: bs.Pair) -> None:
        self._exchange, self._near, self._far = exchange, near, far
        self._rule, self._far_price, self._size = Rule(), 0.0, Decimal(SIZES[coin])
        self.trades = 0

    async def on_far(self, event: bs.BarEvent) -> None:
        self._far_price = float(event.bar.close)

    async def on_near(self, event: bs.BarEvent) -> None:
        side = self._rule.step(float(event.bar.close), self._far_price) if self._far_price else 0
        if side:
            near, far = (bs.OrderOperation.BUY, bs.OrderOperation.SELL)[::side]
            for pair, operation in ((self._near, near), (self._far, far)):
                await self._exchange.create_market_order(operation, pair, self._size, auto_borrow=True)
            self.trades += 1


async def main() -> None:
    folder, seconds = Path(sys.argv[1]), int(sys.argv[2])
    dispatcher = bs.backtesting_dispatcher()
    conditions = margin.MarginLoanConditions("USDT", Decimal(0), dt.timedelta(days=365), Decimal(0))
    exchange = backtesting.Exchange(
        dispatcher,
        {"KRW": Decimal(10**12), "USDT": Decimal(10**9), **{coin: Decimal(10**9) for coin in COINS}},
        liquidity_strategy_factory=liquidity.InfiniteLiquidity,
        lending_strategy=lending.MarginLoans("USDT", Decimal("0.1"), conditions),
        default_pair_info=bs.PairInfo(8, 8),
    )
    desks = []
    for coin in COINS:
        near, far = bs.Pair(coin, "KRW"), bs.Pair(coin, "USDT")
        desk = Desk(exchange, coin, near, far)
        for pair, leg, hears in ((far, "far", desk.on_far), (near, "near", desk.on_near)):
            exchange.add_bar_source(Tops(pair, folder, f"{coin}_{leg}", seconds))
            exchange.subscribe_to_bar_events(pair, hears)
        desks.append(desk)
    began = time.perf_counter()
    await dispatcher.run()
    print(2 * len(COINS) * seconds, time.perf_counter() - began, sum(desk.trades for desk in desks) // 2)


if __name__ == "__main__":
    asyncio.run(main())
