"""What is known of orders while nobody answers, and what a venue's not knowing one comes to."""

from __future__ import annotations

from dataclasses import dataclass, field

from karb_core.domain.amount import Amount
from karb_core.domain.orders import Filled, Order, Outcome, Unknown
from karb_core.venue.refusals import Refusal

_REMEMBERED = 1000  # karb: constant because it bounds what is remembered of what is over
#: Far more orders than a venue takes while a request can be on its way: none of them is forgotten too early.
_TIMES_KEPT = 10_000  # karb: constant because it bounds memory


@dataclass(slots=True)
class Fates:
    """Of the orders of one account, since it was opened. From when on one that the venue does not know is dead, its
    adapter says: it notes a time for each order (when its request was given up, what was stamped on it) and asks for it."""

    venue: str
    _on_the_way: set[str] = field(default_factory=set)
    _noted_ns: dict[str, int] = field(default_factory=dict)
    _told: dict[str, Filled | Unknown] = field(default_factory=dict)

    def was_sent(self, order_id: str) -> bool:
        return order_id in self._on_the_way or order_id in self._noted_ns or order_id in self._told

    def sending(self, order_id: str) -> None:
        self._on_the_way.add(order_id)

    def gave_up(self, order_id: str) -> None:
        """Its request was answered, or nobody waits for it any more, and its connection is closed."""
        self._on_the_way.discard(order_id)

    def note(self, order_id: str, at_ns: int) -> None:
        """The time from which it is counted until its request can arrive no more."""
        self._noted_ns[order_id] = at_ns
        while len(self._noted_ns) > _TIMES_KEPT:
            del self._noted_ns[next(iter(self._noted_ns))]

    def noted_ns(self, order_id: str) -> int | None:
        """None for one that this process did not send: it was sent before the account was opened."""
        return self._noted_ns.get(order_id)

    def remembered(self, order: Order, outcome: Outcome | None) -> Outcome:
        """None: it traded, and for how much is not told yet."""
        if outcome is None:
            return self.unknown(order, f"it traded, and {self.venue} has not told yet for how much")
        if isinstance(outcome, Filled | Unknown):
            self._told[order.id] = outcome
            self._forget()
        return outcome

    def unknown(self, order: Order, why: str) -> Unknown:
        """With what was told of it before."""
        told = self._told.get(order.id)
        if told is None:
            return Unknown(order, why, Amount.zero(order.instrument.base), Amount.zero(order.instrument.quote))
        return Unknown(order, why, told.filled, told.cost)

    def not_found(self, order: Order, message: str, *, may_arrive: bool) -> Outcome:
        """The venue knows no such order: that is proof once its request can arrive no more, and not before.

        Edge: of one that the venue told of before, it is no proof of anything.
        """
        if order.id in self._told:
            return self.unknown(order, f"{self.venue} told of it before and knows it no more")
        if order.id in self._on_the_way or may_arrive:
            return self.unknown(order, f"{self.venue} does not know it yet, and it may still arrive")
        return Refusal.NOT_FOUND.of(order, message)

    def _forget(self) -> None:
        """Lets go of the oldest of what is over: nobody asks about it any more."""
        if len(self._told) > 2 * _REMEMBERED:
            over = [i for i, told in self._told.items() if isinstance(told, Filled) and told.final]
            for old in over[:-_REMEMBERED]:
                del self._told[old]
