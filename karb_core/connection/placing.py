"""An order on its way to a venue: refused here, or sent once; and what came of it, whatever answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Generic, TypeVar

from karb_core.connection.failures import NoAnswer, NothingSent, Unanswered, VenueRejected
from karb_core.connection.fates import Fates
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.approved import Approved
from karb_core.domain.instrument import InstrumentFacts
from karb_core.domain.orders import Order, Outcome, Rejected
from karb_core.domain.statement import VenueSilent
from karb_core.venue.refusals import Refusal

W = TypeVar("W")


class Unfit(Exception):
    """The order does not keep to what its venue asks of orders here: it is not sent."""

    def __init__(self, broken: str, order: Order) -> None:
        super().__init__(f"{order.amount.text()} at {order.limit or order.cost} breaks {broken}")
        self.code = Refusal.UNFIT + broken


@dataclass(frozen=True, slots=True)
class Placing(Generic[W]):
    """facts: of its instrument; LookupError for one that is none of the account's, `VenueSilent`. words: the order as the
    venue writes it; `Unfit`. send: once, and what the answer says became of it, None where it says nothing of that; errors
    as the connection's, `VenueRejected`, `Unreadable`. says_nothing: codes of a no that is no proof: a copy of the request
    may have come before the one that it answers. asks: the order as the venue tells it now. unknown_to_it: codes of its
    not knowing an order. may_arrive: whether the request of an order may still arrive, as of when the venue was asked
    about it. now_ns: our clock.
    """

    fates: Fates
    facts: Callable[[Order], Awaitable[InstrumentFacts]]
    words: Callable[[Order, InstrumentFacts], W]
    send: Callable[[Approved[Order], W], Awaitable[Outcome | None]]
    says_nothing: Collection[str]
    asks: Callable[[Order], Awaitable[Outcome | None]]
    unknown_to_it: Collection[str]
    may_arrive: Callable[[Order, int], bool]
    now_ns: Callable[[], int]

    async def place(self, approved: Approved[Order]) -> Outcome | None:
        """None: it was taken, and the answer does not say what became of it.

        Edge: an order that breaks a fact is refused here and never sent; one whose id was used is asked about.
        """
        order = approved.item
        try:
            written = self.words(order, await self.facts(order))
        except Unfit as e:
            return Rejected(order, e.code, str(e))
        except LookupError:
            return Refusal.UNKNOWN_INSTRUMENT.of(order, f"{order.instrument.text()} is none of this account's")
        except VenueSilent as e:
            return Refusal.UNREACHABLE.of(order, f"its facts are not known: {e.why}")
        if self.fates.was_sent(order.id):
            return self.fates.unknown(order, f"{order.id} was sent before")
        return await self._sent(approved, written)

    async def find(self, order: Order) -> Outcome:
        asked_ns = self.now_ns()
        try:
            return self.fates.remembered(order, await self.asks(order))
        except VenueRejected as no:
            if no.code in self.unknown_to_it:
                return self.fates.not_found(order, no.message, may_arrive=self.may_arrive(order, asked_ns))
            return self.fates.unknown(order, str(no))
        except (Unanswered, Unreadable) as e:
            return self.fates.unknown(order, str(e))

    async def _sent(self, approved: Approved[Order], written: W) -> Outcome | None:
        order = approved.item
        self.fates.sending(order.id)
        try:
            outcome = await self.send(approved, written)
        except NothingSent as e:
            return Refusal.UNREACHABLE.of(order, e.why)
        except VenueRejected as no:
            if no.code in self.says_nothing:
                return self.fates.unknown(order, str(no))
            return Rejected(order, no.code, no.message)
        except (NoAnswer, Unreadable) as e:
            return self.fates.unknown(order, str(e))
        finally:
            self.fates.gave_up(order.id)
        return None if outcome is None else self.fates.remembered(order, outcome)
