"""What is heard on a line of Upbit's, as events: books, bars, and how the venue and its markets stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from karb_core.connection.books_told import BooksTold
from karb_core.connection.standing import Standing
from karb_core.connection.stream_conflated import Conflated
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, VenueState
from karb_core.ports.feed import Emit
from karb_upbit.candles import Unit, bar
from karb_upbit.closing import Closing
from karb_upbit.codes import code_of
from karb_upbit.market_wire import Frame, depth, read, subscription

_ACTIVE = "ACTIVE"
_AHEAD_NS = 60 * 1_000_000_000  # karb: constant because a time so far ahead of ours is none

#: A message, of which instrument, and when it reached us.
Heard = tuple[Frame, Instrument, int]


@dataclass(slots=True)
class Hearing:
    """`Hears` for books, candles and states of markets. What is heard waits conflated until `tell_on` tells it.

    unit: the candles that are bars as they are; None where bars are only fetched. `fetches`: called when bars may be
    missing, with whether they have closed only now. gap_ns: the venue's time jumped when it went on by more than that.
    `unread`: messages that could not be read; `since_ns`: when the line opened, None before the first.
    """

    instruments: Sequence[Instrument]
    unit: Unit | None
    closing: Closing
    standing: Standing
    emit: Emit
    fetches: Callable[[bool], None]
    gap_ns: int
    venue_ns: int = field(init=False, default=0)
    since_ns: int | None = field(init=False, default=None)
    unread: int = field(init=False, default=0)
    waiting: Conflated[tuple[str, str, str], Heard] = field(init=False, default_factory=Conflated)
    _line_ns: int | None = field(init=False, default=None)
    _by_code: Mapping[str, Instrument] = field(init=False)
    told: BooksTold = field(init=False)

    def __post_init__(self) -> None:
        self._by_code = {code_of(i): i for i in self.instruments}
        self.told = BooksTold(self.standing, self.emit)

    @property
    def books(self) -> Mapping[Instrument, Depth]:
        """The last one of each market, as it came."""
        return self.told.last

    def asks(self) -> Sequence[str]:
        codes = list(self._by_code)
        bars = [] if self.unit is None else [(self.unit.stream, codes)]
        return [subscription("karb", [("orderbook", codes), *bars, ("ticker", codes)])]

    def opened(self, now_ns: int) -> None:
        self.since_ns = now_ns
        self.closing.begin(self.instruments)
        self._line_ns = None
        self.fetches(True)

    def heard(self, message: bytes, now_ns: int) -> int | None:
        try:
            frame = read(message)
        except Unreadable as e:
            self._unread(str(e), now_ns)
            return None
        if frame.error is not None:
            self.standing.flawed(None, f"Upbit refuses: {frame.error.name} {frame.error.message}", now_ns)
            return None
        venue_ns = frame.venue_at_ns
        if venue_ns > now_ns + _AHEAD_NS:
            self._unread(f"{frame.code}: its time is {frame.timestamp}", now_ns)
            return None
        instrument = self._by_code.get(frame.code)
        if instrument is None or venue_ns <= 0:
            return None
        self.waiting.put((frame.type, frame.code, frame.candle_date_time_utc), (frame, instrument, now_ns))
        return venue_ns

    async def tell_on(self) -> None:
        """Until it is cancelled."""
        while True:
            self.tell(await self.waiting.take())

    def tell(self, heard: Sequence[Heard]) -> None:
        """What came, in its order; then the bars that have closed by the newest of it, known since that was heard."""
        received_ns = max((now_ns for _, _, now_ns in heard), default=0)
        for frame, instrument, now_ns in heard:
            try:
                self._tell(frame, instrument, now_ns)
            except Unreadable as e:
                self._unread(str(e), now_ns)
            else:
                self._time_is(frame.venue_at_ns)
        for each in self.closing.closed(self.venue_ns):
            self.emit(replace(each, received_at_ns=received_ns))
        if self.closing.sure(self.venue_ns):
            self.fetches(False)

    def _time_is(self, at_ns: int) -> None:
        """The newest of the line. Edge: the first message of a line jumps from nowhere."""
        last_ns, self._line_ns = self._line_ns, max(self._line_ns or at_ns, at_ns)
        self.venue_ns = max(self.venue_ns, at_ns)
        jumped = last_ns is not None and at_ns - last_ns > self.gap_ns
        if jumped and last_ns is not None and self.closing.jumped(self.instruments, last_ns, at_ns):
            self.fetches(True)

    def _tell(self, frame: Frame, instrument: Instrument, now_ns: int) -> None:
        if frame.type == "orderbook":
            self.told.tell(depth(frame, instrument, now_ns))
        elif self.unit is not None and frame.type == self.unit.stream:
            if not self.closing.take(bar(frame, instrument, self.unit, now_ns)):
                self.standing.flawed(instrument, "a bar changed after it was told", now_ns)
        elif frame.type == "ticker" and frame.market_state:
            state = VenueState.UP if frame.market_state == _ACTIVE else VenueState.DOWN
            self.standing.market(instrument, state, frame.market_state, now_ns)

    def _unread(self, why: str, now_ns: int) -> None:
        self.unread += 1
        self.standing.flawed(None, f"a message that cannot be read ({self.unread} so far): {why}", now_ns)
