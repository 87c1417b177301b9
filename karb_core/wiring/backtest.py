"""The desk over recorded data: simulated venues, the events' clock, wakes in time order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol, cast

from karb_core.domain.decisions import DecisionKind
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import FxRate, Top
from karb_core.engine.books import Books
from karb_core.engine.carried import Carried
from karb_core.engine.desk import Desk
from karb_core.engine.driver import Driver
from karb_core.engine.strategy import Strategy
from karb_core.history.bar_columns import BarColumns, Traded
from karb_core.history.load import LoadedDataset
from karb_core.ports import Executor, Journal, MarketView, Moment, Notifier, PairTerms, Recorder, Unrecorded
from karb_core.rulebook.rulebook import Rulebook
from karb_core.venue.bar_market import BarVenues, OpensOverBars
from karb_core.wiring.event_clock import EventClock
from karb_core.wiring.kept_rows import KeptRows
from karb_core.wiring.opening import Opening
from karb_core.wiring.pair_rows import PairRows, SeatedRate, tops_of
from karb_core.wiring.strategy_of import built
from karb_core.wiring.telling import Telling

#: What a signal's wakes depend on besides what traded.
_CHANGES_STANDING = (DecisionKind.REARM, DecisionKind.REMINDER)
_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds

Progress = Callable[[int, int, int], None]


class _SimulatedVenues(BarVenues, Executor, Protocol):
    """An executor that only the wiring of a run over bars moves on."""


@dataclass(slots=True)
class Backtest:
    """One run. `span` is the stretch of data in ms of UTC, whole bars of the signal's length."""

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
    desk: Desk = field(init=False)
    kept: KeptRows = field(init=False)
    venues: BarVenues = field(init=False)
    pairs: dict[str, PairRows] = field(init=False)
    _clock: EventClock = field(init=False)
    _tops: dict[Instrument, Top] = field(init=False, default_factory=dict)
    _settled_ns: int = field(init=False, default=0)
    _telling: Telling = field(init=False)

    def __post_init__(self) -> None:
        terms, self.kept = self.strategy.terms, KeptRows(self.journal)
        simulated = next(s for s in self.rulebook.seats_of("simulate") if s.path[1] == "backtest")
        component = built(simulated)
        assert isinstance(component, OpensOverBars)
        opens = Opening(self.rulebook.file, terms, _first_opens(self.data))
        accounts = opens.accounts()
        venues = cast("_SimulatedVenues", component.open_market(_market(self.data, terms.pairs), accounts))
        self.venues = venues
        self._clock = EventClock(self.venues)
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
            lambda: self._tops,
        )
        self.desk = Desk(self.strategy, books, driver, self.kept, recorder=self.recorder)
        self._telling = Telling(self.desk, "backtest")
        self.pairs = {
            name: PairRows(pair, self.strategy.signal, terms, self.data, self.span, self.rates, self.every_row)
            for name, pair in terms.pairs.items()
        }

    async def run(self, progress: Progress | None = None) -> None:
        """To the end of the data. Wakes of a time come in this order: the venues', then the pairs' in the file's."""
        for name in self.pairs:
            self._ask(name, self.span[0] * _NS)
        start_ns, end_ns = self.span[0] * _NS, self.span[1] * _NS
        now_ns = start_ns
        while (at := self._next(now_ns)) is not None and at[0] <= end_ns:
            now_ns, venues_wake = at
            await asyncio.sleep(0)  # an interrupt is heard here, between wakes, where nothing is half done
            self._clock.at(now_ns)
            if venues_wake:
                await self._venue_wakes(now_ns)
            for name, rows in self.pairs.items():
                found = rows.next()
                if found is not None and found[1] == now_ns:
                    await self._row(name, rows, found[0], now_ns)
            if progress is not None:
                progress(now_ns - start_ns, end_ns - start_ns, len(self.desk.books.closed))
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
        known = {seat: seated.filled_at(at_ns // _NS) for seat, seated in self.rates.items()}
        return {seat: rate for seat, rate in known.items() if rate is not None}

    def _next(self, after_ns: int) -> tuple[int, bool] | None:
        """When the next wake is, and whether it is one of the venues'. These are looked for no further than the rows."""
        rows = [found[1] for pair in self.pairs.values() if (found := pair.next()) is not None]
        row_ns = min(rows, default=None)
        wake_ns = self.venues.next_wake(after_ns, row_ns)
        if wake_ns is not None:
            return wake_ns, True
        return None if row_ns is None else (row_ns, False)

    def _ask(self, name: str, from_ns: int) -> None:
        self.pairs[name].ask(self.desk.books.standing(name), from_ns)

    async def _row(self, name: str, rows: PairRows, row: int, at_ns: int) -> None:
        rows.take(row)
        moment = rows.moment(row, at_ns, self.venues, self.rates_at(at_ns))
        view = self._view(moment)
        carried = await self.desk.take(moment, view)
        await self._tell(carried)
        if any(c.end is not None or c.decided.decision.kind in _CHANGES_STANDING for c in carried):
            self._ask(name, at_ns)

    async def _venue_wakes(self, at_ns: int) -> None:
        """Settlements and forced closes, booked from what the venues tell, as live would."""
        since = self._settled_ns
        self.venues.wake(at_ns)
        executor = self.desk.driver.executors[next(iter(self.desk.driver.executors))]
        booked: set[Instrument] = set()
        for income in await executor.income_since(since):
            if self.desk.settle(income):
                booked.add(income.instrument)
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
        self._settled_ns = at_ns
        for name, rows in self.pairs.items():
            if not booked.isdisjoint(rows.pair.legs):
                self._ask(name, at_ns)

    def _pairs_with(self, instrument: Instrument) -> list[PairRows]:
        return [rows for rows in self.pairs.values() if instrument in rows.pair.legs]

    def _view(self, moment: Moment) -> MarketView:
        self._tops |= tops_of(moment)
        return MarketView(moment.at_ns, dict(self._tops), self.fill_rates_at(moment.at_ns), {}, {})

    async def _tell(self, carried: tuple[Carried, ...]) -> None:
        if not self.notifiers:
            return
        for notice in self._telling.of(carried):
            for notifier in self.notifiers:
                await notifier.notify(notice)


def _market(data: LoadedDataset, pairs: Mapping[str, PairTerms]) -> BarColumns:
    traded = {i: Traded(s.bars, s.marks, s.funding) for i, s in data.series.items()}
    return BarColumns(traded, [pair.legs for pair in pairs.values()])


def _first_opens(data: LoadedDataset) -> dict[Instrument, Decimal]:
    return {instrument: Decimal(repr(float(series.bars.open[0]))) for instrument, series in data.series.items()}
