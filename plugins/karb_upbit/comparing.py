"""Whether a market that is silent on the line is quiet, or told no more: its book is compared with the one of REST."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from karb_core.connection.line_params import nanoseconds
from karb_core.connection.questions import Questions
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth
from karb_core.domain.statement import VenueSilent
from karb_upbit.hearing import Hearing
from karb_upbit.past import books

_LOOKS = 4  # karb: constant because it says how finely a silence is measured: by a quarter of its bound
_ON_ITS_WAY_S = 5.0  # karb: constant because a book may be on its way to us while REST tells it


@dataclass(slots=True)
class Comparing:
    """`stall`: how long a market is silent before it is looked at. `gives_up`: the line is told to be of no use.

    Other markets may go on meanwhile, so that the line itself is not silent. Edge: a book of the same levels is the same
    whatever its time is: how Upbit stamps a quiet book is not documented.
    """

    hearing: Hearing
    asks: Questions
    now_ns: Callable[[], int]
    stall: timedelta
    gives_up: Callable[[str], None]
    _compared_ns: dict[Instrument, int] = field(init=False, default_factory=dict)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await asyncio.sleep(self.stall.total_seconds() / _LOOKS)
            silent = [i for i in self.hearing.instruments if self._is_silent(i)]
            if silent:
                await self._compare(silent)

    def _is_silent(self, instrument: Instrument) -> bool:
        """Since it was heard or compared last, on this line."""
        book, compared_ns = self.hearing.books.get(instrument), self._compared_ns.get(instrument)
        if self.hearing.since_ns is None:
            return False
        looked_ns = [self.hearing.since_ns]
        looked_ns += [] if book is None else [book.received_at_ns]
        looked_ns += [] if compared_ns is None else [compared_ns]
        return self.now_ns() - max(looked_ns) > nanoseconds(self.stall)

    async def _compare(self, silent: list[Instrument]) -> None:
        now_ns = self.now_ns()
        try:
            there = await books(self.asks, silent, now_ns)
        except VenueSilent:
            return
        self._compared_ns |= dict.fromkeys(silent, now_ns)
        if not self._behind(there):
            return
        await asyncio.sleep(_ON_ITS_WAY_S)
        for instrument in self._behind(there):
            self.gives_up(f"{instrument.text()} is told no more")

    def _behind(self, there: Mapping[Instrument, Depth]) -> list[Instrument]:
        """Those whose book went on at the venue, and not on the line."""
        return [i for i, book in there.items() if _is_older(self.hearing.books.get(i), book)]


def _is_older(heard: Depth | None, there: Depth) -> bool:
    if heard is None:
        return bool(there.bids or there.asks)
    same = (heard.bids, heard.asks) == (there.bids, there.asks)
    return not same and heard.venue_at_ns < there.venue_at_ns
