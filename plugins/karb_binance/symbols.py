"""Which market of Binance's is which instrument: `BTCUSDT` cannot be told apart into base and quote by itself."""

from __future__ import annotations

from karb_core.domain.instrument import Instrument

VENUE = "binance_usdm"


def symbol_of(instrument: Instrument) -> str:
    """Shape: `BTCUSDT`."""
    return f"{instrument.base}{instrument.quote}"
