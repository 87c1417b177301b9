"""What traded at the account, and what funding paid and took: so that nothing can be missed.

Binance lists at most seven days and a thousand rows at once: time is cut into spans of that length, and a span whose page
is full is halved until none is, so that a page that is not full is all of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from karb_binance.client import PAGE, Client
from karb_binance.order_words import booked_id, side_of
from karb_binance.symbols import symbol_of
from karb_binance.wire import SeenIncome, SeenTrade
from karb_core.connection.failures import NoAnswer
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Fill
from karb_core.domain.statement import Income

T = TypeVar("T")

_MS, _DAY_MS = 1_000_000, 86_400_000  # karb: constant because a millisecond has so many ns, and a day so many ms
_WINDOW_MS = 7 * _DAY_MS - 1  # karb: constant because Binance lists seven days at a time
_KEPT_MS = 89 * _DAY_MS  # karb: constant because Binance lists what is not older than three months
_KINDS = ("FUNDING_FEE", "SPECIAL_FUNDING_FEE")
_MOST = 10_000  # karb: constant because it bounds what is remembered, never what is told


@dataclass(slots=True)
class Listing:
    """Remembers which order a number of Binance's stands for, as trades do not tell our ids, and each fill as it was told
    first, so that asking twice gives the same twice.

    Edge: what is older than three months Binance tells no more, and neither is it told here.
    """

    client: Client
    instruments: Collection[Instrument]
    now_ns: Callable[[], int]
    _ids: dict[tuple[str, int], str] = field(default_factory=dict)
    _fills: dict[tuple[str, int], Fill] = field(default_factory=dict)

    async def fills(self, since_ns: int) -> list[Fill]:
        """Every fill from then on, oldest first. Errors: as the client's; `NoAnswer` where it cannot be proven that these
        are all; `Unreadable`."""
        found: dict[tuple[str, int], Fill] = {}
        for instrument in self.instruments:
            symbol = symbol_of(instrument)
            rows = await self._spans(since_ns, lambda a, b, of=symbol: self.client.trades(of, a, b))  # type: ignore[misc]
            for row in rows:
                found[row.symbol, row.id] = await self._fill(instrument, row)
        ours = (fill for fill in found.values() if fill.venue_at_ns >= since_ns)
        return sorted(ours, key=lambda fill: (fill.venue_at_ns, fill.venue_trade_id))

    async def incomes(self, since_ns: int) -> list[Income]:
        """As `fills`, of these instruments only."""
        of = {symbol_of(instrument): instrument for instrument in self.instruments}
        found: dict[str, Income] = {}
        for kind in _KINDS:
            for row in await self._spans(since_ns, lambda a, b, of=kind: self.client.incomes(of, a, b)):  # type: ignore[misc]
                if row.symbol in of and row.income:
                    income = _income(of[row.symbol], row)
                    found[income.id] = income
        ours = (income for income in found.values() if income.venue_at_ns >= since_ns)
        return sorted(ours, key=lambda income: (income.venue_at_ns, income.id))

    async def _fill(self, instrument: Instrument, row: SeenTrade) -> Fill:
        if row.symbol != symbol_of(instrument):
            raise Unreadable(f"asked about {instrument.text()}, binance told of {row.symbol}")
        order_id = await self._order_id(row)
        if (row.symbol, row.id) not in self._fills:
            _make_room(self._fills)
            self._fills[row.symbol, row.id] = self._read(instrument, row, order_id)
        return self._fills[row.symbol, row.id]

    def _read(self, instrument: Instrument, row: SeenTrade, order_id: str) -> Fill:
        try:
            return Fill(
                order_id=order_id,
                venue_trade_id=f"{row.symbol}-{row.id}",
                instrument=instrument,
                side=side_of(row.side),
                amount=instrument.amount(row.qty),
                price=instrument.price(row.price),
                fee=Amount(row.commission, row.commission_asset),
                venue_at_ns=row.time * _MS,
                received_at_ns=self.now_ns(),
            )
        except (ValueError, ArithmeticError) as e:
            raise Unreadable(f"trade {row.id}: {e}") from None

    async def _order_id(self, row: SeenTrade) -> str:
        key = row.symbol, row.order_id
        if key not in self._ids:
            seen = await self.client.order_by_number(*key)
            if (seen.symbol, seen.order_id) != key:
                raise Unreadable(f"asked about {key}, binance told of order {seen.order_id}")
            _make_room(self._ids)
            self._ids[key] = booked_id(seen)
        return self._ids[key]

    async def _spans(self, since_ns: int, ask: Callable[[int, int], Awaitable[Sequence[T]]]) -> list[T]:
        now_ns = self.now_ns()
        until_ms = -(-self.client.connection.offset.latest_ns(now_ns) // _MS)
        found: list[T] = []
        spans = [(max(since_ns // _MS, until_ms - _KEPT_MS), until_ms)]
        while spans:
            begin, end = spans.pop()
            if end - begin > _WINDOW_MS:
                spans += [(end - _WINDOW_MS, end), (begin, end - _WINDOW_MS - 1)]
                continue
            page = await ask(begin, end)
            if len(page) < PAGE:
                found += page
            elif begin >= end:
                raise NoAnswer("more rows in one millisecond than binance lists")
            else:
                middle = (begin + end) // 2
                spans += [(middle + 1, end), (begin, middle)]
        return found


def _make_room(remembered: dict[tuple[str, int], T]) -> None:
    """Lets go of what was learnt first; where it is asked for after all, it is learnt anew."""
    while len(remembered) >= _MOST:
        del remembered[next(iter(remembered))]


def _income(instrument: Instrument, row: SeenIncome) -> Income:
    """Binance's number is one of a kind among incomes of one kind; the market is in the id too, for it costs nothing."""
    try:
        received = Amount(row.income, row.asset)
    except (ValueError, ArithmeticError) as e:
        raise Unreadable(f"income {row.tran_id}: {e}") from None
    return Income(f"{row.income_type}-{row.symbol}-{row.tran_id}", "funding", instrument, received, row.time * _MS)
