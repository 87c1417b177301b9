"""What traded at the futures' account, and what funding paid and took: so that nothing can be missed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from karb_binance.client import PAGE, Client
from karb_binance.spans import whole
from karb_binance.symbols import symbol_of
from karb_binance.told_trades import ToldTrade, ToldTrades
from karb_binance.wire import SeenIncome
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


@dataclass(slots=True)
class Listing:
    """Edge: what is older than three months Binance tells no more, and neither is it told here.

    Errors: as the client's; `NoAnswer` where it cannot be proven that these are all; `Unreadable`.
    """

    client: Client
    instruments: Collection[Instrument]
    now_ns: Callable[[], int]
    _trades: ToldTrades = field(init=False)

    def __post_init__(self) -> None:
        self._trades = ToldTrades(self.client.order_by_number, self.now_ns)

    async def fills(self, since_ns: int) -> list[Fill]:
        """Every fill from then on, oldest first."""
        found: list[tuple[Instrument, ToldTrade]] = []
        for instrument in self.instruments:
            symbol = symbol_of(instrument)
            rows = await self._spans(since_ns, lambda a, b, of=symbol: self.client.trades(of, a, b))  # type: ignore[misc]
            found += [(instrument, row) for row in rows]
        return await self._trades.fills(found, since_ns)

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

    async def _spans(self, since_ns: int, ask: Callable[[int, int], Awaitable[Sequence[T]]]) -> list[T]:
        until_ms = -(-self.client.connection.offset.latest_ns(self.now_ns()) // _MS)
        return await whole(max(since_ns // _MS, until_ms - _KEPT_MS), until_ms, _WINDOW_MS, PAGE, ask)


def _income(instrument: Instrument, row: SeenIncome) -> Income:
    """Binance's number is one of a kind among incomes of one kind; the market is in the id too, for it costs nothing."""
    try:
        received = Amount(row.income, row.asset)
    except (ValueError, ArithmeticError) as e:
        raise Unreadable(f"income {row.tran_id}: {e}") from None
    return Income(f"{row.income_type}-{row.symbol}-{row.tran_id}", "funding", instrument, received, row.time * _MS)
