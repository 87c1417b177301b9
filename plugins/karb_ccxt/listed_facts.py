"""Asks an exchange for what it asks of orders in some of its markets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from karb_ccxt.exchange import Exchange
from karb_ccxt.facts import facts_of
from karb_ccxt.symbols import Market, listed, symbol_of
from karb_core.domain.instrument import Instrument, InstrumentFacts


async def listed_facts(
    asks: Callable[[Any], Any], exchange: Exchange, market: Market, wanted: Iterable[Instrument], now_ns: int, *,
    of_account: bool,
) -> dict[Instrument, InstrumentFacts]:  # fmt: skip
    """Of those that are listed and traded. Fees and margins are told to an account only. Errors: as `asked`, `Unreadable`."""
    await asks(exchange.load_markets(True))
    found = {}
    for instrument in wanted:
        told = listed(exchange, instrument, market)
        if told is None or told.get("active") is False:
            continue
        symbol = symbol_of(instrument, market)
        fees, tiers = None, []
        if of_account and exchange.has.get("fetchTradingFee"):
            fee = await asks(exchange.fetch_trading_fee(symbol))
            fees = fee.get("taker"), fee.get("maker")
        if of_account and market == "swap" and exchange.has.get("fetchMarketLeverageTiers"):
            tiers = await asks(exchange.fetch_market_leverage_tiers(symbol))
        found[instrument] = facts_of(exchange, instrument, told, fees, tiers, now_ns)
    return found
