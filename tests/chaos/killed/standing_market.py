"""A market that stands still: what happens in it cannot depend on how long a process takes to start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth
from tests.chaos.killed.script import Act

_NEVER_NS = 2**62


class StandingMarket:
    """As `market.Market`, but its books change when an act begins and at no time of their own."""

    def __init__(self, acts: Sequence[Act]) -> None:
        self._acts = acts
        self.act, self._heard_ns = 0, acts[0].at_ns

    def turn(self, act: int, heard_ns: int) -> None:
        """heard_ns: when whoever looks heard of these books, by their clock; one who was started again hears anew."""
        self.act, self._heard_ns = act, heard_ns

    @property
    def now(self) -> Act:
        return self._acts[self.act]

    def step_at(self, at_ns: int) -> int:
        return self.now.at_ns

    def next_change(self, after_ns: int) -> int:
        return _NEVER_NS

    def depth(self, instrument: Instrument, at_ns: int) -> Depth:
        return next(book for book in self.now.books if book.instrument == instrument)

    def told(self, instrument: Instrument, at_ns: int) -> Depth:
        return replace(self.depth(instrument, at_ns), received_at_ns=self._heard_ns)

    def mark(self, instrument: Instrument, at_ns: int) -> Decimal:
        return self.depth(instrument, at_ns).bids[0].price
