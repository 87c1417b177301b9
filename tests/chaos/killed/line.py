"""The way from a process of its own to the venues that another process keeps."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any

from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Fill, Order, Outcome
from karb_core.domain.statement import Balance, Income, VenuePosition
from tests.chaos.boundaries import Boundaries
from tests.chaos.killed.wall_clock import WallClock

HANDED = "handed over"


class Line:
    """Fills the executor port for one venue. What was handed over arrives, whatever becomes of this process."""

    def __init__(self, connection: Connection, boundaries: Boundaries, clock: WallClock) -> None:
        self._connection, self._boundaries, self._clock = connection, boundaries, clock

    async def place(self, order: Approved[Order]) -> Outcome:
        return await self._ask("place", order.item, self._clock.now_ns(), passing=HANDED)

    async def cancel(self, order: Order) -> None:
        await self._ask("cancel", order)

    async def find(self, order: Order) -> Outcome:
        return await self._ask("find", order)

    async def open_orders(self) -> Sequence[Order]:
        return ()

    async def balances(self) -> Mapping[Account, Balance]:
        return await self._ask("balances")

    async def positions(self) -> Mapping[Instrument, VenuePosition]:
        return await self._ask("positions")

    async def fills_since(self, venue_at_ns: int) -> Sequence[Fill]:
        return await self._ask("fills_since", venue_at_ns)

    async def income_since(self, venue_at_ns: int) -> Sequence[Income]:
        return await self._ask("income_since", venue_at_ns)

    async def facts(self) -> Mapping[Instrument, InstrumentFacts]:
        return await self._ask("facts")

    async def _ask(self, *what: Any, passing: str | None = None) -> Any:
        """Others take their turn before the answer is read, so that the requests of one step are on their way together.

        The answer is then waited for in the loop's own thread: boundaries are passed in the same order every time.
        """
        self._connection.send(what)
        if passing is not None:
            self._boundaries.at(passing)
        await asyncio.sleep(0)
        return self._connection.recv()
