"""What is heard on the line of books, as events: each book, exactly built, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from karb_binance.book_building import BookBuilding, Change, Snapshot
from karb_binance.market_wire import MS, Frame, read, subscription
from karb_binance.symbols import symbol_of
from karb_core.connection.standing import Standing
from karb_core.connection.stream_conflated import Conflated
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth
from karb_core.ports.feed import Emit

_AHEAD_NS = 60 * 1_000_000_000  # karb: constant because a time so far ahead of ours is none


@dataclass(slots=True)
class HearingBooks:
    """`Hears` for changes of books. What changed waits conflated until `tell_on` tells it.

    `change`: a change of a book as this product tells it; `Unreadable`. `needs_snapshot` is called once for each book that
    must be built, after its first change came. `heard_ns`: when a market was heard last on this line, or when the line
    opened; empty before the first. `unread`: messages that could not be read; `gaps`: books that were taken away because a
    change was missing.
    """

    instruments: Sequence[Instrument]
    change: Callable[[Frame], Change]
    standing: Standing
    emit: Emit
    needs_snapshot: Callable[[Instrument], None]
    unread: int = field(init=False, default=0)
    gaps: int = field(init=False, default=0)
    heard_ns: dict[Instrument, int] = field(init=False, default_factory=dict)
    _books: dict[Instrument, BookBuilding] = field(init=False)
    _by_symbol: dict[str, Instrument] = field(init=False)
    _asked: set[Instrument] = field(init=False, default_factory=set)
    _told: dict[Instrument, Depth] = field(init=False, default_factory=dict)
    _waiting: Conflated[Instrument, tuple[Instrument, int]] = field(init=False, default_factory=Conflated)

    def __post_init__(self) -> None:
        self._by_symbol = {symbol_of(i): i for i in self.instruments}
        self._books = {i: BookBuilding(i) for i in self.instruments}

    def asks(self) -> Sequence[str]:
        return [subscription(f"{symbol.lower()}@depth@100ms" for symbol in self._by_symbol)]

    def opened(self, now_ns: int) -> None:
        self._asked.clear()
        for instrument, book in self._books.items():
            book.begin()
            self.heard_ns[instrument] = now_ns
            self._take_away(instrument, now_ns)

    def heard(self, message: bytes, now_ns: int) -> int | None:
        try:
            return self.take(read(message), now_ns)
        except Unreadable as e:
            self.cannot_read(e, now_ns)
            return None

    def cannot_read(self, why: Unreadable, now_ns: int) -> None:
        self.unread += 1
        self.standing.flawed(None, f"a message that cannot be read ({self.unread} so far): {why}", now_ns)

    def take(self, frame: Frame, now_ns: int) -> int | None:
        """As `heard`. Errors: Unreadable."""
        if frame.error is not None:
            raise Unreadable(f"Binance refuses: {frame.error.code} {frame.error.msg}")
        instrument = self._by_symbol.get(frame.symbol)
        if frame.event != "depthUpdate" or instrument is None:
            return None
        found = self.change(frame)
        if found.venue_at_ns > now_ns + _AHEAD_NS:
            raise Unreadable(f"{frame.symbol}: its time is {frame.at_ms}")
        self.heard_ns[instrument] = now_ns
        if not self._books[instrument].changed(found):
            self.gaps += 1
            self._rebuild(instrument, "a change of its book is missing", now_ns)
        if not self._books[instrument].leads_on and instrument not in self._asked:
            self._ask(instrument)
        self._waiting.put(instrument, (instrument, now_ns))
        return max(found.venue_at_ns, frame.told_ms * MS)

    def answered(self, instrument: Instrument, snapshot: Snapshot, now_ns: int) -> bool:
        """False where a newer snapshot is needed."""
        well = self._books[instrument].begin_from(snapshot)
        if well:
            self._asked.discard(instrument)
            self._waiting.put(instrument, (instrument, now_ns))
        return well

    async def tell_on(self) -> None:
        """Until it is cancelled."""
        while True:
            for instrument, now_ns in await self._waiting.take():
                self._tell(instrument, now_ns)

    def _tell(self, instrument: Instrument, now_ns: int) -> None:
        building = self._books[instrument]
        if not building.leads_on:
            return
        book = building.told(now_ns)
        if book is None:
            building.begin()
            self._rebuild(instrument, "its book is crossed, or goes beyond what is known of it", now_ns)
            return
        last = self._told.get(instrument)
        if last is None or book.venue_at_ns >= last.venue_at_ns:
            self._told[instrument] = book
            self.standing.sound(instrument, now_ns)
            self.emit(book)

    def _rebuild(self, instrument: Instrument, why: str, now_ns: int) -> None:
        self.standing.flawed(instrument, why, now_ns)
        self._take_away(instrument, now_ns)
        self._asked.discard(instrument)

    def _take_away(self, instrument: Instrument, now_ns: int) -> None:
        """Nobody trades at a book that may have gone on: it is told to be empty."""
        last = self._told.get(instrument)
        if last is not None and (last.bids or last.asks):
            self._told[instrument] = Depth(instrument, (), (), last.venue_at_ns, now_ns)
            self.emit(self._told[instrument])

    def _ask(self, instrument: Instrument) -> None:
        self._asked.add(instrument)
        self.needs_snapshot(instrument)
