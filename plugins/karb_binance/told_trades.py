"""An account's trades as fills: each under the id of whoever made its order, which trades do not tell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol, TypeVar

from karb_binance.order_words import ToldOrder, booked_id, side_of
from karb_binance.symbols import symbol_of
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Fill

T = TypeVar("T")

_MS = 1_000_000  # karb: constant because a millisecond has 10^6 nanoseconds
_MOST = 10_000  # karb: constant because it bounds what is remembered, never what is told


class ToldTrade(Protocol):
    """One trade of the account. Unit: time in ms; commission above zero where it was paid."""

    @property
    def symbol(self) -> str: ...
    @property
    def id(self) -> int: ...
    @property
    def order_id(self) -> int: ...
    @property
    def side(self) -> str: ...
    @property
    def price(self) -> Decimal: ...
    @property
    def qty(self) -> Decimal: ...
    @property
    def commission(self) -> Decimal: ...
    @property
    def commission_asset(self) -> str: ...
    @property
    def time(self) -> int: ...


@dataclass(slots=True)
class ToldTrades:
    """`order`: by symbol and Binance's number. Remembers which order a number stands for, and each fill as it was told first,
    so that asking twice gives the same twice. Errors: those of `order`; `Unreadable`.
    """

    order: Callable[[str, int], Awaitable[ToldOrder]]
    now_ns: Callable[[], int]
    _ids: dict[tuple[str, int], str] = field(default_factory=dict)
    _fills: dict[tuple[str, int], Fill] = field(default_factory=dict)

    async def fills(self, rows: Iterable[tuple[Instrument, ToldTrade]], since_ns: int) -> list[Fill]:
        """Each trade once, from then on, oldest first."""
        found = {(row.symbol, row.id): await self._fill(instrument, row) for instrument, row in rows}
        ours = (fill for fill in found.values() if fill.venue_at_ns >= since_ns)
        return sorted(ours, key=lambda fill: (fill.venue_at_ns, fill.venue_trade_id))

    async def _fill(self, instrument: Instrument, row: ToldTrade) -> Fill:
        if row.symbol != symbol_of(instrument):
            raise Unreadable(f"asked about {instrument.text()}, binance told of {row.symbol}")
        order_id = await self._order_id(row)
        if (row.symbol, row.id) not in self._fills:
            _make_room(self._fills)
            self._fills[row.symbol, row.id] = self._read(instrument, row, order_id)
        return self._fills[row.symbol, row.id]

    def _read(self, instrument: Instrument, row: ToldTrade, order_id: str) -> Fill:
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

    async def _order_id(self, row: ToldTrade) -> str:
        key = row.symbol, row.order_id
        if key not in self._ids:
            seen = await self.order(*key)
            if (seen.symbol, seen.order_id) != key:
                raise Unreadable(f"asked about {key}, binance told of order {seen.order_id}")
            _make_room(self._ids)
            self._ids[key] = booked_id(seen)
        return self._ids[key]


def _make_room(remembered: dict[tuple[str, int], T]) -> None:
    """Lets go of what was learnt first; where it is asked for after all, it is learnt anew."""
    while len(remembered) >= _MOST:
        del remembered[next(iter(remembered))]
