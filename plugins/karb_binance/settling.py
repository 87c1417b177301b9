"""Settlements of funding while a stream runs: what they did cost, and how long there is between them, as REST tells it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any

from karb_binance.hearing_market import HearingMarket
from karb_binance.past import intervals, settled
from karb_core.connection.questions import Questions
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import FundingRate
from karb_core.domain.statement import VenueSilent
from karb_core.ports import Clock, Wants
from karb_core.ports.feed import Emit

_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_LOOK_S = 1.0  # karb: constant because it says how often it is looked whether something is missing
_AGAIN_S = 1.0  # karb: constant because it says how soon a question is asked again
_SETTLES_NS = 10 * _SECOND  # karb: constant because REST lists a settlement some seconds after it
_INTERVALS_S = (
    3600.0  # karb: constant because it says how often intervals of funding, which change rarely, are asked for
)


@dataclass(frozen=True, slots=True)
class Settling:
    asks: Questions
    wants: Wants
    emit: Emit
    clock: Clock
    market: HearingMarket

    def work(self) -> list[Coroutine[Any, Any, None]]:
        """What goes on until it is cancelled."""
        return [self._know_intervals(), self._tell_settled()]

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
