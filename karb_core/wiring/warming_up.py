"""What a signal looks back on, asked of the venues before anything is judged."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from karb_core.domain.market import Bar, FxRate
from karb_core.ports import BarRows, Clock, Feed, FxSource, Wants
from karb_core.texts.text import Said, Text
from karb_core.wiring.asking_feeds import said_of
from karb_core.wiring.pair_window import PairWindow

_ANSWER_S = 60.0  # karb: constant because it bounds a question about the past, which is asked again
_AGAIN_S = 1.0  # karb: constant because it says how soon it is asked again

_Feeds = Sequence[tuple[Feed, Wants]]
Past = tuple[list[Bar], dict[str, tuple[FxRate, ...]]]


@dataclass(slots=True)
class WarmingUp:
    """`feeds`, each with what is wanted of it; `sources` and `windows` by seat and by pair; `past` is given what came.
    `warm` once all answered. back_ns: how far back others than the signals look at bars.
    """

    feeds: _Feeds
    sources: Mapping[str, FxSource]
    windows: Mapping[str, PairWindow]
    rows: Sequence[BarRows]
    past: Callable[[tuple[Bar, ...], Mapping[str, Sequence[FxRate]]], None]
    clock: Clock
    say: Callable[[Said], None]
    back_ns: int = 0
    warm: bool = field(init=False, default=False)

    async def run(self) -> None:
        """Until it is warm. A venue that does not answer is asked again and again."""
        await self._answered(self.feeds, self.sources)
        self.warm = True
        for name, window in self.windows.items():
            self.say(Text("run.warm", {"pair": name, "known": window.known, "wanted": window.wanted}))

    async def again(self, feed: Feed, wants: Wants) -> None:
        """What a feed that broke did not tell meanwhile. None of it is judged, and later rows look back on it."""
        if self.warm:
            await self._answered([(feed, wants)], {})

    async def _answered(self, feeds: _Feeds, sources: Mapping[str, FxSource]) -> None:
        """Asked until all answered with what can be remembered, and it is."""
        said = ""
        while True:
            try:
                bars, rates = await self._past(feeds, sources)
                self.past(tuple(bars), rates)
            except Exception as e:  # noqa: BLE001 - whatever broke, it is asked again, and nothing is judged meanwhile
                why = said_of(e)
                if why != said:
                    self.say(Text("run.no_past", {"why": why}))
                said = why
                await asyncio.sleep(_AGAIN_S)
            else:
                return

    async def _past(self, feeds: _Feeds, sources: Mapping[str, FxSource]) -> Past:
        """Rates from as long before the first bar as a rate may be old. Each question has its own time: weeks are many pages."""
        until_ns = self.clock.now_ns()
        since_ns = until_ns - max(
            rows.length_ns + max(rows.length_ns * rows.lookback, self.back_ns) for rows in self.rows
        )
        bars: list[Bar] = []
        for feed, wants in feeds:
            told = await asyncio.wait_for(feed.past(wants, since_ns, until_ns), _ANSWER_S)
            bars += [event for event in told if isinstance(event, Bar)]
        rates = {}
        for seat, source in sources.items():
            ages = (source.max_age_ns(), source.when_closed_ns())
            oldest_ns = max(age_ns for age_ns in ages if age_ns is not None)
            rates[seat] = tuple(await asyncio.wait_for(source.past(since_ns - oldest_ns, until_ns), _ANSWER_S))
        return bars, rates
