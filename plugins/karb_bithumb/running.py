"""`bithumb.stream` while it runs: a line of books, and each bar asked for by REST once it has closed."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Any

from karb_bithumb.candles import unit_of
from karb_bithumb.codes import VENUE
from karb_bithumb.hearing import Hearing
from karb_bithumb.params import StreamParams
from karb_bithumb.past import bars, books, need_closes, said
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

_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_LINE = "books"
_AGAIN_S = 10.0  # karb: constant because it says how soon a question is asked again
_LOOK_S = 0.25  # karb: constant because it says how often a clock is looked at


@dataclass(slots=True)
class Running:
    """Errors, when it is made: ValueError for bars that Bithumb's candles do not make up, or that are made of mids."""

    params: StreamParams
    wants: Wants
    emit: Emit
    clock: Clock
    opens: OpensLine
    asks: Questions
    random: Random
    hearing: Hearing = field(init=False)
    stream: Stream = field(init=False)
    _late_ns: int = field(init=False)
    _told_ns: int = field(init=False)

    def __post_init__(self) -> None:
        need_closes(self.wants)
        unit_of(self.wants.bars_ns)
        self._late_ns = nanoseconds(self.params.late)
        # What `past` may have left out because it had only just closed: the venue's clock is told to the second.
        self._told_ns = self.clock.now_ns() - self._late_ns - _SECOND
        standing = Standing(self.emit, VENUE, (_LINE,))
        self.hearing = Hearing(self.wants.instruments, standing, self.emit)
        self.stream = Stream(
            opens=self.opens,
            hears=self.hearing,
            tells=lambda state, why: standing.line(_LINE, state, why, self.clock.now_ns()),
            now_ns=self.clock.now_ns,
            settings=self.params.settings(),
            random=self.random,
        )

    async def run(self) -> None:
        """Until it is cancelled. What breaks in it is raised here."""
        ask_books = partial(books, self.asks)
        comparing = Comparing(self.hearing, ask_books, self.clock.now_ns, self.params.stall, self.stream.give_up)
        work: list[Coroutine[Any, Any, None]] = [self.stream.run(), self.hearing.tell_on(), comparing.run()]
        work += [self._tell_bars(instrument) for instrument in self.wants.instruments]
        if self.wants.clocks or self.wants.cautions:
            work.append(
                TellingOfVenue(
                    VENUE, partial(said, self.asks, self.wants.instruments), self.emit, self.clock.now_ns
                ).run()
            )
        tasks = [asyncio.create_task(each) for each in work]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _tell_bars(self, instrument: Instrument) -> None:
        """Each bar once the venue's time is past it, in order, and none twice. While REST is silent they wait.

        Edge: what nothing traded in has no bar; a question begins where the last bar that was told ended. What closed while
        it was under way is asked for by the next.
        """
        told_ns, length_ns = self._told_ns, self.wants.bars_ns
        due_ns = (told_ns // length_ns + 1) * length_ns
        while True:
            while self.hearing.venue_ns < due_ns + self._late_ns + _SECOND:
                await asyncio.sleep(_LOOK_S)
            asked_ns = self.hearing.venue_ns
            until_ns = max(asked_ns, self.clock.now_ns()) + _SECOND
            try:
                found = await bars(
                    self.asks, instrument, length_ns, told_ns - told_ns % length_ns, until_ns, self._late_ns
                )
            except VenueSilent:
                await asyncio.sleep(_AGAIN_S)
                continue
            for bar in found:
                told_ns = bar.end_ns
                self.emit(replace(bar, received_at_ns=self.clock.now_ns()))
            due_ns = ((asked_ns - self._late_ns - _SECOND) // length_ns + 1) * length_ns
