"""Instruments as ccxt names them: `BTC/USDT`, and of a perpetual `BTC/USDT:USDT`."""

from __future__ import annotations

from typing import Any, Literal

from karb_ccxt.exchange import Exchange
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument

Market = Literal["spot", "swap"]


def symbol_of(instrument: Instrument, market: Market) -> str:
    plain = f"{instrument.base}/{instrument.quote}"
    return plain if market == "spot" else f"{plain}:{instrument.quote}"


def listed(exchange: Exchange, instrument: Instrument, market: Market) -> dict[str, Any] | None:
    """What ccxt says of that market once they are loaded; None for one that is not there, or is of another kind."""
    found: dict[str, Any] | None = (exchange.markets or {}).get(symbol_of(instrument, market))
    if found is None or not found.get(market) or (market == "swap" and not found.get("linear")):
        return None
    return found


def instrument_of(venue: str, symbol: object) -> Instrument:
    """Errors: `Unreadable`."""
    base, slash, quote = str(symbol).partition(":")[0].partition("/")
    try:
        return Instrument(venue, base, quote if slash else "")
    except ValueError:
        raise Unreadable(f"{symbol!r} is not a market") from None
