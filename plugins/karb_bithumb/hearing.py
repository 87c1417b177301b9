"""What is heard on a line of Bithumb's, as events: books, and how the venue and its markets stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from karb_bithumb.market_wire import STREAM_TICK_NS, Frame, depth, frame_of, subscription
from karb_core.connection.books_told import BooksTold
from karb_core.connection.standing import Standing
from karb_core.connection.stream_conflated import Conflated
from karb_core.connection.told_order import market_of
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, VenueState
from karb_core.ports.feed import Emit

_ACTIVE = (None, "", "ACTIVE")
_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_AHEAD_NS = 60 * _SECOND  # karb: constant because a time so far ahead of ours is none
_BEHIND_NS = 86_400 * _SECOND  # karb: constant because a book is not a day old: its time is in another unit then

#: A message, of which instrument, and when it reached us.
Heard = tuple[Frame, Instrument, int]


@dataclass(slots=True)
class Hearing:
    """`Hears` for books and states of markets. What is heard waits conflated until `tell_on` tells it.

    `venue_ns`: the newest time that a book told: those of the ticker are not believed. `unread`: messages that could not
    be read; `since_ns`: when the line opened, None before the first.
    """

    instruments: Sequence[Instrument]
    standing: Standing
    emit: Emit
    venue_ns: int = field(init=False, default=0)
    since_ns: int | None = field(init=False, default=None)
    unread: int = field(init=False, default=0)
    told: BooksTold = field(init=False)
    _waiting: Conflated[tuple[str, str], Heard] = field(init=False, default_factory=Conflated)
    _by_code: Mapping[str, Instrument] = field(init=False)

    def __post_init__(self) -> None:
        self._by_code = {market_of(i): i for i in self.instruments}
        self.told = BooksTold(self.standing, self.emit)

    @property
    def books(self) -> Mapping[Instrument, Depth]:
        """The last one of each market, as it came."""
        return self.told.last

    def asks(self) -> Sequence[str]:
        codes = list(self._by_code)
        return [subscription("karb", [("orderbook", codes), ("ticker", codes)])]

    def opened(self, now_ns: int) -> None:
        self.since_ns = now_ns

    def heard(self, message: bytes, now_ns: int) -> int | None:
        try:
            frame = frame_of(message)
        except Unreadable as e:
            self._unread(str(e), now_ns)
            return None
        if frame.error is not None:
            self.standing.flawed(None, f"Bithumb refuses: {frame.error.name} {frame.error.message}", now_ns)
            return None
        instrument = self._by_code.get(frame.code)
        if instrument is None or frame.type not in ("orderbook", "ticker"):
            return None
        venue_ns = frame.timestamp * STREAM_TICK_NS if frame.type == "orderbook" else None
        if venue_ns is not None and not now_ns - _BEHIND_NS <= venue_ns <= now_ns + _AHEAD_NS:
            self._unread(f"{frame.code}: its time is {frame.timestamp}", now_ns)
            return None
        self._waiting.put((frame.type, frame.code), (frame, instrument, now_ns))
        return venue_ns

    async def tell_on(self) -> None:
        """Until it is cancelled."""
        while True:
            for frame, instrument, now_ns in await self._waiting.take():
                try:
                    self._tell(frame, instrument, now_ns)
                except Unreadable as e:
                    self._unread(str(e), now_ns)

    def _tell(self, frame: Frame, instrument: Instrument, now_ns: int) -> None:
        if frame.type == "orderbook":
            book = depth(instrument, frame.orderbook_units, frame.timestamp, STREAM_TICK_NS, now_ns)
            self.venue_ns = max(self.venue_ns, book.venue_at_ns)
            self.told.tell(book)
            return
        shut = frame.is_trading_suspended or frame.market_state not in _ACTIVE
        why = frame.market_state or ("trading is suspended" if shut else "")
        self.standing.market(instrument, VenueState.DOWN if shut else VenueState.UP, why, now_ns)

    def _unread(self, why: str, now_ns: int) -> None:
        self.unread += 1
        self.standing.flawed(None, f"a message that cannot be read ({self.unread} so far): {why}", now_ns)
