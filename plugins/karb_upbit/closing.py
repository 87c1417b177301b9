"""When a candle of Upbit's is closed: the stream never says so. Pure.

A candle is pushed whenever a trade changed it, at most each second, complete each time; the last one stands, and it may
come after its end. So a bar is told when the venue's own time, as any message on the same line tells it, is `late_ns`
past its end. Source: Upbit, WebSocket, candle.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar


@dataclass(slots=True)
class Closing:
    """The candles of one line that are open yet. What was told once is not told again, whatever comes after.

    from_ns: bars that closed before that are no news. `behind`: instruments of which an older bar may still be fetched;
    theirs wait, so that they are told in order. `changed`: how many candles changed after they were told.
    """

    late_ns: int
    from_ns: int
    changed: int = field(init=False, default=0)
    behind: set[Instrument] = field(init=False, default_factory=set)
    _open: dict[tuple[Instrument, int], Bar] = field(init=False, default_factory=dict)
    _told: dict[Instrument, dict[int, Bar]] = field(init=False, default_factory=dict)
    _missing_ns: dict[Instrument, int] = field(init=False, default_factory=dict)

    def begin(self, behind: Iterable[Instrument]) -> None:
        """A new line: what was open on the last one may have gone on, so it is forgotten and fetched."""
        self._open.clear()
        self.behind = set(behind)
        for instrument in self.behind:
            self._missing_ns.setdefault(instrument, self._last_ns(instrument))

    def take(self, bar: Bar) -> bool:
        """The newest state of a candle. False where it was told otherwise already."""
        told = self._told.get(bar.instrument, {}).get(bar.start_ns)
        if told is None:
            self._open[bar.instrument, bar.start_ns] = bar
            return True
        same = (told.open, told.high, told.low, told.close) == (bar.open, bar.high, bar.low, bar.close)
        self.changed += not same
        return same

    def closed(self, venue_ns: int) -> list[Bar]:
        """What has closed by the venue's time and was not told, oldest first."""
        done = [
            bar
            for bar in self._open.values()
            if bar.end_ns + self.late_ns <= venue_ns and bar.instrument not in self.behind
        ]
        for bar in done:
            del self._open[bar.instrument, bar.start_ns]
        return [bar for bar in sorted(done, key=lambda bar: bar.end_ns) if self._new(bar)]

    def fetched(self, instrument: Instrument, bars: Iterable[Bar]) -> list[Bar]:
        """Closed bars of one instrument since `since_ns`, oldest first: those that were not told. None is missing now."""
        self._missing_ns.pop(instrument, None)
        new = []
        for bar in bars:
            self._open.pop((instrument, bar.start_ns), None)
            if self._new(bar):
                new.append(bar)
        return new

    def since_ns(self, instrument: Instrument) -> int:
        """From when on bars may be missing: since the first line that broke and of which nothing was fetched."""
        return self._missing_ns.get(instrument, self._last_ns(instrument))

    def _last_ns(self, instrument: Instrument) -> int:
        return max((bar.end_ns for bar in self._told.get(instrument, {}).values()), default=self.from_ns)

    def _new(self, bar: Bar) -> bool:
        """Edge: of each instrument only the last few are remembered; what is older than those is no news."""
        told = self._told.setdefault(bar.instrument, {})
        oldest_ns = min(told, default=None)
        if bar.end_ns <= self.from_ns or bar.start_ns in told or (oldest_ns is not None and bar.start_ns < oldest_ns):
            return False
        told[bar.start_ns] = bar
        while len(told) > _REMEMBERED:
            del told[min(told)]
        return True


_REMEMBERED = 1000  # karb: constant because it bounds memory
