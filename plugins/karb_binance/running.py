"""A stream of Binance's while it runs: what is heard on its lines, and what REST must tell besides."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Any

from karb_binance.candles import unit_of
from karb_binance.closing import Closing
from karb_binance.hearing_all import HearingAll
from karb_binance.hearing_books import HearingBooks
from karb_binance.hearing_market import HearingMarket
from karb_binance.market_past import book, candles, need_closes, said
from karb_binance.params import LinesParams
from karb_binance.product import Product
from karb_binance.settling import Settling
from karb_core.connection.line_params import nanoseconds
from karb_core.connection.questions import Questions
from karb_core.connection.standing import Standing
from karb_core.connection.stream import Hears, Stream
from karb_core.connection.stream_line import OpensLine
from karb_core.connection.telling_of_venue import TellingOfVenue
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import VenueState
from karb_core.domain.statement import VenueSilent
from karb_core.ports import Clock, Wants
from karb_core.ports.feed import Emit

_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_LOOK_S = 1.0  # karb: constant because it says how often it is looked whether something is missing
# karb: constant because deep snapshots weigh much: books that break for ever must not shut us out
_PACE_NS = 5 * _SECOND


@dataclass(slots=True)
class Running:
    """`opens`: each line of the product, in its order.

    Errors, when it is made: ValueError for bars that Binance's candles do not make up, or that are made of mids.
    """

    product: Product
    params: LinesParams
    wants: Wants
    emit: Emit
    clock: Clock
    opens: Sequence[OpensLine]
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
        need_closes(self.wants, self.product.venue)
        unit = unit_of(self.wants.bars_ns)
        self._late_ns = nanoseconds(self.params.late)
        # What `past` may have left out because it had only just closed: the venue's clock is told to the second.
        from_ns = self.clock.now_ns() - self._late_ns - _SECOND
        self._closing = Closing(self.wants.bars_ns, unit.lasts_ns, from_ns)
        standing = Standing(self.emit, self.product.venue, self.product.lines)
        self.books = HearingBooks(
            self.wants.instruments, self.product.change, standing, self.emit, self._begin_snapshot
        )
        self.market = HearingMarket(
            self.wants.instruments, unit, self.product.marks, self._closing, standing, self.emit
        )

        def tells(name: str) -> Callable[[VenueState, str], None]:
            return lambda state, why: standing.line(name, state, why, self.clock.now_ns())

        apart: list[Hears] = [self.books, self.market]
        hears = apart if len(self.product.lines) == len(apart) else [HearingAll(self.books, self.market)]
        self._streams = {
            name: Stream(opens, hears, tells(name), self.clock.now_ns, self.params.settings(), self.random)
            for name, opens, hears in zip(self.product.lines, self.opens, hears, strict=True)
        }

    async def run(self) -> None:
        """Until it is cancelled. What breaks in it is raised here."""
        work: list[Coroutine[Any, Any, None]] = [stream.run() for stream in self._streams.values()]
        work += [self.books.tell_on(), self._fetch_missing(), self._watch_markets()]
        if self.product.marks:
            work += Settling(self.asks, self.wants, self.emit, self.clock, self.market).work()
        if self.wants.clocks or self.wants.cautions:
            ask = partial(said, self.asks, self.product)
            work.append(TellingOfVenue(self.product.venue, ask, self.emit, self.clock.now_ns).run())
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
                found = await book(self.asks, self.product, instrument)
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
            found = await candles(
                self.asks, self.product, instrument, self.market.unit, since_ns, until_ns, self._late_ns
            )
        except VenueSilent:
            return
        for bar in self._closing.fetched(instrument, found):
            self.emit(replace(bar, received_at_ns=self.clock.now_ns()))

    async def _watch_markets(self) -> None:
        """Others may be told while one is not: then its line is of no use."""
        bound_ns = nanoseconds(self.params.stall)
        while True:
            await asyncio.sleep(_LOOK_S)
            now_ns = self.clock.now_ns()
            for instrument, heard_ns in self.books.heard_ns.items():
                if now_ns - heard_ns > bound_ns:
                    self._streams[self.product.lines[0]].give_up(f"{instrument.text()} is told no more")
