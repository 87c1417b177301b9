"""An account at a local venue: its keys, its books, and the orders as their sender put them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum

from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Fill, Filled, Order
from karb_core.venue.book import VenueBook
from karb_core.venue.isolated import IsolatedPosition
from karb_core.venue.restoring import ended


class State(Enum):
    """open: may still trade. filled: all of it traded. ended: it is over, and not all of it traded."""

    OPEN = "open"
    FILLED = "filled"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Trade:
    """A fill, and whether the order had been resting. `number`: as the tape has it; `realised`: what of a position that
    closes was won or lost by it, in quote, 0 on a spot venue.
    """

    fill: Fill
    maker: bool
    number: int
    realised: Decimal


@dataclass(slots=True)
class Ticket:
    """One order as it was sent. `said`: what the sender wrote, by the venue's own field names, for the wire to say again.

    `client_id`: the sender's own, None where there was none. `number`: the venue's, rising over all its accounts.
    `why`: why it ended with something left, in the venue's word; empty while it is open.
    """

    number: int
    order: Order
    client_id: str | None
    said: Mapping[str, str | None]
    created_ns: int
    changed_ns: int
    outcome: Filled
    trades: list[Trade] = field(default_factory=list)
    why: str = ""

    @classmethod
    def unplaced(
        cls, order: Order, client_id: str | None, said: Mapping[str, str | None], at_ns: int, number: int = 0
    ) -> Ticket:
        """As an order stands before anything of it traded."""
        return cls(number, order, client_id, said, at_ns, at_ns, replace(ended(order, ()), final=False))

    @property
    def id(self) -> str:
        return self.order.id

    @property
    def state(self) -> State:
        if not self.outcome.final:
            return State.OPEN
        return State.FILLED if self._is_whole() else State.ENDED

    def _is_whole(self) -> bool:
        if self.order.cost is not None:
            return self.outcome.cost.value >= self.order.cost.value
        return self.outcome.filled.value >= self.order.amount.value


class Account:
    """Its secret is in no text that it gives of itself. `paid`: what a held asset cost on average; `positions`: what is
    open, folded from fills. Errors: ValueError for a secret that is empty.
    """

    def __init__(self, name: str, key: str, secret: str, book: VenueBook) -> None:
        if not secret:
            raise ValueError(f"{name} has no secret")
        self.name = name
        self.key = key
        self.secret = secret
        self.book = book
        self.paid: dict[str, Decimal] = {}
        self.positions: dict[Instrument, IsolatedPosition] = {}
        self._tickets: dict[str, Ticket] = {}
        self._by_client_id: dict[str, str | None] = {}

    def __repr__(self) -> str:
        return f"Account({self.name!r}, {self.key!r})"

    def burn(self, client_id: str) -> bool:
        """Takes an id for good, whatever becomes of its order; False where it was taken before."""
        if client_id in self._by_client_id:
            return False
        self._by_client_id[client_id] = None
        return True

    def keep(self, ticket: Ticket) -> None:
        self._tickets[ticket.id] = ticket
        if ticket.client_id is not None:
            self._by_client_id[ticket.client_id] = ticket.id

    def ticket(self, order_id: str) -> Ticket | None:
        return self._tickets.get(order_id)

    def by_number(self, number: int) -> Ticket | None:
        return next((ticket for ticket in self._tickets.values() if ticket.number == number), None)

    def by_client_id(self, client_id: str) -> Ticket | None:
        """The last order of this id."""
        order_id = self._by_client_id.get(client_id)
        return None if order_id is None else self._tickets.get(order_id)

    def tickets(self) -> Iterator[Ticket]:
        """The newest first."""
        return reversed(list(self._tickets.values()))
