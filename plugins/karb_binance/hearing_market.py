"""What is heard on the line of candles, and of marks where there are any, as events: closed bars, marks, funding to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from karb_binance.candles import Unit, bar
from karb_binance.closing import Closing
from karb_binance.market_wire import MS, Frame, funding, mark, read, subscription
from karb_binance.symbols import symbol_of
from karb_core.connection.standing import Standing
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument
from karb_core.ports.feed import Emit

_AHEAD_NS = 60 * 1_000_000_000  # karb: constant because a time so far ahead of ours is none


@dataclass(slots=True)
class HearingMarket:
    """`Hears` for candles. `marks`: and for mark prices. `venue_ns`: the newest time that was told. `intervals_ns`: between settlements
    of each instrument, empty until it is known; `settles_ns`: when it settles next. `unread`: messages that could not be read.
    """

    instruments: Sequence[Instrument]
    unit: Unit
    marks: bool
    closing: Closing
    standing: Standing
    emit: Emit
    venue_ns: int = field(init=False, default=0)
    unread: int = field(init=False, default=0)
    intervals_ns: dict[Instrument, int] = field(init=False, default_factory=dict)
    settles_ns: dict[Instrument, int] = field(init=False, default_factory=dict)
    _by_symbol: dict[str, Instrument] = field(init=False)
    _marked_ns: dict[Instrument, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_symbol = {symbol_of(i): i for i in self.instruments}

    def asks(self) -> Sequence[str]:
        names = [symbol.lower() for symbol in self._by_symbol]
        marks = [f"{n}@markPrice@1s" for n in names] if self.marks else []
        return [subscription([*marks, *(f"{n}@kline_{self.unit.word}" for n in names)])]

    def opened(self, now_ns: int) -> None:
        """What closed meanwhile is missing by the venue's own time, and is fetched."""

    def heard(self, message: bytes, now_ns: int) -> int | None:
        try:
            return self.take(read(message), now_ns)
        except Unreadable as e:
            self.unread += 1
            self.standing.flawed(None, f"a message that cannot be read ({self.unread} so far): {e}", now_ns)
            return None

    def take(self, frame: Frame, now_ns: int) -> int | None:
        """As `heard`. Errors: Unreadable."""
        if frame.error is not None:
            raise Unreadable(f"Binance refuses: {frame.error.code} {frame.error.msg}")
        instrument = self._by_symbol.get(frame.symbol)
        if instrument is None or frame.event not in ("markPriceUpdate", "kline"):
            return None
        if not 0 < frame.told_ms * MS <= now_ns + _AHEAD_NS:
            raise Unreadable(f"{frame.symbol}: its time is {frame.told_ms}")
        self._tell(frame, instrument, now_ns)
        self.venue_ns = max(self.venue_ns, frame.told_ms * MS)
        return frame.told_ms * MS

    def _tell(self, frame: Frame, instrument: Instrument, now_ns: int) -> None:
        if frame.event == "markPriceUpdate":
            marked = mark(frame, instrument, now_ns)
            rate = funding(frame, instrument, self.intervals_ns.get(instrument), now_ns)
            # karb: constant because of what was never marked every mark is new
            if marked.venue_at_ns >= self._marked_ns.get(instrument, 0):
                self._marked_ns[instrument] = marked.venue_at_ns
                self.settles_ns.setdefault(instrument, rate.settles_at_ns)
                self.emit(marked)
                self.emit(rate)
        elif frame.candle is None:
            raise Unreadable(f"{frame.symbol}: a candle without its numbers")
        elif frame.candle.closed and frame.candle.interval == self.unit.word:
            for each in self.closing.take(bar(frame.candle, instrument, self.unit, now_ns)):
                self.emit(replace(each, received_at_ns=now_ns))
        self.standing.sound(instrument, now_ns)
