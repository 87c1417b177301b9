"""`binance_usdm.stream` while it runs: a line of books and one of marks and candles, and what REST must tell for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from karb_binance.candles import unit_of
from karb_binance.closing import Closing
from karb_binance.hearing_books import HearingBooks
from karb_binance.hearing_market import HearingMarket
from karb_binance.params import StreamParams
from karb_binance.past import book, candles, intervals, need_closes, settled
from karb_binance.symbols import VENUE
from karb_core.connection.line_params import nanoseconds
from karb_core.connection.questions import Questions
from karb_core.connection.standing import Standing
from karb_core.connection.stream import Stream
from karb_core.connection.stream_line import OpensLine
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import FundingRate, VenueState
from karb_core.domain.statement import VenueSilent
from karb_core.ports import Clock, Wants
from karb_core.ports.feed import Emit

BOOKS, MARKET = "books", "marks and candles"
_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_LOOK_S = 1.0  # karb: constant because it says how often it is looked whether something is missing
_AGAIN_S = 1.0  # karb: constant because it says how soon a question is asked again
# karb: constant because deep snapshots weigh much: books that break for ever must not shut us out
_PACE_NS = 5 * _SECOND
_SETTLES_NS = 10 * _SECOND  # karb: constant because REST lists a settlement some seconds after it
_INTERVALS_S = (
    3600.0  # karb: constant because it says how often intervals of funding, which change rarely, are asked for
)


@dataclass(slots=True)
class Running:
    """Errors, when it is made: ValueError for bars that Binance's candles do not make up, or that are made of mids."""

    params: StreamParams
    wants: Wants
    emit: Emit
    clock: Clock
    opens_books: OpensLine
    opens_market: OpensLine
    asks: Questions
    random: Random
    books: HearingBooks = field(init=False)
    market: HearingMarket = field(init=False)
    _streams: dict[str, Stream] = field(init=False)
    _closing: Closing = field(init=False)
    _late_ns: int = field(init=False)
    _snapshots: dict[Instrument, asyncio.Task[None]] = field(init=False, default_factory=dict)
    _asked_ns: dict[Instrument, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        need_closes(self.wants)
        unit = unit_of(self.wants.bars_ns)
        self._late_ns = nanoseconds(self.params.late)
        # What `past` may have left out because it had only just closed: the venue's clock is told to the second.
        from_ns = self.clock.now_ns() - self._late_ns - _SECOND
        self._closing = Closing(self.wants.bars_ns, unit.lasts_ns, from_ns)
        standing = Standing(self.emit, VENUE, (BOOKS, MARKET))
        self.books = HearingBooks(self.wants.instruments, standing, self.emit, self._begin_snapshot)
        self.market = HearingMarket(self.wants.instruments, unit, self._closing, standing, self.emit)

        def tells(name: str) -> Callable[[VenueState, str], None]:
            return lambda state, why: standing.line(name, state, why, self.clock.now_ns())

        self._streams = {
            name: Stream(opens, hears, tells(name), self.clock.now_ns, self.params.settings(), self.random)
            for name, opens, hears in (
                (BOOKS, self.opens_books, self.books),
                (MARKET, self.opens_market, self.market),
            )
        }

    async def run(self) -> None:
        """Until it is cancelled. What breaks in it is raised here."""
        work: list[Coroutine[Any, Any, None]] = [stream.run() for stream in self._streams.values()]
        work += [self.books.tell_on(), self._fetch_missing(), self._know_intervals(), self._watch_markets()]
        work += [self._tell_settled()]
        tasks = [asyncio.create_task(each) for each in work]
        try:
            await asyncio.gather(*tasks)
        finally:
            tasks += self._snapshots.values()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _begin_snapshot(self, instrument: Instrument) -> None:
        if instrument in self._snapshots:
            self._snapshots[instrument].cancel()
        self._snapshots[instrument] = asyncio.create_task(self._snapshot(instrument))

    async def _snapshot(self, instrument: Instrument) -> None:
        """Until one leads on to what was heard."""
        while True:
            # karb: constant because what was never asked for may be asked for now
            due_ns = self._asked_ns.get(instrument, 0) + _PACE_NS
            await asyncio.sleep(max(0, due_ns - self.clock.now_ns()) / _SECOND)
            self._asked_ns[instrument] = self.clock.now_ns()
            try:
                found = await book(self.asks, instrument)
            except VenueSilent:
                continue
            if self.books.answered(instrument, found, self.clock.now_ns()):
                return

    async def _fetch_missing(self) -> None:
        """Candles that closed by the venue's own time and were not told, whyever."""
        while True:
            await asyncio.sleep(_LOOK_S)
            for instrument in self.wants.instruments:
                if self._closing.is_missing(instrument, self.market.venue_ns, self._late_ns):
                    await self._fetch(instrument)

    async def _fetch(self, instrument: Instrument) -> None:
        since_ns, until_ns = self._closing.next_ns(instrument), self.market.venue_ns + _SECOND
        try:
            found = await candles(self.asks, instrument, self.market.unit, since_ns, until_ns, self._late_ns)
        except VenueSilent:
            return
        for bar in self._closing.fetched(instrument, found):
            self.emit(replace(bar, received_at_ns=self.clock.now_ns()))

    async def _tell_settled(self) -> None:
        """The stream tells what a settlement will cost, and never what it did: REST does, once it is over."""
        while True:
            await asyncio.sleep(_LOOK_S)
            for instrument, settles_ns in list(self.market.settles_ns.items()):
                if self.market.venue_ns >= settles_ns + _SETTLES_NS:
                    await self._tell_settlements(instrument, settles_ns)

    async def _tell_settlements(self, instrument: Instrument, since_ns: int) -> None:
        """Since that one. Edge: it is asked for again until it is there; the next mark tells when the next one is."""
        try:
            found = await settled(self.asks, instrument, since_ns, self.market.venue_ns)
        except VenueSilent:
            found = []
        rates = [each for each in found if isinstance(each, FundingRate)]
        for rate in rates:
            self.emit(replace(rate, received_at_ns=self.clock.now_ns()))
        if rates:
            del self.market.settles_ns[instrument]
        else:
            await asyncio.sleep(_AGAIN_S)

    async def _know_intervals(self) -> None:
        while True:
            try:
                self.market.intervals_ns |= await intervals(self.asks, self.wants.instruments)
            except VenueSilent:
                self.market.intervals_ns.clear()
            await asyncio.sleep(_INTERVALS_S)

    async def _watch_markets(self) -> None:
        """Others may be told while one is not: then its line is of no use."""
        bound_ns = nanoseconds(self.params.stall)
        while True:
            await asyncio.sleep(_LOOK_S)
            now_ns = self.clock.now_ns()
            for instrument, heard_ns in self.books.heard_ns.items():
                if now_ns - heard_ns > bound_ns:
                    self._streams[BOOKS].give_up(f"{instrument.text()} is told no more")
