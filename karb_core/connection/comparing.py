"""Whether a market that is silent on the line is quiet, or told no more: its book is compared with the one of REST."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from karb_core.connection.line_params import nanoseconds
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, Level
from karb_core.domain.statement import VenueSilent

#: Books as REST tells them now, and when that was. Errors: `VenueSilent`.
AsksBooks = Callable[[Sequence[Instrument], int], Awaitable[Mapping[Instrument, Depth]]]

_LOOKS = 4  # karb: constant because it says how finely a silence is measured: by a quarter of its bound
_ON_ITS_WAY_S = 5.0  # karb: constant because a book may be on its way to us while REST tells it


class HeardBooks(Protocol):
    """books: the last of each market; since_ns: when the line opened, None before the first."""

    @property
    def instruments(self) -> Sequence[Instrument]: ...
    @property
    def books(self) -> Mapping[Instrument, Depth]: ...
    @property
    def since_ns(self) -> int | None: ...


@dataclass(slots=True)
class Comparing:
    """`stall`: how long a market is silent before it is looked at. `gives_up`: the line is told to be of no use.

    Other markets may go on meanwhile, so that the line itself is not silent. Edge: a book of the same levels is the same
    whatever its time is, as far as both tell any: how venues stamp a quiet book is not documented.
    """

    heard: HeardBooks
    books: AsksBooks
    now_ns: Callable[[], int]
    stall: timedelta
    gives_up: Callable[[str], None]
    _compared_ns: dict[Instrument, int] = field(init=False, default_factory=dict)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await asyncio.sleep(self.stall.total_seconds() / _LOOKS)
            silent = [i for i in self.heard.instruments if self._is_silent(i)]
            if silent:
                await self._compare(silent)

    def _is_silent(self, instrument: Instrument) -> bool:
        """Since it was heard or compared last, on this line."""
        book, compared_ns = self.heard.books.get(instrument), self._compared_ns.get(instrument)
        if self.heard.since_ns is None:
            return False
        looked_ns = [self.heard.since_ns]
        looked_ns += [] if book is None else [book.received_at_ns]
        looked_ns += [] if compared_ns is None else [compared_ns]
        return self.now_ns() - max(looked_ns) > nanoseconds(self.stall)

    async def _compare(self, silent: list[Instrument]) -> None:
        now_ns = self.now_ns()
        try:
            there = await self.books(silent, now_ns)
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
        return [i for i, book in there.items() if _is_older(self.heard.books.get(i), book)]


def _is_older(heard: Depth | None, there: Depth) -> bool:
    if heard is None:
        return bool(there.bids or there.asks)
    same = _same(heard.bids, there.bids) and _same(heard.asks, there.asks)
    return not same and heard.venue_at_ns < there.venue_at_ns


def _same(heard: Sequence[Level], there: Sequence[Level]) -> bool:
    """REST may tell more levels of a side than the line does."""
    both = min(len(heard), len(there))
    return heard[:both] == there[:both] and bool(heard) == bool(there)
