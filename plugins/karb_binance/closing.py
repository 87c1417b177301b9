"""Which closed candles were told, which are missing, and the longer bars they make: all in order. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from karb_binance.candles import joined
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar


@dataclass(slots=True)
class Closing:
    """Of each instrument the next candle is known, so that none is told twice, left out, or before an older one.

    from_ns: bars that end by then are no news. Unit: bars_ns is the length of what is told, unit_ns of the candles.
    """

    bars_ns: int
    unit_ns: int
    from_ns: int
    _next_ns: dict[Instrument, int] = field(init=False, default_factory=dict)
    _waiting: dict[Instrument, dict[int, Bar]] = field(init=False, default_factory=dict)
    _parts: dict[Instrument, list[Bar]] = field(init=False, default_factory=dict)

    def next_ns(self, instrument: Instrument) -> int:
        """When the oldest candle opens that was not told."""
        return self._next_ns.get(instrument, self.from_ns - self.from_ns % self.bars_ns)

    def is_missing(self, instrument: Instrument, venue_ns: int, late_ns: int) -> bool:
        """Whether it closed so long ago that it should have been heard. Edge: exactly so long ago is missing."""
        return self.next_ns(instrument) + self.unit_ns + late_ns <= venue_ns

    def take(self, candle: Bar) -> list[Bar]:
        """A closed candle, as the stream told it. The bars that it completes; it waits while an older one is missing."""
        if candle.start_ns >= self.next_ns(candle.instrument):
            self._waiting.setdefault(candle.instrument, {})[candle.start_ns] = candle
        return self._advance(candle.instrument)

    def fetched(self, instrument: Instrument, candles: Iterable[Bar]) -> list[Bar]:
        """Closed candles as REST told them, from `next_ns` on. Edge: what it left out between two does not exist."""
        waiting = self._waiting.setdefault(instrument, {})
        came = {each.start_ns: each for each in candles if each.start_ns >= self.next_ns(instrument)}
        waiting |= came
        told: list[Bar] = []
        while waiting and min(waiting) <= max(came, default=0):
            self._next_ns[instrument] = min(waiting)
            told += self._advance(instrument)
        return told

    def _advance(self, instrument: Instrument) -> list[Bar]:
        waiting, told = self._waiting.get(instrument, {}), []
        while (candle := waiting.pop(self.next_ns(instrument), None)) is not None:
            self._next_ns[instrument] = candle.end_ns
            told += self._made(candle)
        return told

    def _made(self, candle: Bar) -> list[Bar]:
        """Edge: a longer bar whose last candle does not exist is told with the first one after it."""
        parts = self._parts.setdefault(candle.instrument, [])
        told = []
        if parts and parts[0].start_ns // self.bars_ns != candle.start_ns // self.bars_ns:
            told.append(joined(parts, self.bars_ns))
            parts.clear()
        parts.append(candle)
        if candle.end_ns % self.bars_ns == 0:
            told.append(joined(parts, self.bars_ns))
            parts.clear()
        return told
