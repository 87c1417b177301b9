"""What is known of orders while nobody answers, and from when on one that Binance does not know is dead."""

from __future__ import annotations

from dataclasses import dataclass, field

from karb_core.connection.clock_offset import ClockOffset
from karb_core.domain.amount import Amount
from karb_core.domain.orders import Filled, Order, Outcome, Unknown
from karb_core.venue.refusals import Refusal

_SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
#: How long after its stamp a request is taken; what comes later Binance refuses.
WINDOW_NS = 5 * _SECOND_NS  # karb: constant because it is Binance's own where a request says nothing else
#: Binance takes a stamp that is a second ahead of its clock, and what it tells of orders may be behind its engine.
_BEHIND_NS = 11 * _SECOND_NS  # karb: constant because it only makes a proof wait: a second ahead, ten behind
_REMEMBERED = 1000  # karb: constant because it bounds what is remembered of what is over


@dataclass(slots=True)
class Answered:
    """`opened_ns`: by our clock, when this account was opened; what it did not send was sent before that."""

    opened_ns: int
    _on_the_way: set[str] = field(default_factory=set)
    #: What was written on requests as their time, by Binance's clock.
    _stamped_ns: dict[str, int] = field(default_factory=dict)
    _told: dict[str, Filled | Unknown] = field(default_factory=dict)

    def was_sent(self, order_id: str) -> bool:
        return order_id in self._on_the_way or order_id in self._stamped_ns or order_id in self._told

    def sending(self, order_id: str) -> None:
        self._on_the_way.add(order_id)

    def stamped(self, order_id: str, stamp_ns: int) -> None:
        """Its request goes out with this time on it."""
        self._stamped_ns[order_id] = stamp_ns
        while len(self._stamped_ns) > _REMEMBERED:
            del self._stamped_ns[next(iter(self._stamped_ns))]

    def gave_up(self, order_id: str) -> None:
        """Its request was answered, or nobody waits for it any more, and its connection is closed."""
        self._on_the_way.discard(order_id)

    def remembered(self, order: Order, outcome: Outcome | None) -> Outcome:
        """None: it traded, and for how much is not told yet."""
        if outcome is None:
            return self.unknown(order, "it traded, and binance has not told yet for how much")
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

    def not_found(self, order: Order, message: str, offset: ClockOffset, now_ns: int) -> Outcome:
        """Binance knows no such order: that is proof once it would refuse its request, and not before.

        `now_ns`: when it was asked. Edge: of one that Binance told of before, and while Binance's clock is not known, it is
        no proof of anything.
        """
        if order.id in self._told:
            return self.unknown(order, "binance told of it before and knows it no more")
        stamped_ns = self._stamped_ns.get(order.id, offset.latest_ns(self.opened_ns))
        may_come = offset.earliest_ns(now_ns) - stamped_ns <= WINDOW_NS + _BEHIND_NS
        if order.id in self._on_the_way or offset.least_ns is None or may_come:
            return self.unknown(order, "binance does not know it yet, and it may still arrive")
        return Refusal.NOT_FOUND.of(order, message)

    def _forget(self) -> None:
        """Lets go of the oldest of what is over: nobody asks about it any more."""
        if len(self._told) > 2 * _REMEMBERED:
            over = [i for i, told in self._told.items() if isinstance(told, Filled) and told.final]
            for old in over[:-_REMEMBERED]:
                del self._told[old]
