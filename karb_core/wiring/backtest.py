"""The desk over recorded data: simulated venues, the events' clock, wakes in time order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from karb_core.domain.decisions import DecisionKind
from karb_core.domain.instrument import Instrument, InstrumentKind
from karb_core.domain.market import FxRate, Top
from karb_core.engine.books import Books
from karb_core.engine.carried import Carried
from karb_core.engine.desk import Desk
from karb_core.engine.driver import Driver
from karb_core.engine.since_complete import since_complete
from karb_core.engine.strategy import Strategy
from karb_core.history.bar_columns import BarColumns
from karb_core.history.load import LoadedDataset
from karb_core.ports import (
    Executor,
    Journal,
    MarketView,
    Moment,
    Notifier,
    PastBar,
    Reads,
    ReadsFunding,
    Recorder,
    Stood,
    Unrecorded,
)
from karb_core.rulebook.rulebook import Rulebook
from karb_core.venue.bar_market import BarVenues
from karb_core.wiring.event_clock import EventClock
from karb_core.wiring.kept_rows import KeptRows
from karb_core.wiring.made_columns import MadeColumns
from karb_core.wiring.opening import Opening
from karb_core.wiring.over_data import over_data
from karb_core.wiring.pair_rows import PairRows, SeatedRate, tops_of
from karb_core.wiring.passing_by import PassingBy
from karb_core.wiring.settled_funding import SettledFunding
from karb_core.wiring.telling import Telling
from karb_core.wiring.when_asked import WhenAsked

#: What a signal's wakes depend on besides what traded.
_CHANGES_STANDING = (DecisionKind.REARM, DecisionKind.REMINDER)
_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_REACH, _FURTHER = 64, 4  # karb: constant because it says how far is looked ahead in one go, and changes nothing found

Progress = Callable[[int, int, int], None]


@dataclass(slots=True)
class Backtest:
    """One run. `span` is the stretch of data in ms of UTC, whole bars of the signal's length; `judged_by` what is judged
    by, where that is not all that venues trade against; nothing is judged before `judged_from_ns`."""

    rulebook: Rulebook
    strategy: Strategy
    data: LoadedDataset
    rates: Mapping[str, SeatedRate]
    span: tuple[int, int]
    journal: Journal
    mark: str
    notifiers: tuple[Notifier, ...] = ()
    every_row: bool = False
    recorder: Recorder = field(default_factory=Unrecorded)
    judged_by: LoadedDataset | None = None
    judged_from_ns: int = 0
    made: MadeColumns = field(default_factory=MadeColumns)
    desk: Desk = field(init=False)
    kept: KeptRows = field(init=False)
    market: BarColumns = field(init=False)
    venues: BarVenues = field(init=False)
    pairs: dict[str, PairRows] = field(init=False)
    _passing: dict[str, PassingBy] = field(init=False)
    _clock: EventClock = field(init=False)
    _tops: dict[Instrument, Top] = field(init=False, default_factory=dict)
    _settled_ns: int = field(init=False, default=0)
    _halted: bool = field(init=False, default=False)
    _telling: Telling = field(init=False)
    _funding: SettledFunding = field(init=False)
    _reads_funding: bool = field(init=False)
    _reads: Reads = field(init=False)

    def __post_init__(self) -> None:
        terms, self.kept = self.strategy.terms, KeptRows(self.journal)
        simulated = next(s for s in self.rulebook.seats_of("simulate") if s.path[1] == "backtest")
        over = over_data(self.data, self.strategy.signal.rows(), self.span, terms.pairs)
        opens = Opening(self.rulebook.file, terms, over.first)
        self.market = over.market
        perpetuals = tuple(i for i, facts in terms.facts.items() if facts.kind is InstrumentKind.PERPETUAL)
        self._funding = SettledFunding(self.market, perpetuals)
        signal = self.strategy.signal
        self._reads = self.strategy.reads
        self._reads_funding = isinstance(signal, ReadsFunding) and signal.reads_funding()
        self.venues = venues = over.opened(simulated, opens.accounts())
        self._clock = EventClock(self.venues, None if over.tops is None else over.tops.next_after)
        books = Books(opens.inventory(), terms.facts)
        executors: dict[str, Executor] = {leg.venue: venues for pair in terms.pairs.values() for leg in pair.legs}
        driver = Driver(
            executors,
            self.kept,
            self._clock,
            books,
            terms.facts,
            self.strategy.legs,
            self.mark,
            lambda: self._tops | over.tops_at(self._clock.now_ns()),
            at_once=True,
        )
        self.desk = Desk(self.strategy, books, driver, self.kept, recorder=self.recorder)
        self._telling = Telling(self.desk, "backtest")
        seen = self.data if self.judged_by is None else self.judged_by
        self.pairs = {
            name: PairRows(pair, self.strategy.signal, terms, seen, self.span, self.rates, self._each_row, self.made)
            for name, pair in terms.pairs.items()
        }
        self._passing = {name: PassingBy(self.strategy, rows, venues) for name, rows in self.pairs.items()}

    async def run(self, progress: Progress | None = None) -> None:
        """To the end of the data. Wakes of a time come in this order: the venues', then the pairs' in the file's."""
        start_ns, end_ns = max(self.span[0] * _NS, self.judged_from_ns), self.span[1] * _NS
        for name in self.pairs:
            self._ask(name, start_ns)
        now_ns = start_ns
        while (at := self._next(now_ns)) is not None:
            now_ns, venues_wake = at
            await asyncio.sleep(0)  # an interrupt is heard here, between wakes, where nothing is half done
            for name in self.pairs:
                self._count(name, now_ns - 1)
            self._clock.at(now_ns)
            if venues_wake:
                await self._venue_wakes(now_ns)
            for name, rows in self.pairs.items():
                found = rows.next(now_ns)
                self._count(name, now_ns)
                if found is not None and found[1] == now_ns:
                    await self._row(name, rows, found[0], now_ns)
            if progress is not None:
                progress(now_ns - start_ns, end_ns - start_ns, len(self.desk.books.closed))
        for name, rows in self.pairs.items():
            rows.next(end_ns)
            self._count(name, end_ns)
        await self.journal.durable()

    def end(self, how: str, at_ns: int) -> None:
        """Writes what waits, and how the run ended; also where what it was given could not be kept to the end."""
        try:
            self.recorder.flush()
        finally:
            self.journal.end(how, at_ns)

    def rates_at(self, at_ns: int) -> dict[str, FxRate]:
        """By seat, what is known then: whoever judges is given these."""
        known = {seat: seated.at(at_ns // _NS) for seat, seated in self.rates.items()}
        return {seat: rate for seat, rate in known.items() if rate is not None}

    def fill_rates_at(self, at_ns: int) -> dict[str, FxRate]:
        """By seat, what is booked at that fills then."""
        if self._one_time:
            return self.rates_at(at_ns)
        known = {seat: seated.filled_at(at_ns // _NS) for seat, seated in self.rates.items()}
        return {seat: rate for seat, rate in known.items() if rate is not None}

    def _next(self, after_ns: int) -> tuple[int, bool] | None:
        """When the next wake is, and whether it is one of the venues'; looked for further and further ahead."""
        end_ns, reach_ns = self.span[1] * _NS, _REACH * self.strategy.signal.rows().length_ns
        while True:
            until_ns = min(after_ns + reach_ns, end_ns)
            row_ns = min(
                (found[1] for p in self.pairs.values() if (found := p.next(until_ns)) is not None), default=None
            )
            until_ns = until_ns if row_ns is None else min(row_ns, until_ns)
            wake_ns = self.venues.next_wake(after_ns, until_ns)
            if wake_ns is not None:
                return wake_ns, True
            if row_ns is not None and row_ns <= until_ns:
                return row_ns, False
            if until_ns >= end_ns:
                return None
            reach_ns *= _FURTHER

    def _ask(self, name: str, from_ns: int, *, settled: bool = False) -> None:
        fired = self.desk.books.fired
        if name in fired:  # without a re-arming rule it would grow, and be told of, with every entry of the run
            fired[name] = since_complete(fired[name])
        self._passing[name].ask(self.desk.books.standing(name), from_ns, settled=settled)

    async def _row(self, name: str, rows: PairRows, row: int, at_ns: int) -> None:
        rows.take(row)
        moment = rows.moment(row, at_ns, self.venues, self.rates_at(at_ns))
        if self._reads_funding:
            moment = replace(moment, funding=self._funding.of(moment.legs, at_ns))
        view = self._view(moment)
        carried = await self.desk.take(moment, view)
        await self._tell(carried)
        if any(c.end is not None or c.decided.decision.kind in _CHANGES_STANDING for c in carried):
            self._ask(name, at_ns)
            self._judge_all_if_halted(at_ns)
        elif self._may_pass and not self._halted:
            self._passing[name].hear(moment, carried)

    async def _venue_wakes(self, at_ns: int) -> None:
        """Settlements and forced closes, booked from what the venues tell, as live would."""
        since = self._settled_ns
        self.venues.wake(at_ns)
        executor = self.desk.driver.executors[next(iter(self.desk.driver.executors))]
        booked: set[Instrument] = set()
        for income in await executor.income_since(since):
            if self.desk.settle(income):
                booked.add(income.instrument)
        forced_any = False
        for fill in await executor.fills_since(since):
            if fill.order_id.startswith("karb-"):
                continue
            rates = self.rates_at(at_ns)
            forced = [
                m for rows in self._pairs_with(fill.instrument) if (m := rows.forced_moment(at_ns, self.venues, rates))
            ]
            if forced:
                await self._tell(await self.desk.forced(fill, tuple(forced), self._view(forced[0])))
                booked.add(fill.instrument)
                forced_any = True
        self._settled_ns = at_ns
        self._judge_all_if_halted(at_ns)
        for name, rows in self.pairs.items():
            if not booked.isdisjoint(rows.pair.legs):
                self._ask(name, at_ns, settled=not forced_any)

    def _count(self, name: str, until_ns: int) -> None:
        """Refusals of rows that were passed by, each as if it had been judged."""
        for refusal in self._passing[name].passed(until_ns):
            self.kept.decision(refusal)

    @property
    def _may_pass(self) -> bool:
        """Gates see the rates of fills, columns those that are known: only where these are the same is anything sure."""
        return not self._each_row and self._one_time

    @property
    def _each_row(self) -> bool:
        """Gates that watch look at every moment."""
        return self.every_row or self.strategy.watched

    @property
    def _one_time(self) -> bool:
        """Whether fills are booked at what is known."""
        return all(seat.rate.fills is seat.rate.points for seat in self.rates.values())

    def _judge_all_if_halted(self, at_ns: int) -> None:
        """A desk that halted refuses nothing any more, as it wants nothing: no refusal is sure to come again."""
        if self.desk.halted and not self._halted:
            self._halted = True
            for name in self.pairs:
                self._ask(name, at_ns)

    def _pairs_with(self, instrument: Instrument) -> list[PairRows]:
        return [rows for rows in self.pairs.values() if instrument in rows.pair.legs]

    def _view(self, moment: Moment) -> MarketView:
        self._tops |= tops_of(moment)
        rates, funding = self.fill_rates_at(moment.at_ns), self._funding.at(moment.at_ns)
        return MarketView(
            moment.at_ns, dict(self._tops), rates, {}, funding,
            stood=WhenAsked(self._stood(moment.at_ns)), past=WhenAsked(self._past(moment.at_ns)),
        )  # fmt: skip

    def _stood(self, at_ns: int) -> dict[Instrument, Callable[[], Sequence[Stood]]]:
        back_ns = self._reads.stood_ns
        pairs = self.pairs.values() if back_ns else ()
        return {leg: partial(rows.stood, at, at_ns, back_ns) for rows in pairs for at, leg in enumerate(rows.pair.legs)}

    def _past(self, at_ns: int) -> dict[str, Callable[[], Sequence[PastBar]]]:
        back_ns = self._reads.past_ns
        pairs = self.pairs.items() if back_ns else ()
        return {name: partial(rows.past, at_ns, back_ns) for name, rows in pairs}

    async def _tell(self, carried: tuple[Carried, ...]) -> None:
        if not self.notifiers:
            return
        for notice in self._telling.of(carried):
            for notifier in self.notifiers:
                await notifier.notify(notice)
