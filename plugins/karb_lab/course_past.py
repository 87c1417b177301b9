"""What traded before a lab began, where its market goes by a course: candles made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from karb_core.domain import exact
from karb_core.domain.instrument import InstrumentFacts
from karb_lab.kimchi import Kimchi
from karb_lab.tape import DAY_NS, MINUTE_NS, Candle

_SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_KEPT = 512  # karb: constant because it bounds memory, and a candle is made again as it was
_LOOKED = 240  # karb: constant because a candle of days is not worth a second of work
_DAYS = 40  # karb: constant because a lab remembers more than the shipped files look back on


class CoursePast:
    """`before` of a `Tape`. In each minute two prints of one amount: one at its beginning, one in its last second.

    Unit: amount in base.
    """

    def __init__(self, facts: InstrumentFacts, course: Kimchi, until_ns: int, amount: Decimal) -> None:
        self._facts = facts
        self._course = course
        self.since_ns = until_ns - until_ns % DAY_NS - _DAYS * DAY_NS
        self.until_ns = until_ns
        self._amount = amount
        self.candle: Callable[[int, int], Candle] = lru_cache(_KEPT)(self._candle)

    def _candle(self, since_ns: int, until_ns: int) -> Candle:
        """What traded from a minute's beginning on; a piece of a minute at the end counts as one.

        Edge: the highest and the lowest of more than some hours are looked for in some of their minutes only.
        """
        minutes = -(-(until_ns - since_ns) // MINUTE_NS)
        looked = range(since_ns, until_ns, MINUTE_NS * -(-minutes // _LOOKED))
        last_ns = max(since_ns, until_ns - _SECOND_NS)
        pips = [self._pips(at_ns) for at_ns in looked]
        pips += [self._pips(min(at_ns + MINUTE_NS - _SECOND_NS, last_ns)) for at_ns in looked]
        pips.append(self._pips(last_ns))
        close, each = self._price(pips[-1]), exact.mul(self._amount, Decimal(minutes))
        volume = exact.add(each, each)
        return Candle(
            start_ns=since_ns,
            open=self._price(pips[0]),
            high=self._price(max(pips)),
            low=self._price(min(pips)),
            close=close,
            volume=volume,
            value=exact.mul(close, volume),
            taken=each,
            taken_value=exact.mul(close, each),
            count=2 * minutes,
            first_id=0,
            last_id=0,
            at_ns=last_ns,
        )

    def _pips(self, at_ns: int) -> int:
        return self._course.pips(self._facts.instrument, at_ns)

    def _price(self, pips: int) -> Decimal:
        # karb: constant because prices are counted in parts of 1e-8
        return self._facts.floor_price(exact.mul(Decimal(pips), Decimal(1).scaleb(-8)))
