"""What Binance's spot states in public of the markets that are asked for: unlike the futures, it heeds which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

import msgspec

from karb_binance.market_wire import MS
from karb_binance.spot.facts import Information, facts_of
from karb_binance.spot.product import SPOT
from karb_binance.symbols import symbol_of
from karb_core.connection.questions import Questions
from karb_core.connection.typed_body import Unreadable, read
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.statement import VenueSilent


async def facts(asks: Questions, wanted: Iterable[Instrument]) -> Mapping[Instrument, InstrumentFacts]:
    """Errors: VenueSilent, also for what cannot be read. Edge: one market that is not listed makes Binance refuse all."""
    by_symbol = {symbol_of(i): i for i in wanted}
    path = "/api/v3/exchangeInfo"
    target = f"{path}?{urlencode({'symbols': msgspec.json.encode(sorted(by_symbol)).decode()})}"
    try:
        told = read((await asks.ask(target)).body, Information)
        now_ns = told.server_time * MS
        return {by_symbol[one.symbol]: facts_of(by_symbol[one.symbol], one, now_ns) for one in told.symbols}
    except (Unreadable, KeyError) as e:
        raise VenueSilent(SPOT.venue, path, f"an answer that cannot be read: {e}") from e
