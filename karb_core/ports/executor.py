"""The executor port: places and follows orders at venues. A venue's error ends here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Fill, Order, Outcome
from karb_core.domain.statement import Balance, Income, VenuePosition


class Executor(Protocol):
    """One venue's account, or several simulated ones.

    place: answers with what is known; never raises for what a venue did. Rejected only where it is proven that nothing
    of the order can trade: the venue refused it, or nothing was ever sent (`unreachable`). No answer is Unknown.
    cancel: asks; returns whether or not it arrived, `find` says what became of it.
    find: what became of an order, by our id. Where the venue knows none: Unknown while a request may still arrive,
    Rejected (`order_not_found`) once the venue would refuse it whenever it came. Where the question itself got no
    answer: Unknown, with what was told of the order before.
    fills_since, income_since: all from a venue time on (inclusive), oldest first; asking twice gives the same twice.
    All other questions, and these two, raise `VenueSilent` where no answer came.
    """

    async def place(self, order: Approved[Order]) -> Outcome: ...
    async def cancel(self, order: Order) -> None: ...
    async def find(self, order: Order) -> Outcome: ...
    async def open_orders(self) -> Sequence[Order]: ...
    async def balances(self) -> Mapping[Account, Balance]: ...
    async def positions(self) -> Mapping[Instrument, VenuePosition]: ...
    async def fills_since(self, venue_at_ns: int) -> Sequence[Fill]: ...
    async def income_since(self, venue_at_ns: int) -> Sequence[Income]: ...
    async def facts(self) -> Mapping[Instrument, InstrumentFacts]: ...
