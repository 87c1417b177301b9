"""What an account holds and what happened at it, market by market, as ccxt lists it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from karb_ccxt.exchange import Exchange
from karb_ccxt.order_words import Ids, order_id
from karb_ccxt.symbols import Market, listed, symbol_of
from karb_ccxt.told_number import nanoseconds, number
from karb_ccxt.told_orders import fill_of, income_of, position_of, resting
from karb_core.connection.failures import NoAnswer
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Fill, Order
from karb_core.domain.statement import Income, VenuePosition

_MS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_PAGE = 100  # karb: constant because it is what is asked for at once; many list fewer, so only no news is the end
_PAGES = (
    200  # karb: constant because it bounds a question that would not end, and an end that is not reached is an error
)


@dataclass(slots=True)
class Listing:
    """`asks`: awaits a call of ccxt's. `named`: our ids, by the exchange's; of others they are asked for once."""

    asks: Callable[[Any], Any]
    exchange: Exchange
    market: Market
    ids: Ids
    instruments: Sequence[Instrument]
    now_ns: Callable[[], int]
    named: dict[str, str] = field(default_factory=dict)

    async def contract(self, instrument: Instrument) -> Decimal:
        """How many base one contract stands for: 1 where amounts are in base."""
        await self.asks(self.exchange.load_markets())
        found = listed(self.exchange, instrument, self.market)
        if found is None:
            raise NoAnswer(f"{self.exchange.id} lists no {symbol_of(instrument, self.market)}")
        return number(found["contractSize"], "contractSize") if self.market == "swap" else Decimal(1)

    async def resting(self) -> list[Order]:
        found = []
        for instrument in self.instruments:
            contract = await self.contract(instrument)
            for told in await self.asks(self.exchange.fetch_open_orders(symbol_of(instrument, self.market))):
                order = resting(instrument, told, contract, self.ids)
                found += [] if order is None else [order]
        return found

    async def positions(self) -> dict[Instrument, VenuePosition]:
        of = {symbol_of(instrument, self.market): instrument for instrument in self.instruments}
        found = {}
        for told in await self.asks(self.exchange.fetch_positions(list(of))):
            instrument = of.get(str(told.get("symbol")))
            if instrument is not None:
                position = position_of(instrument, told, await self.contract(instrument))
                if position is not None:
                    found[instrument] = position
        return found

    async def fills(self, since_ns: int) -> list[Fill]:
        """From that millisecond on, oldest first."""
        found = []
        for instrument in self.instruments:
            contract, symbol = await self.contract(instrument), symbol_of(instrument, self.market)
            async for told in self._pages(self._trades, symbol, since_ns):
                ours = await self._our_id(str(told.get("order")), symbol)
                found.append(fill_of(instrument, told, ours, contract, self.now_ns()))
        return sorted(found, key=lambda fill: (fill.venue_at_ns, fill.venue_trade_id))

    async def incomes(self, since_ns: int) -> list[Income]:
        found: list[Income] = []
        for instrument in self.instruments:
            symbol = symbol_of(instrument, self.market)
            pages = self._pages(self._funding, symbol, since_ns)
            found += [income_of(instrument, told) async for told in pages]
        return sorted(found, key=lambda income: (income.venue_at_ns, income.id))

    async def _pages(self, ask: Callable[[str, int], Any], symbol: str, since_ns: int) -> AsyncIterator[dict[str, Any]]:
        """Each row once. Errors: `NoAnswer` where the end is not reached."""
        since_ms, seen = since_ns // _MS, set[tuple[str, str]]()
        for _ in range(_PAGES):
            rows = [
                row
                for row in await ask(symbol, since_ms)
                if nanoseconds(row.get("timestamp"), "a row") >= since_ns - since_ns % _MS
            ]
            new = [row for row in rows if (str(row.get("id")), str(row.get("timestamp"))) not in seen]
            for row in new:
                seen.add((str(row.get("id")), str(row.get("timestamp"))))
                yield row
            if not new and len(rows) >= _PAGE:
                raise NoAnswer(f"{self.exchange.id} lists more than {_PAGE} of one millisecond, or the same again")
            if not rows:
                return
            # a page may be full of one moment: what comes after it is asked for past that moment
            since_ms = max(int(row["timestamp"]) for row in rows) if new else since_ms + 1
        raise NoAnswer(f"{self.exchange.id} did not come to an end of what happened")

    async def _trades(self, symbol: str, since_ms: int) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = await self.asks(self.exchange.fetch_my_trades(symbol, since_ms, _PAGE))
        return rows

    async def _funding(self, symbol: str, since_ms: int) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = await self.asks(self.exchange.fetch_funding_history(symbol, since_ms, _PAGE))
        return rows

    async def _our_id(self, theirs: str, symbol: str) -> str:
        """The exchange's own where nobody gave the order one."""
        if theirs not in self.named:
            told = await self.asks(self.exchange.fetch_order(theirs, symbol))
            self.named[theirs] = order_id(str(told.get("clientOrderId") or theirs), self.ids)
        return self.named[theirs]
