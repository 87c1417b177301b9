"""When a candle of Upbit's is closed: the stream never says so. Pure.

A candle is pushed whenever a trade changed it, at most each second, complete each time; the last one stands, and it may
come after its end. So a bar is told when the venue's own time, as any message on the same line tells it, is `late_ns`
past its end. Where that time jumped, what was pushed meanwhile may be lost, and the bars it is about are fetched. Source:
Upbit, WebSocket, candle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar

_SECOND = 1_000_000_000  # karb: constant because the venue's clock is told to the second


@dataclass(slots=True)
class Closing:
    """The candles of one line that are open yet. What was told once is not told again, whatever comes after.

    bars_ns: how long the bars are. from_ns: bars that closed before that are no news. `behind`: instruments of which an older bar may still be fetched;
    theirs wait, so that they are told in order. `changed`: how many candles changed after they were told.
    """

    late_ns: int
    from_ns: int
    bars_ns: int
    changed: int = field(init=False, default=0)
    behind: set[Instrument] = field(init=False, default_factory=set)
    _open: dict[tuple[Instrument, int], Bar] = field(init=False, default_factory=dict)
    _told: dict[Instrument, dict[int, Bar]] = field(init=False, default_factory=dict)
    _missing_ns: dict[Instrument, int] = field(init=False, default_factory=dict)
    _unsure_ns: int | None = field(init=False, default=None)

    def begin(self, behind: Iterable[Instrument]) -> None:
        """A new line: what was open on the last one may have gone on, so it is forgotten and fetched."""
        self._open.clear()
        self._unsure_ns = None
        self._wait_for(behind)

    def jumped(self, instruments: Sequence[Instrument], from_ns: int, to_ns: int) -> bool:
        """The venue's time jumped. True where a bar closed meanwhile: it is to be fetched now.

        The one that is open at the end is fetched when it has closed (`sure`): what it was before may have been lost.
        """
        self._unsure_ns = to_ns
        for instrument in instruments:
            self._missing_ns.setdefault(instrument, self._last_ns(instrument))
        if from_ns // self.bars_ns == to_ns // self.bars_ns:
            return False
        self._wait_for(instruments)
        return True

    def sure(self, venue_ns: int) -> bool:
        """Whether what is unsure can be fetched now. Edge: so long after its end that REST takes it for closed too."""
        if self._unsure_ns is None or venue_ns < self._end_ns(self._unsure_ns) + self.late_ns + _SECOND:
            return False
        self._unsure_ns = None
        return True

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
            if bar.end_ns + self.late_ns <= venue_ns and bar.instrument not in self.behind and self._is_sure(bar)
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

    def _is_sure(self, bar: Bar) -> bool:
        return self._unsure_ns is None or bar.start_ns >= self._unsure_ns

    def _end_ns(self, at_ns: int) -> int:
        return (at_ns // self.bars_ns + 1) * self.bars_ns

    def _wait_for(self, instruments: Iterable[Instrument]) -> None:
        self.behind = set(instruments)
        for instrument in self.behind:
            self._missing_ns.setdefault(instrument, self._last_ns(instrument))

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
