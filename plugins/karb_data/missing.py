"""What a recording lacks: known before anything else is kept, and told to the owner when it begins and when it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from karb_core.history.holes import Hole, Holes
from karb_core.history.recorded import Series
from karb_data.collect_file import CollectFile
from karb_data.recorder import Recorder

NOT_RUNNING = "karb was not recording"
BEFORE = "before the recording began"
NOT_TOLD = "the venue has nothing of this time"
QUIET = "nothing was told"
WANTED = "asked for"
_LIVE_ONLY = frozenset({"tops", "marks"})


@dataclass(slots=True)
class Missing:
    """Of the series that are expected. What can be asked for (bars with funding, rates) stays open until it was.

    `tells`: a hole that began or ended. Tops and marks are told by nobody afterwards: their hole ends lost, with the next.
    """

    recorder: Recorder
    holes: Holes
    how: CollectFile
    tells: Callable[[Hole], None]
    _heard_ms: dict[Series, int] = field(init=False, default_factory=dict)
    _asked_ms: dict[Series, int] = field(init=False, default_factory=dict)
    _untold: set[Series] = field(init=False, default_factory=set)

    def begin(self, expected: Iterable[Series], now_ms: int) -> None:
        """Whatever is there ends where its last durable row is. Where nothing is, the recording begins now, or so far back
        as the owner asks for."""
        past_ms = self.how.past.total_seconds() * 1000  # karb: constant because a second has 1000 ms
        for series in expected:
            self._heard_ms[series] = now_ms
            newest = self.recorder.open(series)
            if newest is not None:
                self._opened(series, self._after(series, newest), NOT_RUNNING)
            elif past_ms and series.kind in ("bars", "rates"):
                self._opened(series, self._whole(series, now_ms - int(past_ms)), BEFORE)

    def wanted(self, series: Series, from_ms: int) -> None:
        """All of it from then on is to be asked for, whatever is there."""
        self.tells(self.holes.widened(series.text(), self._whole(series, from_ms), WANTED))

    def interrupted(self, which: Iterable[Series], why: str) -> None:
        for series in which:
            newest = self.recorder.newest_ms(series)
            if newest is not None:
                self._opened(series, self._after(series, newest), why)

    def heard(self, series: Series, at_ms: int, now_ms: int) -> None:
        """A row was kept."""
        self._heard_ms[series] = now_ms
        if series.kind in _LIVE_ONLY or series in self._untold:
            self._untold.discard(series)
            self._ended(self.holes.ended(series.text(), at_ms, "lost"))

    def quiet(self, now_ms: int) -> list[Series]:
        """Series of bars that are to be asked for; of tops and marks a hole begins."""
        asks = []
        for series, heard_ms in self._heard_ms.items():
            live = series.kind in _LIVE_ONLY
            bound = self.how.quiet if live else self.how.quiet_bars
            # karb: constant because what was never asked for was asked for at no time
            since_ms = max(heard_ms, self._asked_ms.get(series, 0))
            # karb: constant because a second has 1000 ms
            if series.kind in ("funding", "rates") or now_ms - since_ms <= bound.total_seconds() * 1000:
                continue
            self.interrupted([series], QUIET)
            if not live:
                asks.append(series)
        return asks

    def open_ms(self, series: Series) -> int | None:
        """From where it is to be asked for; None where nothing is, or where it is known that nobody tells."""
        hole = self.holes.open_hole(series.text())
        return None if hole is None or series in self._untold else hole.from_ms

    def answered(self, series: Series, until_ms: int, first_ms: int | None, now_ms: int, *, more: bool = False) -> None:
        """A venue was asked for a time up to `until_ms`, and its first row of it is of `first_ms`, None for none at all.
        more: what comes after it will be asked for at once, and only its end is told."""
        self._asked_ms[series] = now_ms
        hole = self.holes.open_hole(series.text())
        if hole is None:
            return
        bound_ms = self.how.quiet_bars.total_seconds() * 1000  # karb: constant because a second has 1000 ms
        if first_ms is None:
            self._ended(self.holes.ended(series.text(), until_ms, "lost", f"{hole.why}; {NOT_TOLD}"))
            return
        if first_ms - hole.from_ms > bound_ms:
            self._ended(self.holes.ended(series.text(), first_ms, "lost", f"{hole.why}; {NOT_TOLD}"))
            self.holes.opened(series.text(), first_ms, hole.why)
        filled = self.holes.ended(series.text(), until_ms, "filled")
        self._ended(None if more else filled)

    def go_on(self, series: Series, from_ms: int, why: str) -> None:
        """The rest of a hole of which one part was answered."""
        self.holes.opened(series.text(), from_ms, why)

    def untold(self, series: Series) -> None:
        """Nobody tells its past: the hole ends, lost, with the next row."""
        self._untold.add(series)

    def given_up(self, series: Series, now_ms: int) -> None:
        """What is open yet was asked for, and nobody told it."""
        hole = self.holes.open_hole(series.text())
        if hole is not None:
            self._ended(self.holes.ended(series.text(), now_ms, "lost", f"{hole.why}; {NOT_TOLD}"))

    def _opened(self, series: Series, from_ms: int, why: str) -> None:
        opened = self.holes.opened(series.text(), from_ms, why)
        if opened is not None:
            self.tells(opened)

    def _ended(self, hole: Hole | None) -> None:
        if hole is not None:
            self.tells(hole)

    @staticmethod
    def _after(series: Series, newest_ms: int) -> int:
        return newest_ms + series.bars_ms

    @staticmethod
    def _whole(series: Series, from_ms: int) -> int:
        return from_ms - from_ms % series.bars_ms if series.bars_ms else from_ms
