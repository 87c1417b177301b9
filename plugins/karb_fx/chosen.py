"""Which of several rates is told: the first in the list that is fresh, and none while two that are fresh disagree."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.market import FxRate
from karb_core.domain.statement import VenueSilent
from karb_core.ports import Clock, FxSource
from karb_core.ports.fx_source import EmitRate

_AGAIN_S = 1.0  # karb: constant because it says how soon a source that broke is begun anew


@dataclass(slots=True)
class Chosen:
    """`whole`: whose ages say when a source no longer holds back those after it. `apart`: a ratio, None where any may be.

    A source that breaks is begun anew, and the others go on.
    """

    whole: FxSource
    of: Sequence[FxSource]
    apart: Decimal | None
    emit: EmitRate
    clock: Clock
    _last: dict[int, FxRate] = field(init=False, default_factory=dict)

    async def kept(self, place: int, source: FxSource) -> None:
        """Until it is cancelled."""
        while True:
            with suppress(VenueSilent):  # its rate grows old, and the next in the list takes its place
                await source.run(lambda rate: self.heard(place, rate), self.clock)
            await asyncio.sleep(_AGAIN_S)

    def heard(self, place: int, rate: FxRate) -> None:
        """Tells it, unless one before it is fresh or one that is fresh is too far from it."""
        self._last[place] = rate
        now_ns = self.clock.now_ns()
        if any(_is_fresh(self._last[before], self.whole, now_ns) for before in range(place) if before in self._last):
            return
        compared = [other for at, other in self._last.items() if at != place and _is_fresh(other, self.of[at], now_ns)]
        if all(self._agree(rate.rate, other.rate) for other in compared):
            self.emit(rate)

    def _agree(self, one: Decimal, other: Decimal) -> bool:
        if self.apart is None:
            return True
        return exact.absolute(exact.sub(one, other)) <= exact.mul(self.apart, min(one, other))


def _is_fresh(rate: FxRate, by: FxSource, now_ns: int) -> bool:
    """Edge: exactly as old as it may be is fresh; where nothing may stand while its market is closed, nothing is."""
    most_ns = by.max_age_ns() if by.is_open(now_ns) else by.when_closed_ns()
    return most_ns is not None and now_ns - rate.venue_at_ns <= most_ns
