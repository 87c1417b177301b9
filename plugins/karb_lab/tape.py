"""What traded at a venue, and the candles that it makes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from karb_core.domain import exact
from karb_core.domain.orders import Side

MINUTE_NS = 60_000_000_000  # karb: constant because a minute has 60 * 10^9 nanoseconds
DAY_NS = 1440 * MINUTE_NS  # karb: constant because a day has 1440 minutes

_MOST_PRINTS = 2_000  # karb: constant because it bounds memory, and no venue lists as many
_MOST_MINUTES = 20_000  # karb: constant because it bounds memory: two weeks of minutes


@dataclass(frozen=True, slots=True)
class Print:
    """A public trade. `taker`: the side of who came to the book; `before`: the price that traded before it."""

    id: int
    price: Decimal
    amount: Decimal
    taker: Side
    at_ns: int
    before: Decimal


@dataclass(frozen=True, slots=True)
class Candle:
    """What traded from `start_ns` on. Unit: volume in base, value in quote; `taken` is the base that buyers took.

    `at_ns`: its last print; `first_id`, `last_id`: its first and last.
    """

    start_ns: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    value: Decimal
    taken: Decimal
    taken_value: Decimal
    count: int
    first_id: int
    last_id: int
    at_ns: int

    @classmethod
    def of(cls, done: Print) -> Candle:
        """The candle of the minute of one print."""
        value = exact.mul(done.price, done.amount)
        bought = done.taker is Side.BUY
        nothing = Decimal(0)
        return cls(
            start_ns=done.at_ns - done.at_ns % MINUTE_NS,
            open=done.price,
            high=done.price,
            low=done.price,
            close=done.price,
            volume=done.amount,
            value=value,
            taken=done.amount if bought else nothing,
            taken_value=value if bought else nothing,
            count=1,
            first_id=done.id,
            last_id=done.id,
            at_ns=done.at_ns,
        )

    def joined(self, later: Candle) -> Candle:
        """Both as one, from this one's start."""
        return replace(
            later,
            start_ns=self.start_ns,
            open=self.open,
            high=max(self.high, later.high),
            low=min(self.low, later.low),
            volume=exact.add(self.volume, later.volume),
            value=exact.add(self.value, later.value),
            taken=exact.add(self.taken, later.taken),
            taken_value=exact.add(self.taken_value, later.taken_value),
            count=self.count + later.count,
            first_id=self.first_id,
        )


class Before(Protocol):
    """What traded before a tape's first print. candle: all from one time (inclusive) to another, both of its stretch."""

    since_ns: int
    until_ns: int
    candle: Callable[[int, int], Candle]


class Tape:
    """The prints of one instrument, oldest first. Its candles are of minutes in which something traded, and of no other.

    `before`: what traded before the first of them, where it is not kept but known.
    """

    def __init__(self) -> None:
        self.before: Before | None = None
        self._prints: deque[Print] = deque(maxlen=_MOST_PRINTS)
        self._minutes: deque[Candle] = deque(maxlen=_MOST_MINUTES)

    def add(self, price: Decimal, amount: Decimal, taker: Side, at_ns: int) -> Print:
        """Edge: a print that is told late counts at the time of the last one."""
        last = self.last()
        at_ns = at_ns if last is None else max(at_ns, last.at_ns)
        number = 1 if last is None else last.id + 1
        done = Print(number, price, amount, taker, at_ns, price if last is None else last.price)
        self._prints.append(done)
        candle = Candle.of(done)
        if self._minutes and self._minutes[-1].start_ns == candle.start_ns:
            self._minutes[-1] = self._minutes[-1].joined(candle)
        else:
            self._minutes.append(candle)
        return done

    def last(self) -> Print | None:
        return self._prints[-1] if self._prints else None

    def prints(self) -> Iterator[Print]:
        """The newest first."""
        return reversed(self._prints)

    def minutes(self, since_ns: int, until_ns: int) -> list[Candle]:
        """Those that start from `since_ns` (inclusive) to `until_ns` (exclusive), oldest first.

        Edge: what was before the first print is one of them, however long it is.
        """
        kept = [candle for candle in self._minutes if since_ns <= candle.start_ns < until_ns]
        before = self._before(since_ns - since_ns % -MINUTE_NS, until_ns)
        return kept if before is None else [before, *kept]

    def candles(self, span_ns: int, until_ns: int, count: int, origin_ns: int = 0) -> list[Candle]:
        """The last so many that start before `until_ns`, oldest first, each from a multiple of its span after `origin_ns`.

        Edge: what is shorter than a minute is not kept, and told as minutes.
        """
        span_ns = max(span_ns, MINUTE_NS)
        found: list[Candle] = []
        for minute in reversed(self._minutes):
            start_ns = minute.start_ns - (minute.start_ns - origin_ns) % span_ns
            if start_ns >= until_ns:
                continue
            if found and found[-1].start_ns == start_ns:
                found[-1] = replace(minute, start_ns=start_ns).joined(found[-1])
            elif len(found) == count:
                return found[::-1]
            else:
                found.append(replace(minute, start_ns=start_ns))
        return self._with_before(found, span_ns, until_ns, count, origin_ns)[::-1]

    def _with_before(
        self, found: list[Candle], span_ns: int, until_ns: int, count: int, origin_ns: int
    ) -> list[Candle]:
        """The newest first: the oldest of those that are kept is completed, and older ones follow."""
        if self.before is None:
            return found
        last_ns = min(until_ns, self.before.until_ns) - 1
        start_ns = last_ns - (last_ns - origin_ns) % span_ns
        while start_ns + span_ns > self.before.since_ns:
            piece = self._before(start_ns, start_ns + span_ns)
            if piece is not None and found and found[-1].start_ns == start_ns:
                found[-1] = replace(piece, start_ns=start_ns).joined(found[-1])
            elif piece is not None and len(found) < count:
                found.append(replace(piece, start_ns=start_ns))
            if len(found) >= count:
                break
            start_ns -= span_ns
        return found

    def _before(self, since_ns: int, until_ns: int) -> Candle | None:
        if self.before is None:
            return None
        since_ns, until_ns = max(since_ns, self.before.since_ns), min(until_ns, self.before.until_ns)
        return self.before.candle(since_ns, until_ns) if since_ns < until_ns else None


def over(candles: Iterable[Candle]) -> Candle | None:
    """All of them as one; None for none."""
    whole: Candle | None = None
    for candle in candles:
        whole = candle if whole is None else whole.joined(candle)
    return whole
