"""What each instrument's last bar closed at, at a time, by the bars that a run recorded."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain.instrument import Instrument
from karb_core.wiring.divergence.kept_market import KeptMarket


@dataclass(slots=True)
class KeptCloses:
    """`length_ns`: of the bars that count."""

    kept: KeptMarket
    length_ns: int
    _known: dict[Instrument, tuple[list[int], list[Decimal]]] = field(init=False, default_factory=dict)

    def at(self, instrument: Instrument, at_ns: int) -> Decimal:
        """Of the last bar that closed by then. Errors: LookupError where none did."""
        if instrument not in self._known:
            bars = self.kept.of_length(instrument, self.length_ns)
            self._known[instrument] = [bar.end_ns for bar in bars], [bar.close for bar in bars]
        times, closes = self._known[instrument]
        found = bisect_right(times, at_ns)
        if not found:
            raise LookupError(f"{instrument.text()}: no bar closed by {at_ns}")
        return closes[found - 1]
