"""The reference work on nautilus_trader, fed five-minute bars, filled at the close that decided: it has no next open.

    python bench/reference_work/peer_nautilus.py FOLDER [warm]

Prints as peer_vectorbt_trades.py does; `warm` changes nothing, as nothing is compiled. Needs `pip install nautilus_trader`.
"""

from __future__ import annotations

import sys
import time
from decimal import Decimal
from math import floor

import numpy as np
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.config import LoggingConfig, StrategyConfig
from nautilus_trader.model.currencies import BTC, ETH, USDT, XRP
from nautilus_trader.model.data import Bar, BarType
from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
from nautilus_trader.model.identifiers import InstrumentId, Symbol, TraderId, Venue
from nautilus_trader.model.instruments import CurrencyPair
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.trading.strategy import Strategy
from peer_columns import BAR, CAPITAL, FEES, MINUTE_MS, TIERS, bars_of, read

PLACES = 6
BASES = {"BTC": BTC, "ETH": ETH, "XRP": XRP}


class ReferenceWork(Strategy):
    """One symbol. rows: of each trade, when and at what it was entered and left."""

    def __init__(self, coin, instrument, bar_type, z) -> None:
        super().__init__(StrategyConfig(order_id_tag=coin))
        self.coin, self.instrument, self.bar_type, self.z = coin, instrument, bar_type, z
        self.at, self.units, self.d, self.target, self.entered, self.rows = -1, 0, 0, 0.0, None, []

    def on_start(self) -> None:
        self.subscribe_bars(self.bar_type)

    def on_bar(self, bar) -> None:
        self.at += 1
        price = bar.close.as_double()
        if self.entered is None:
            z = self.z[self.at]
            reached = next((tier for tier in TIERS if abs(z) >= tier[0]), None)
            if reached is not None:
                self.d, self.target = (-1 if z > 0 else 1), reached[2]
                self.units = floor(reached[1] * CAPITAL / price)
                self._trade(self.d)
            return
        _, paid = self.entered
        if self.d * (price - paid) / paid - FEES - FEES * price / paid >= self.target:
            self._trade(-self.d)

    def on_order_filled(self, event) -> None:
        at_ms, price = event.ts_event // 1_000_000, event.last_px.as_double()
        if self.entered is None:
            self.entered = at_ms, price
            return
        since_ms, paid = self.entered
        self.rows.append((self.coin, since_ms, at_ms, self.d, paid, price, self.units))
        self.entered = None

    def _trade(self, d) -> None:
        side = OrderSide.BUY if d > 0 else OrderSide.SELL
        self.submit_order(self.order_factory.market(self.instrument.id, side, self.instrument.make_qty(self.units)))


def pair(coin, venue):
    step, fee = Price(Decimal(1).scaleb(-PLACES), PLACES), Decimal(str(FEES))
    return CurrencyPair(
        instrument_id=InstrumentId(Symbol(coin), venue), raw_symbol=Symbol(coin), base_currency=BASES[coin],
        quote_currency=USDT, price_precision=PLACES, size_precision=0, price_increment=step,
        size_increment=Quantity(1, 0), ts_event=0, ts_init=0, margin_init=Decimal(0), margin_maint=Decimal(0),
        maker_fee=fee, taker_fee=fee,
    )  # fmt: skip


def trades(frames):
    venue = Venue("SPREAD")
    engine = BacktestEngine(
        BacktestEngineConfig(trader_id=TraderId("BENCH-1"), logging=LoggingConfig(bypass_logging=True))
    )
    engine.add_venue(venue, OmsType.NETTING, AccountType.MARGIN, [Money(10**12, USDT)], base_currency=USDT)
    desks = []
    for coin, frame in frames.items():
        bars, instrument = bars_of(frame), pair(coin, venue)
        kind = BarType.from_str(f"{instrument.id}-{BAR}-MINUTE-LAST-EXTERNAL")
        engine.add_instrument(instrument)
        deep = Quantity(10**9, 0)
        ends = ((bars.at + BAR * MINUTE_MS) * 1_000_000).tolist()
        high, low = np.maximum(bars.opens, bars.closes), np.minimum(bars.opens, bars.closes)
        prices = zip(bars.opens.tolist(), high.tolist(), low.tolist(), bars.closes.tolist(), strict=True)
        engine.add_data(
            [
                Bar(kind, *(Price(each, PLACES) for each in four), deep, at, at)
                for four, at in zip(prices, ends, strict=True)
            ]
        )
        desks.append(ReferenceWork(coin, instrument, kind, bars.z))
    for desk in desks:
        engine.add_strategy(desk)
    engine.run()
    last = int(bars.at[-1]) + BAR * MINUTE_MS  # what was decided at the last close is dropped
    found = [row for desk in desks for row in desk.rows if row[2] < last]
    engine.dispose()
    return found


def main() -> None:
    frames = read(sys.argv[1])
    began = time.perf_counter()
    found = trades(frames)
    spent = time.perf_counter() - began
    for row in found:
        print(*row)
    print("t_bt", spent)


if __name__ == "__main__":
    main()
