"""A recording while it lives: every feed and rate of a strategy file is heard, asked for what was missed, and written down."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from karb_core.domain.instant import to_text
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, FxRate, MarketEvent, VenueState, VenueStatus
from karb_core.domain.statement import VenueSilent
from karb_core.errors import DataUnusable, UsageMistake
from karb_core.history.recorded import Series
from karb_core.ports import Clock, FeedTold, RateTold, ToldBy, Wants
from karb_core.texts.text import Said, Words
from karb_data.about import tell_instrument, tell_rate
from karb_data.collect_file import CollectFile
from karb_data.missing import Missing
from karb_data.recorder import Recorder, write
from karb_data.rows_of import told, told_rate

_MS = 1_000_000  # karb: constant because a millisecond has 10^6 nanoseconds
_SECOND_NS = 1_000 * _MS  # karb: constant because a second has 1000 ms
_DAY_MS = 86_400_000  # karb: constant because so much is asked for at once, and is durable before more is
_MARGIN_MS = 3_600_000  # karb: constant because a settlement is told some time after the bar it falls into
_ANSWER_S = 60.0  # karb: constant because it bounds a question, which is asked again
_AGAIN_S = 1.0  # karb: constant because it says how soon what broke is begun anew
_DAILY_S = 86_400.0  # karb: constant because venues change what they ask of orders now and then
_SHOWN = 200  # karb: constant because it cuts a shown text


@dataclass(slots=True)
class Collector:
    """`run` until it is cancelled; then everything that came is durable. `rows`: how many are, of this run.

    beside: carries out what blocks without keeping the loop, a thread by default.
    """

    told_by: ToldBy
    how: CollectFile
    folder: Path
    recorder: Recorder
    missing: Missing
    clock: Clock
    say: Callable[[Said], None]
    shows: Callable[[int, str], None]
    beside: Callable[[Callable[[], int]], Coroutine[Any, Any, int]] = asyncio.to_thread
    rows: int = field(init=False, default=0)
    _asks: dict[str, asyncio.Event] = field(init=False, default_factory=dict)
    _writing: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)
    _told: set[str] = field(init=False, default_factory=set)
    _broke: dict[str, str] = field(init=False, default_factory=dict)

    async def run(self) -> None:
        self.missing.begin(self._expected(), self._now_ms())
        uses = [*(feed.use for feed in self.told_by.feeds), *(rate.use for rate in self.told_by.rates)]
        self._asks = {use: asyncio.Event() for use in uses}
        work: list[Coroutine[Any, Any, None]] = [self._write_on(), self._watch()]
        for feed in self.told_by.feeds:
            work += [self._hear(feed), self._fill(feed), self._learn_daily(feed)]
        for rate in self.told_by.rates:
            work += [self._hear_rate(rate), self._fill_rate(rate)]
        tasks = [asyncio.create_task(each) for each in work]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            async with self._writing:
                self.rows += write(self.recorder.swapped(None))

    async def download(self, since_ms: int) -> None:
        """What the venues have of bars, funding and rates since then, and nothing live. Over when they were all asked."""
        self._expected()
        for feed in self.told_by.feeds:
            for instrument in feed.instruments:
                self.missing.wanted(self._bars(instrument), since_ms)
        rates = [Series.rate(rate.use) for rate in self.told_by.rates]
        for series in rates:
            self.missing.wanted(series, since_ms)
        work: list[Coroutine[Any, Any, None]] = []
        for feed in self.told_by.feeds:
            work += [self._learn(feed), self._fill_all(feed)]
        tasks = [asyncio.create_task(each) for each in (*work, *map(self._fill_rate_all, self.told_by.rates))]
        try:
            await asyncio.gather(*tasks)
            for series in rates:
                self.missing.given_up(series, self._now_ms())
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            async with self._writing:
                self.rows += write(self.recorder.swapped(None))

    def _expected(self) -> list[Series]:
        """Those of which something may have been missed; funding comes with the bars."""
        kinds = ("tops", "marks")
        out = [Series.rate(rate.use) for rate in self.told_by.rates]
        for feed in self.told_by.feeds:
            for instrument in feed.instruments:
                out += [Series.of(instrument, kind) for kind in kinds]
                out.append(self._bars(instrument))
                # what was settled and is there is known before anything comes twice
                self.recorder.open(Series.of(instrument, "funding"))
        return out

    def _bars(self, instrument: Instrument) -> Series:
        return Series.of(instrument, "bars", self.how.bars_ms)

    async def _hear(self, feed: FeedTold) -> None:
        wants = Wants(feed.instruments, self.how.bars_ms * _MS, "close")
        which = [s for i in feed.instruments for s in (Series.of(i, "tops"), Series.of(i, "marks"), self._bars(i))]

        async def heard() -> None:
            self._asks[feed.use].set()
            await feed.feed.run(wants, partial(self._take, feed), self.clock)

        await self._kept(feed.use, heard, which)

    def _take(self, feed: FeedTold, event: MarketEvent) -> None:
        self._told.add(feed.use)
        if isinstance(event, VenueStatus):
            self._stands(feed, event)
            return
        row = told(event, self.how.bars_ms)
        if row is not None:
            kept, (_, (at_ms, *_), _) = self.recorder.take(row), row
            if kept is not None and isinstance(at_ms, int):
                self.missing.heard(kept, at_ms, self._now_ms())

    def _stands(self, feed: FeedTold, status: VenueStatus) -> None:
        """What a venue says of itself: while it is not up, what is told may lack something."""
        which = [i for i in feed.instruments if status.instrument in (None, i) and i.venue == status.venue]
        if status.state is VenueState.UP:
            self._asks[feed.use].set()
            return
        why = " ".join(f"{status.state.value}: {status.note}".split())[:_SHOWN]
        for i in which:
            self.missing.interrupted((Series.of(i, "tops"), Series.of(i, "marks"), self._bars(i)), why)

    async def _hear_rate(self, rate: RateTold) -> None:
        def take(each: FxRate) -> None:
            self._told.add(rate.use)
            tell_rate(self.folder, rate.use, each)
            kept = self.recorder.take(told_rate(rate.use, each, each.received_at_ns))
            if kept is not None:
                self.missing.heard(kept, each.received_at_ns // _MS, self._now_ms())

        async def heard() -> None:
            self._asks[rate.use].set()
            await rate.source.run(take, self.clock)

        await self._kept(rate.use, heard, [Series.rate(rate.use)])

    async def _kept(self, use: str, begun: Callable[[], Awaitable[None]], which: list[Series]) -> None:
        """Begun anew whenever it breaks. Errors: UsageMistake for what it says at once that it cannot tell at all."""
        while True:
            try:
                await begun()
                why = "it ended"
            except ModuleNotFoundError:
                raise
            except ValueError as e:
                if use not in self._told:
                    raise UsageMistake(Words(f"{use}: {e}")) from e
                why = _said_of(e)
            except Exception as e:  # noqa: BLE001 - whatever broke, it is begun anew, and the hole is written down
                why = _said_of(e)
            self._tell_broke(use, why)
            self.missing.interrupted(which, why)
            await asyncio.sleep(_AGAIN_S)

    def _tell_broke(self, use: str, why: str) -> None:
        """Once, until it breaks otherwise."""
        if self._broke.get(use) != why:
            self._broke[use] = why
            self.say(Words(f"{use}: {why}; it is begun anew", f"{use}: {why}; 다시 시작합니다"))

    async def _learn_daily(self, feed: FeedTold) -> None:
        while True:
            await self._learn(feed)
            await asyncio.sleep(_DAILY_S)

    async def _learn(self, feed: FeedTold) -> None:
        """What the venues state of the instruments, for the dataset."""
        for instrument in feed.instruments:
            tell_instrument(self.folder, instrument, None)
        while True:
            try:
                # wait_for loses a cancellation that comes together with the answer (Python 3.11)
                async with asyncio.timeout(_ANSWER_S):
                    facts = await feed.feed.facts(feed.instruments)
            except ModuleNotFoundError:
                raise
            except Exception as e:  # noqa: BLE001 - whatever broke, it is asked again
                self._tell_broke(feed.use, _said_of(e))
                await asyncio.sleep(_AGAIN_S)
                continue
            for instrument in feed.instruments:
                tell_instrument(self.folder, instrument, facts.get(instrument))
                if instrument not in facts:
                    name = instrument.text()
                    self.say(Words(f"the venue does not list {name}", f"거래소에 {name}이 없습니다"))
            return

    async def _fill(self, feed: FeedTold) -> None:
        """What is missing of its bars and its funding is asked for as often as something may be."""
        asked = self._asks[feed.use]
        while True:
            await asked.wait()
            asked.clear()
            await self._fill_all(feed)

    async def _fill_all(self, feed: FeedTold) -> None:
        for instrument in feed.instruments:
            while (from_ms := self.missing.open_ms(self._bars(instrument))) is not None:
                if not await self._asked(feed.use, partial(self._fill_part, feed, instrument, from_ms)):
                    break

    async def _fill_part(self, feed: FeedTold, instrument: Instrument, from_ms: int) -> bool:
        """Asks for a day at most. Whether there is more to ask for."""
        bars, now_ms = self._bars(instrument), self._now_ms()
        upto_ms = min(from_ms + _DAY_MS, now_ms - now_ms % bars.bars_ms)
        if upto_ms <= from_ms:
            self.missing.answered(bars, from_ms, from_ms, now_ms)
            return False
        wants = Wants((instrument,), bars.bars_ms * _MS, "close")
        since_ms = from_ms - _MARGIN_MS
        events = list(await feed.feed.past(wants, since_ms * _MS, upto_ms * _MS))
        rows = [row for event in events if (row := told(event, bars.bars_ms)) is not None and row[0].kind != "marks"]
        self.recorder.past(rows)
        await self._write(self._now_ms(), f"{bars.text()} {to_text(upto_ms * _MS)}")
        starts = [event.start_ns // _MS for event in events if isinstance(event, Bar)]
        first_ms = min((start for start in starts if start >= from_ms), default=None)
        hole = self.missing.holes.open_hole(bars.text())
        more = hole is not None and upto_ms + bars.bars_ms <= now_ms
        self.missing.answered(bars, upto_ms, first_ms, now_ms, more=more)
        if hole is not None and more:
            self.missing.go_on(bars, upto_ms, hole.why)
        return more

    async def _fill_rate(self, rate: RateTold) -> None:
        asked = self._asks[rate.use]
        while True:
            await asked.wait()
            asked.clear()
            await self._fill_rate_all(rate)

    async def _fill_rate_all(self, rate: RateTold) -> None:
        series = Series.rate(rate.use)
        while (from_ms := self.missing.open_ms(series)) is not None:
            if not await self._asked(rate.use, partial(self._fill_rate_part, rate, series, from_ms)):
                break

    async def _fill_rate_part(self, rate: RateTold, series: Series, from_ms: int) -> bool:
        now_ms = self._now_ms()
        upto_ms = min(from_ms + _DAY_MS, now_ms)
        found = list(await rate.source.past(from_ms * _MS, upto_ms * _MS))
        if not found and upto_ms == now_ms:
            self.missing.untold(series)
            return False
        for each in found:
            tell_rate(self.folder, rate.use, each)
        # a rate of the past was known when its source had it, whenever we asked
        self.recorder.past(told_rate(rate.use, each, each.venue_at_ns) for each in found)
        await self._write(self._now_ms(), f"{series.text()} {to_text(upto_ms * _MS)}")
        hole = self.missing.holes.open_hole(series.text())
        more = hole is not None and upto_ms + self.how.step_ms("rates") <= now_ms
        first_ms = min((each.venue_at_ns // _MS for each in found), default=None)
        self.missing.answered(series, upto_ms, first_ms, now_ms, more=more)
        if hole is not None and more:
            self.missing.go_on(series, upto_ms, hole.why)
        return more

    async def _asked(self, use: str, part: Callable[[], Awaitable[bool]]) -> bool:
        """Whether there is more to ask for. A venue that does not answer is asked again and again."""
        while True:
            try:
                async with asyncio.timeout(_ANSWER_S):
                    return await part()
            except (ModuleNotFoundError, DataUnusable):
                raise
            except Exception as e:  # noqa: BLE001 - whatever broke, it is asked again, and the hole stays open
                self._tell_broke(use, _said_of(e))
                await asyncio.sleep(_AGAIN_S)

    async def _write_on(self) -> None:
        while True:
            await self.clock.sleep_until(self.clock.now_ns() + int(self.how.write.total_seconds() * _SECOND_NS))
            await self._write(self._now_ms())

    async def _write(self, now_ms: int, upto: str = "") -> None:
        """In the order in which it came. Edge: what is being written is written to its end, whoever is cancelled."""
        async with self._writing:
            writing = asyncio.ensure_future(self.beside(partial(write, self.recorder.swapped(now_ms))))
            try:
                self.rows += await asyncio.shield(writing)
            except asyncio.CancelledError:
                with suppress(DataUnusable):
                    self.rows += await writing
                raise
        self.shows(self.rows, upto)

    async def _watch(self) -> None:
        """Silence is a hole too."""
        while True:
            await self.clock.sleep_until(self.clock.now_ns() + _SECOND_NS)
            quiet = set(self.missing.quiet(self._now_ms()))
            for feed in self.told_by.feeds:
                if any(self._bars(i) in quiet for i in feed.instruments):
                    self._asks[feed.use].set()

    def _now_ms(self) -> int:
        return self.clock.now_ns() // _MS


def _said_of(error: Exception) -> str:
    """What it said, cut to a line."""
    if isinstance(error, TimeoutError) and not str(error):
        return "no answer in time"
    said = str(error) if isinstance(error, VenueSilent) else f"{type(error).__name__}: {error}"
    return " ".join(said.split())[:_SHOWN]
