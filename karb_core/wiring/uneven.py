"""How uneven pairs stood, and for how long: by the fills that venues booked, whatever karb thinks of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Fill
from karb_core.ports import PairTerms


@dataclass(slots=True)
class Evenness:
    """One pair: what its legs have together, signed base; even is less than a step of the coarser leg, and what no leg's
    venue takes an order for at the last price it filled at.

    worst: the most it was, without a sign; longest_ns: the longest that it was not even at a stretch.
    """

    pair: PairTerms
    facts: Mapping[Instrument, InstrumentFacts]
    worst: Decimal = Decimal(0)
    longest_ns: int = 0
    _together: Decimal = Decimal(0)
    _since_ns: int | None = None
    _changed_ns: int | None = None
    _prices: dict[Instrument, Decimal] = field(default_factory=dict)

    def take(self, fill: Fill) -> None:
        """Fills of the pair's legs, in the order of their times; of one time what they leave together counts."""
        self.settle(fill.venue_at_ns)
        self._prices[fill.instrument] = fill.price.value
        self._together = exact.add(self._together, fill.moved.value)
        self._changed_ns = fill.venue_at_ns
        if self._is_even():
            self._since_ns = None
        elif self._since_ns is None:
            self._since_ns = fill.venue_at_ns

    def settle(self, at_ns: int) -> None:
        """All fills of before that time are taken."""
        if self._since_ns is not None and self._changed_ns is not None and at_ns > self._changed_ns:
            self.worst = max(self.worst, exact.absolute(self._together))
            self.longest_ns = max(self.longest_ns, at_ns - self._since_ns)

    def _is_even(self) -> bool:
        uneven = exact.absolute(self._together)
        step = max(self.facts[leg].amount_step for leg in self.pair.legs)
        return uneven < step or not any(self._fits(leg, uneven) for leg in self._prices)

    def _fits(self, leg: Instrument, base: Decimal) -> bool:
        """Edge: a leg without a fill is not asked: where it has a price it has traded."""
        facts = self.facts[leg]
        return facts.unfit(facts.floor_amount(base), facts.floor_price(self._prices[leg])) is None


@dataclass(slots=True)
class Unevenness:
    """All pairs. A fill is taken once, by its venue and trade id."""

    pairs: Mapping[str, Evenness]
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def step(self, fills: Iterable[Fill], at_ns: int) -> None:
        fresh = [f for f in fills if (f.instrument.venue, f.venue_trade_id) not in self._seen]
        self._seen.update((f.instrument.venue, f.venue_trade_id) for f in fresh)
        for fill in sorted(fresh, key=lambda each: each.venue_at_ns):
            for one in self.pairs.values():
                if fill.instrument in one.pair.legs:
                    one.take(fill)
        for one in self.pairs.values():
            one.settle(at_ns)
