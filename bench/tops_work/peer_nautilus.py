"""The tops of `make_tops.py` through nautilus_trader: quote ticks of two venues, the same rule on the same premium.

    python bench/tops_work/peer_nautilus.py FOLDER SECONDS

Prints the tops that were carried out, the seconds of the run alone (making the ticks is counted apart, and not here), and the
trades. Orders fill at the side of the top that stands. Needs `pip install nautilus_trader polars numpy`.
"""

from __future__ import annotations

import sys
import time
from decimal import Decimal
from pathlib import Path

from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.config import LoggingConfig, StrategyConfig
from nautilus_trader.model.currencies import BTC, ETH, USDT, XRP
from nautilus_trader.model.data import QuoteTick
from nautilus_trader.model.enums import AccountType, CurrencyType, OmsType, OrderSide, TimeInForce
from nautilus_trader.model.identifiers import InstrumentId, Symbol, TraderId, Venue
from nautilus_trader.model.instruments import CurrencyPair
from nautilus_trader.model.objects import Currency, Money, Price, Quantity
from nautilus_trader.trading.strategy import Strategy
from premium_rule import COINS, SIZES, Rule, columns

KRW = Currency("KRW", 8, 410, "KRW", CurrencyType.FIAT)
BASES = {"BTC": BTC, "ETH": ETH, "XRP": XRP}
NEAR, FAR = Venue("UPBIT"), Venue("BINANCE")
DIGITS = 4


class Desk(Strategy):
    """One pair: the near top is told last in each second, and is judged with the far one that stands."""

    def __init__(self, coin: str, near: CurrencyPair, far: CurrencyPair) -> None:
        super().__init__(StrategyConfig(order_id_tag=coin))
        self.near, self.far, self.size = near, far, Decimal(SIZES[coin])
        self.rule, self.far_price, self.trades = Rule(), 0.0, 0

    def on_start(self) -> None:
        self.subscribe_quote_ticks(self.near.id)
        self.subscribe_quote_ticks(self.far.id)

    def on_quote_tick(self, tick: QuoteTick) -> None:
        middle = (tick.bid_price.as_double() + tick.ask_price.as_double()) / 2
        if tick.instrument_id == self.far.id:
            self.far_price = middle
            return
        side = self.rule.step(middle, self.far_price) if self.far_price else 0
        if side:
            self.trades += 1
            sides = (OrderSide.BUY, OrderSide.SELL)[::side]
            for instrument, order_side in zip((self.near, self.far), sides, strict=True):
                self.submit_order(
                    self.order_factory.market(
                        instrument.id, order_side, instrument.make_qty(self.size), time_in_force=TimeInForce.IOC
                    )
                )


def pair(coin: str, quote: Currency, venue: Venue) -> CurrencyPair:
    step, tick = Decimal(1).scaleb(-8), Decimal(1).scaleb(-DIGITS)
    return CurrencyPair(
        instrument_id=InstrumentId(Symbol(coin + quote.code), venue), raw_symbol=Symbol(coin + quote.code),
        base_currency=BASES[coin], quote_currency=quote, price_precision=DIGITS, size_precision=8,
        price_increment=Price(tick, DIGITS), size_increment=Quantity(step, 8), ts_event=0, ts_init=0,
        margin_init=Decimal(0), margin_maint=Decimal(0), maker_fee=Decimal("0.0005"), taker_fee=Decimal("0.0005"),
    )  # fmt: skip


def main() -> None:
    folder, seconds = Path(sys.argv[1]), int(sys.argv[2])
    engine = BacktestEngine(
        BacktestEngineConfig(trader_id=TraderId("BENCH-1"), logging=LoggingConfig(bypass_logging=True))
    )
    for venue, money in ((NEAR, Money(10**9, KRW)), (FAR, Money(10**8, USDT))):
        engine.add_venue(venue, OmsType.NETTING, AccountType.MARGIN, [money], base_currency=money.currency)
    desks = []
    for coin in COINS:
        legs = pair(coin, KRW, NEAR), pair(coin, USDT, FAR)
        for instrument, leg in zip(legs, ("near", "far"), strict=True):
            engine.add_instrument(instrument)
            times, bid, ask = columns(folder, f"{coin}_{leg}", seconds)
            full = Quantity(1000, 8)
            rows = zip((times * 1_000_000).tolist(), bid.tolist(), ask.tolist(), strict=True)
            engine.add_data(  # sorted by time, each time anew
                [QuoteTick(instrument.id, Price(b, DIGITS), Price(a, DIGITS), full, full, at, at) for at, b, a in rows]
            )
        desks.append(Desk(coin, *legs))
    for desk in desks:
        engine.add_strategy(desk)
    began = time.perf_counter()
    engine.run()
    print(2 * len(COINS) * seconds, time.perf_counter() - began, sum(desk.trades for desk in desks) // 2)
    engine.dispose()


if __name__ == "__main__":
    main()
