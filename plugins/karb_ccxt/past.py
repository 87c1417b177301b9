"""What an exchange tells of before: closed bars, page by page, and funding that was settled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from karb_ccxt.asked import asked
from karb_ccxt.exchange import Exchange
from karb_ccxt.exchange_params import ExchangeParams
from karb_ccxt.symbols import symbol_of
from karb_ccxt.told_number import nanoseconds, number
from karb_core.connection.bars_made import bar_of, in_order
from karb_core.connection.stated import stated
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, FundingRate, MarketEvent
from karb_core.ports import Wants

_MS, _SECOND = 1_000_000, 1_000_000_000  # karb: constant because a millisecond, a second have so many nanoseconds
_PAGE = 200  # karb: constant because every exchange gives so many candles at once
_COLUMNS = 6  # karb: constant because ccxt's candles have a time and five numbers


async def past(
    params: ExchangeParams, exchange: Exchange, wants: Wants, since_ns: int, until_ns: int
) -> list[MarketEvent]:
    """Oldest first. Errors: VenueSilent, also for what cannot be read; ValueError for bars of a length that the exchange has
    none of, or that no trades make."""
    timeframe = timeframe_of(exchange, wants)

    async def ask() -> list[MarketEvent]:
        found: list[MarketEvent] = []
        for instrument in wants.instruments:
            symbol = symbol_of(instrument, params.market)
            found += await bars(exchange, instrument, symbol, timeframe, wants.bars_ns, since_ns, until_ns)
            if params.market == "swap" and exchange.has.get("fetchFundingRateHistory"):
                found += await _settled(exchange, instrument, symbol, since_ns, until_ns)
        return sorted(found, key=lambda event: event.venue_at_ns)

    return await stated(params.venue, "past", ask)


def timeframe_of(exchange: Exchange, wants: Wants) -> str:
    """ccxt's name of bars of that length. Errors: ValueError."""
    if wants.of != "close":
        raise ValueError("ccxt.books has bars of last trades, and none of the middles of books")
    frames: dict[str, Any] = exchange.timeframes or {}
    for name in frames:
        if exchange.parse_timeframe(name) * _SECOND == wants.bars_ns:
            return name
    raise ValueError(f"{exchange.id} has no candles of {wants.bars_ns // _SECOND}s; it has {', '.join(frames)}")


async def bars(
    exchange: Exchange, instrument: Instrument, symbol: str, timeframe: str, bars_ns: int, since_ns: int, until_ns: int
) -> Sequence[Bar]:
    """Those that begin from `since_ns` and closed by `until_ns`. Edge: what nothing traded in may have none. Errors: as
    `asked`, `Unreadable`."""
    found: dict[int, Bar] = {}
    from_ns = since_ns
    while from_ns < until_ns:
        page = await asked(exchange.fetch_ohlcv(symbol, timeframe, -(-from_ns // _MS), _PAGE))
        new = [bar for row in page if (bar := _bar(instrument, row, bars_ns, until_ns)).start_ns >= from_ns]
        if not new:
            break
        found |= {bar.start_ns: bar for bar in new}
        from_ns = max(bar.start_ns for bar in new) + bars_ns
    return in_order([bar for bar in found.values() if bar.end_ns <= until_ns])


def _bar(instrument: Instrument, row: object, bars_ns: int, received_at_ns: int) -> Bar:
    if not isinstance(row, list) or len(row) < _COLUMNS:
        raise Unreadable(f"{instrument.text()}: a candle without its numbers")
    what = f"a candle of {instrument.text()}"
    opened, high, low, close, volume = (number(each, what) for each in row[1:_COLUMNS])
    told = opened, high, low, close, volume
    return bar_of(instrument, nanoseconds(row[0], what), bars_ns, told, received_at_ns)


async def _settled(
    exchange: Exchange, instrument: Instrument, symbol: str, since_ns: int, until_ns: int
) -> list[FundingRate]:
    found: dict[int, FundingRate] = {}
    from_ns = since_ns
    while True:
        page = await asked(exchange.fetch_funding_rate_history(symbol, -(-from_ns // _MS), _PAGE))
        rows = [(nanoseconds(row.get("timestamp"), "a settlement"), row.get("fundingRate")) for row in page]
        new = [(at_ns, rate) for at_ns, rate in rows if from_ns <= at_ns < until_ns]
        if not new:
            return list(found.values())
        for at_ns, rate in new:
            told = number(rate, "a settled rate")
            found[at_ns] = FundingRate(instrument, told, at_ns, True, None, at_ns, until_ns)
        from_ns = max(at_ns for at_ns, _ in new) + _MS
