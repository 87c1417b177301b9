"""Feeds and rates while a house lives: each is begun anew whenever it breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from karb_core.ports import Clock, Feed, FxSource, Wants
from karb_core.texts.text import Said, Text
from karb_core.wiring.asking_feeds import said_of
from karb_core.wiring.house import House
from karb_core.wiring.warming_up import WarmingUp

_AGAIN_S = 1.0  # karb: constant because it says how soon a feed that broke is begun anew


@dataclass(frozen=True, slots=True)
class Markets:
    """What the house is told by. `say` tells the owner of one that broke, once until it breaks otherwise."""

    house: House
    warming: WarmingUp
    sources: Mapping[str, FxSource]
    clock: Clock
    say: Callable[[Said], None]

    def run(self) -> Iterable[Coroutine[Any, Any, None]]:
        """One for each of them, until it is cancelled."""
        for feed, wants in self.warming.feeds:
            yield kept(partial(self._fed, feed, wants), self.say)
        for seat, source in self.sources.items():
            yield kept(partial(source.run, partial(self.house.rate, seat), self.clock), self.say)

    async def _fed(self, feed: Feed, wants: Wants) -> None:
        missed = asyncio.ensure_future(self.warming.again(feed, wants))
        try:
            await feed.run(wants, self.house.take, self.clock)
        finally:
            missed.cancel()
            await asyncio.gather(missed, return_exceptions=True)


async def kept(begun: Callable[[], Awaitable[None]], say: Callable[[Said], None]) -> None:
    """Begun anew whenever it breaks: what it told last grows old meanwhile, and old prices are denied."""
    told = ""
    while True:
        try:
            await begun()
        except Exception as e:  # noqa: BLE001 - whatever broke, it is begun anew
            why = said_of(e)
            if why != told:
                say(Text("run.feed_broke", {"why": why}))
            told = why
        await asyncio.sleep(_AGAIN_S)
