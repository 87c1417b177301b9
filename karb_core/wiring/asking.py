"""The executors of a desk behind its door: each question goes out by its number, and its answer comes as an input."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Fill, Order, Outcome
from karb_core.domain.statement import Balance, Income, VenuePosition
from karb_core.ports import Executor
from karb_core.wiring.inputs import Question

Ask = Callable[[str, str, Any], Awaitable[Any]]


class Asking:
    """`Executor` of one venue."""

    def __init__(self, venue: str, ask: Ask) -> None:
        self._venue = venue
        self._ask = ask

    async def place(self, order: Approved[Order]) -> Outcome:
        outcome: Outcome = await self._ask(self._venue, "place", order)
        return outcome

    async def cancel(self, order: Order) -> None:
        await self._ask(self._venue, "cancel", order)

    async def find(self, order: Order) -> Outcome:
        outcome: Outcome = await self._ask(self._venue, "find", order)
        return outcome

    async def open_orders(self) -> Sequence[Order]:
        orders: Sequence[Order] = await self._ask(self._venue, "open_orders", None)
        return orders

    async def balances(self) -> Mapping[Account, Balance]:
        balances: Mapping[Account, Balance] = await self._ask(self._venue, "balances", None)
        return balances

    async def positions(self) -> Mapping[Instrument, VenuePosition]:
        positions: Mapping[Instrument, VenuePosition] = await self._ask(self._venue, "positions", None)
        return positions

    async def fills_since(self, venue_at_ns: int) -> Sequence[Fill]:
        fills: Sequence[Fill] = await self._ask(self._venue, "fills_since", venue_at_ns)
        return fills

    async def income_since(self, venue_at_ns: int) -> Sequence[Income]:
        incomes: Sequence[Income] = await self._ask(self._venue, "income_since", venue_at_ns)
        return incomes

    async def facts(self) -> Mapping[Instrument, InstrumentFacts]:
        # An answer here would be an input that nobody records: whoever asks has to hear of it.
        raise NotImplementedError("a desk is given its facts when it is furnished")


async def asked_of(executor: Executor, question: Question) -> object:
    """What a real executor, or a simulated one, answers. Errors: whatever it raises."""
    order, about = question.order, question.about
    match question.verb:
        case "place" if isinstance(about, Approved):
            return await executor.place(about)
        case "cancel" if order is not None:
            await executor.cancel(order)
            return None
        case "find" if order is not None:
            return await executor.find(order)
        case "open_orders":
            return tuple(await executor.open_orders())
        case "balances":
            return dict(await executor.balances())
        case "positions":
            return dict(await executor.positions())
        case "fills_since" if isinstance(about, int):
            return tuple(await executor.fills_since(about))
        case "income_since" if isinstance(about, int):
            return tuple(await executor.income_since(about))
    raise LookupError(f"nobody answers: {question.asked()}")
