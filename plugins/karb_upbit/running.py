"""`upbit.stream` while it runs: one line, what is heard on it told in order, and bars fetched that it did not tell."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Any

from karb_core.connection.comparing import Comparing
from karb_core.connection.line_params import nanoseconds
from karb_core.connection.questions import Questions
from karb_core.connection.standing import Standing
from karb_core.connection.stream import Stream
from karb_core.connection.stream_line import OpensLine
from karb_core.connection.telling_of_venue import TellingOfVenue
from karb_core.domain.instrument import Instrument
from karb_core.domain.statement import VenueSilent
from karb_core.ports import Clock, Wants
from karb_core.ports.feed import Emit
from karb_upbit.candles import unit_of
from karb_upbit.closing import Closing
from karb_upbit.codes import VENUE
from karb_upbit.hearing import Hearing
from karb_upbit.params import StreamParams
from karb_upbit.past import bars, books, need_closes, said

_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_LINE = "quotation"
_AGAIN_S = 10.0  # karb: constant because it says how soon a question is asked again
_HELD_S = 10.0  # karb: constant because bars that are there do not wait longer for older ones
_LOOK_S = 0.25  # karb: constant because it says how often a clock is looked at


@dataclass(slots=True)
class Running:
    """Errors, when it is made: ValueError for bars that Upbit's candles do not make up, or that are made of mids."""

    params: StreamParams
    wants: Wants
    emit: Emit
    clock: Clock
    opens: OpensLine
    asks: Questions
    random: Random
    hearing: Hearing = field(init=False)
    stream: Stream = field(init=False)
    _closing: Closing = field(init=False)
    _late_ns: int = field(init=False)
    _fetches: asyncio.Task[None] | None = field(init=False, default=None)
    _broke: asyncio.Future[None] = field(init=False)

    def __post_init__(self) -> None:
        need_closes(self.wants)
        unit = unit_of(self.wants.bars_ns)
        self._late_ns = nanoseconds(self.params.late)
        # What `past` may have left out because it had only just closed: the venue's clock is told to the second.
        self._closing = Closing(self._late_ns, self.clock.now_ns() - self._late_ns - _SECOND, self.wants.bars_ns)
        standing = Standing(self.emit, VENUE, (_LINE,))
        self.hearing = Hearing(
            instruments=self.wants.instruments,
            unit=unit if unit.lasts_ns == self.wants.bars_ns else None,
            closing=self._closing,
            standing=standing,
            emit=self.emit,
            fetches=self._begin_fetching,
            gap_ns=nanoseconds(self.params.gap),
        )
        self.stream = Stream(
            opens=self.opens,
            hears=self.hearing,
            tells=lambda state, why: standing.line(_LINE, state, why, self.clock.now_ns()),
            now_ns=self.clock.now_ns,
            settings=self.params.settings(),
            random=self.random,
        )

    async def run(self) -> None:
        """Until it is cancelled. What breaks in it, a fetch too, is raised here."""
        self._broke = asyncio.get_running_loop().create_future()
        comparing = Comparing(
            self.hearing, partial(books, self.asks), self.clock.now_ns, self.params.stall, self.stream.give_up
        )
        work: list[Coroutine[Any, Any, None]] = [self.stream.run(), self.hearing.tell_on(), comparing.run()]
        if self.hearing.unit is None:
            work.append(self._fetch_at_closes())
        if self.wants.clocks or self.wants.cautions:
            work.append(
                TellingOfVenue(
                    VENUE, partial(said, self.asks, self.wants.instruments), self.emit, self.clock.now_ns
                ).run()
            )
        tasks = [asyncio.create_task(each) for each in work]
        try:
            await asyncio.gather(*tasks, self._broke)
        finally:
            if self._fetches is not None:
                tasks.append(self._fetches)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _begin_fetching(self, only_now: bool) -> None:
        """Whatever closed and was not told. `only_now`: it may have closed this very moment."""
        if self._fetches is not None:
            self._fetches.cancel()
        self._fetches = asyncio.create_task(self._catch_up(only_now))
        self._fetches.add_done_callback(self._ended)

    def _ended(self, fetches: asyncio.Task[None]) -> None:
        broke = None if fetches.cancelled() else fetches.exception()
        if broke is not None and not self._broke.done():
            self._broke.set_exception(broke)

    async def _catch_up(self, only_now: bool) -> None:
        """What closed only now is asked for when the venue takes it for closed: whatever ends later is heard."""
        released = asyncio.get_running_loop().call_later(_HELD_S, self._closing.behind.clear)
        try:
            if only_now:
                await asyncio.sleep((self._late_ns + _SECOND) / _SECOND)
            await asyncio.gather(*(self._fetch(instrument) for instrument in self.wants.instruments))
        finally:
            released.cancel()

    async def _fetch(self, instrument: Instrument) -> None:
        """Until it was answered: a bar that comes late takes its place in what is looked back on."""
        ask = partial(bars, self.asks, instrument, self.wants.bars_ns)
        while True:
            since_ns = self._closing.since_ns(instrument)
            try:
                found = await ask(
                    since_ns - since_ns % self.wants.bars_ns, self.clock.now_ns() + _SECOND, self._late_ns
                )
            except VenueSilent:
                self._closing.behind.discard(instrument)
                await asyncio.sleep(_AGAIN_S)
            else:
                self._closing.behind.discard(instrument)
                for bar in self._closing.fetched(instrument, found):
                    self.emit(replace(bar, received_at_ns=self.clock.now_ns()))
                return

    async def _fetch_at_closes(self) -> None:
        """Bars of a length that the stream does not have: each is asked for once the venue's time is past it."""
        length_ns = self.wants.bars_ns
        end_ns = (self.clock.now_ns() // length_ns + 1) * length_ns
        while True:
            while self.hearing.venue_ns < end_ns + self._late_ns + _SECOND:
                await asyncio.sleep(_LOOK_S)
            await asyncio.gather(*(self._fetch(instrument) for instrument in self.wants.instruments))
            end_ns += length_ns
