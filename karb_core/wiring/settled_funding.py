"""What was last settled on perpetuals, as a run over data knows it: in the place of what a venue would have announced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import FundingRate
from karb_core.history.bar_columns import BarColumns


@dataclass(slots=True)
class SettledFunding:
    """By perpetual. It is put together anew only when one settled since; asked for an earlier time, too."""

    market: BarColumns
    perpetuals: tuple[Instrument, ...]
    _told: Mapping[Instrument, FundingRate] = field(init=False, default_factory=dict)
    _from_ns: int = field(init=False, default=0)
    _until_ns: int = field(init=False, default=0)

    def at(self, at_ns: int) -> Mapping[Instrument, FundingRate]:
        """What was settled by then, at that time included; of one that never was, nothing."""
        if not self._from_ns <= at_ns < self._until_ns:
            known = {i: self.market.last_funding(i, at_ns) for i in self.perpetuals}
            self._told = {instrument: rate for instrument, rate in known.items() if rate is not None}
            nexts = [after for i in self.perpetuals if (after := self.market.next_funding(i, at_ns)) is not None]
            self._from_ns, self._until_ns = at_ns, min(nexts, default=at_ns)
        return self._told

    def of(self, legs: Iterable[Instrument], at_ns: int) -> dict[Instrument, FundingRate]:
        """The same of these legs alone."""
        told = self.at(at_ns)
        return {leg: told[leg] for leg in legs if leg in told}
