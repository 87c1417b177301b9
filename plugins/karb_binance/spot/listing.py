"""What traded at spot's account: so that nothing can be missed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial

from karb_binance.spans import whole
from karb_binance.spot.client import PAGE, SpotClient
from karb_binance.spot.wire import SeenSpotTrade
from karb_binance.symbols import symbol_of
from karb_binance.told_trades import ToldTrade, ToldTrades
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Fill

_MS, _DAY_MS = 1_000_000, 86_400_000  # karb: constant because a millisecond has so many ns, and a day so many ms
_WINDOW_MS = _DAY_MS - 1  # karb: constant because Binance lists trades of a day at a time
_BY_DAYS_MS = 7 * _DAY_MS  # karb: constant because further back pages by number are fewer than days are


@dataclass(slots=True)
class SpotListing:
    """Trades of the last days are asked for by time, a day at a time; those of a longer time by their numbers, from the first
    that the account ever made: Binance keeps them all.

    Errors: as the client's; `NoAnswer` where it cannot be proven that these are all; `Unreadable`.
    """

    client: SpotClient
    instruments: Collection[Instrument]
    now_ns: Callable[[], int]
    _trades: ToldTrades = field(init=False)

    def __post_init__(self) -> None:
        self._trades = ToldTrades(self.client.order_by_number, self.now_ns)

    async def fills(self, since_ns: int) -> list[Fill]:
        """Every fill from then on, oldest first."""
        until_ms = -(-self.client.connection.offset.latest_ns(self.now_ns()) // _MS)
        from_ms = since_ns // _MS
        found: list[tuple[Instrument, ToldTrade]] = []
        for instrument in self.instruments:
            symbol = symbol_of(instrument)
            if until_ms - from_ms > _BY_DAYS_MS:
                rows = await self._by_number(symbol, from_ms)
            else:
                rows = await whole(from_ms, until_ms, _WINDOW_MS, PAGE, partial(self.client.trades_between, symbol))
            found += [(instrument, row) for row in rows]
        return await self._trades.fills(found, since_ns)

    async def _by_number(self, symbol: str, from_ms: int) -> list[SeenSpotTrade]:
        found: list[SeenSpotTrade] = []
        number = 0
        while True:
            page = await self.client.trades_from(symbol, number)
            numbers = [row.id for row in page]
            if numbers != sorted(set(numbers)) or (numbers and numbers[0] < number):
                raise Unreadable(f"{symbol}: trades that are not in order")
            found += [row for row in page if row.time >= from_ms]
            if len(page) < PAGE:
                return found
            number = numbers[-1] + 1
