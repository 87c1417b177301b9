"""Orders as venues tell them that name a market quote first, and list orders but no trades: what an adapter's types have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument


class ToldTrade(Protocol):
    """One trade of an order. Unit: funds in quote. It carries no fee: that is told for the order."""

    @property
    def uuid(self) -> str: ...
    @property
    def price(self) -> Decimal: ...
    @property
    def volume(self) -> Decimal: ...
    @property
    def funds(self) -> Decimal: ...
    @property
    def created_at(self) -> datetime: ...


class ToldOrder(Protocol):
    """uuid: the venue's own name of it; identifier: its maker's, where one was given. Edge: what has no meaning for its
    type is None; `trades` where this answer tells none, and `paid_fee` and `executed_funds` where it does not tell them."""

    @property
    def uuid(self) -> str: ...
    @property
    def identifier(self) -> str | None: ...
    @property
    def market(self) -> str: ...
    @property
    def side(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def price(self) -> Decimal | None: ...
    @property
    def volume(self) -> Decimal | None: ...
    @property
    def time_in_force(self) -> str | None: ...
    @property
    def executed_volume(self) -> Decimal: ...
    @property
    def executed_funds(self) -> Decimal | None: ...
    @property
    def paid_fee(self) -> Decimal | None: ...
    @property
    def trades(self) -> Sequence[ToldTrade] | None: ...


def market_of(instrument: Instrument) -> str:
    """Shape: `KRW-BTC`, quote first."""
    return f"{instrument.quote}-{instrument.base}"


def instrument_of(venue: str, market: str) -> Instrument:
    """The other way. Errors: `Unreadable`."""
    quote, _, base = market.partition("-")
    try:
        return Instrument(venue, base, quote)
    except ValueError:
        raise Unreadable(f"{market!r} is not a market") from None
