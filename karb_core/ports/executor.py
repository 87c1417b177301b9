"""The executor port: places and follows orders at venues. A venue's error ends here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from karb_core.domain.amount import Amount
from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Fill, Order, Outcome


@dataclass(frozen=True, slots=True)
class Balance:
    """Of one asset at one venue: free to use, and locked in orders and margins. Unit: whole units of the asset."""

    free: Decimal
    locked: Decimal


@dataclass(frozen=True, slots=True)
class VenuePosition:
    """A perpetual position as the venue tells it: signed base, and the margin that is locked for it."""

    amount: Decimal
    margin: Decimal
    entry_price: Decimal
    liquidation_price: Decimal | None


@dataclass(frozen=True, slots=True)
class Income:
    """What a venue paid or took beside fills (funding). Booked once by (venue, id)."""

    id: str
    kind: str
    instrument: Instrument
    received: Amount
    venue_at_ns: int


class Executor(Protocol):
    """One venue's account, or several simulated ones.

    place: answers with what is known; never raises for what a venue did. find: what became of an order, by our id.
    fills_since, income_since: all from a venue time on (inclusive), oldest first; asking twice gives the same twice.
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
