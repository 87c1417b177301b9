"""What is known of orders while nobody answers, and from when on one that Upbit does not know is dead."""

from __future__ import annotations

from dataclasses import dataclass, field

from karb_core.domain.amount import Amount
from karb_core.domain.orders import Filled, Order, Outcome, Unknown
from karb_core.venue.refusals import Refusal

#: From our giving up on a request until it can arrive no more. Upbit states no such time (its tokens do not expire), so
#: it is the network's: our socket sends nothing after it is closed, a packet lives for half of this as Linux counts it
#: (TIME_WAIT), and as long is how long servers in front of services commonly keep a request.
_ARRIVES_WITHIN_NS = 60_000_000_000  # karb: constant because it is how long a request can be on its way, as above

_REMEMBERED = 1000  # karb: constant because it bounds what is remembered of what is over


@dataclass(slots=True)
class Answered:
    """`opened_ns`: when this account was opened; what it did not send was sent before that, by a process that is gone."""

    opened_ns: int
    _on_the_way: set[str] = field(default_factory=set)
    _gave_up_ns: dict[str, int] = field(default_factory=dict)
    _told: dict[str, Filled | Unknown] = field(default_factory=dict)

    def was_sent(self, order_id: str) -> bool:
        return order_id in self._on_the_way or order_id in self._gave_up_ns or order_id in self._told

    def sending(self, order_id: str) -> None:
        self._on_the_way.add(order_id)

    def gave_up(self, order_id: str, now_ns: int) -> None:
        """Its request was answered, or nobody waits for it any more, and its connection is closed."""
        self._on_the_way.discard(order_id)
        self._gave_up_ns[order_id] = now_ns
        for old in [i for i, at_ns in self._gave_up_ns.items() if at_ns < now_ns - 2 * _ARRIVES_WITHIN_NS]:
            del self._gave_up_ns[old]

    def remembered(self, order: Order, outcome: Outcome | None) -> Outcome:
        """None: it traded, and for how much is not told yet."""
        if outcome is None:
            return self.unknown(order, "it traded, and upbit has not told yet for how much")
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

    def not_found(self, order: Order, message: str, now_ns: int) -> Outcome:
        """Upbit knows no such order: that is proof once its request can arrive no more, and not before.

        Edge: of one that Upbit told of before, it is no proof of anything.
        """
        since_ns = self._gave_up_ns.get(order.id, self.opened_ns)
        if order.id in self._told:
            return self.unknown(order, "upbit told of it before and knows it no more")
        if order.id in self._on_the_way or now_ns - since_ns <= _ARRIVES_WITHIN_NS:
            return self.unknown(order, "upbit does not know it yet, and it may still arrive")
        return Refusal.NOT_FOUND.of(order, message)

    def _forget(self) -> None:
        """Lets go of the oldest of what is over: nobody asks about it any more."""
        if len(self._told) > 2 * _REMEMBERED:
            over = [i for i, told in self._told.items() if isinstance(told, Filled) and told.final]
            for old in over[:-_REMEMBERED]:
                del self._told[old]
