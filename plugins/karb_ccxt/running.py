"""`ccxt.books` while it runs: everything is asked for again and again, each market by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

from karb_ccxt.asked import asked
from karb_ccxt.books import BooksParams
from karb_ccxt.exchange import Exchange
from karb_ccxt.past import bars, timeframe_of
from karb_ccxt.symbols import symbol_of
from karb_ccxt.told_market import depth_of, funding_of, mark_of
from karb_core.connection.back_off import BackOff
from karb_core.connection.failures import Unanswered, VenueRejected
from karb_core.connection.line_params import nanoseconds
from karb_core.connection.standing import Standing
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import VenueState
from karb_core.ports import Clock, Wants
from karb_core.ports.feed import Emit

_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_LOOK_S = 0.25  # karb: constant because it says how often a clock is looked at


@dataclass(slots=True)
class Running:
    """Errors, when it is made: ValueError for bars that the exchange has none of, or that are made of mids.

    A book is told as it was answered; one whose exchange's time goes back is passed over. A market that does not answer is
    degraded at once and asked again, later each time; where it was asked in vain so often in a row, it is down.
    """

    params: BooksParams
    exchange: Exchange
    wants: Wants
    emit: Emit
    clock: Clock
    random: Random
    _standing: Standing = field(init=False)
    _told_ns: dict[Instrument, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        timeframe_of(self.exchange, self.wants)
        lines = tuple(i.text() for i in self.wants.instruments)
        self._standing = Standing(self.emit, self.params.venue, lines)

    async def run(self) -> None:
        """Until it is cancelled. What breaks in it is raised here."""
        work: list[Coroutine[Any, Any, None]] = []
        for instrument in self.wants.instruments:
            work.append(self._again(instrument, self.params.every, self._book))
            work.append(self._bars(instrument))
            if self.params.market == "swap":
                work.append(self._again(instrument, self.params.marks_every, self._mark))
        tasks = [asyncio.create_task(each) for each in work]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _again(
        self, instrument: Instrument, every: timedelta, ask: Callable[[Instrument], Awaitable[None]]
    ) -> None:
        params, telling = self.params, ask == self._book
        back_off = BackOff(
            params.back_off.total_seconds(), params.back_off_cap.total_seconds(), params.down_after, self.random
        )
        while True:
            try:
                await ask(instrument)
            except (Unanswered, VenueRejected, Unreadable) as e:
                wait_s = back_off.failed()
                if telling:
                    state = VenueState.DOWN if back_off.down else VenueState.DEGRADED
                    self._standing.line(instrument.text(), state, str(e), self.clock.now_ns())
                await asyncio.sleep(wait_s)
            else:
                back_off.answered()
                if telling:
                    self._standing.line(instrument.text(), VenueState.UP, "", self.clock.now_ns())
                await asyncio.sleep(every.total_seconds())

    async def _book(self, instrument: Instrument) -> None:
        told = await asked(self.exchange.fetch_order_book(symbol_of(instrument, self.params.market)))
        depth = depth_of(instrument, told, self.clock.now_ns())
        # karb: constant because no book was told before time began
        if depth.venue_at_ns < self._told_ns.get(instrument, 0):
            return
        self._told_ns[instrument] = depth.venue_at_ns
        self.emit(depth)
        top = depth.top()
        if top is not None:
            self.emit(top)

    async def _mark(self, instrument: Instrument) -> None:
        told = await asked(self.exchange.fetch_funding_rate(symbol_of(instrument, self.params.market)))
        now_ns = self.clock.now_ns()
        for event in (mark_of(instrument, told, now_ns), funding_of(instrument, told, now_ns)):
            if event is not None:
                self.emit(event)

    async def _bars(self, instrument: Instrument) -> None:
        """Each bar once, when it is closed by our clock; one that the exchange tells late takes its place behind."""
        length_ns, late_ns = self.wants.bars_ns, nanoseconds(self.params.late)
        symbol, timeframe = symbol_of(instrument, self.params.market), timeframe_of(self.exchange, self.wants)
        next_ns = self.clock.now_ns() // length_ns * length_ns
        while True:
            due_ns = next_ns + length_ns + late_ns
            while (now_ns := self.clock.now_ns()) < due_ns:
                await asyncio.sleep(min(_LOOK_S, (due_ns - now_ns) / _SECOND))
            until_ns = (now_ns - late_ns) // length_ns * length_ns
            try:
                found = await bars(self.exchange, instrument, symbol, timeframe, length_ns, next_ns, until_ns)
            except (Unanswered, VenueRejected, Unreadable):
                await asyncio.sleep(self.params.back_off.total_seconds())
                continue
            for bar in found:
                self.emit(replace(bar, received_at_ns=self.clock.now_ns()))
            if found:
                next_ns = found[-1].end_ns
            else:  # nothing traded, or it is told late: it is asked for again, and what came is looked back on
                await asyncio.sleep(self.params.back_off.total_seconds())
