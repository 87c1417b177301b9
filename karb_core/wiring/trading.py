"""One strategy in a house: what its desk is handed as the market goes on, and what is told of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from karb_core.domain.halt import Halt
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, FundingRate, FxRate, Top
from karb_core.domain.orders import Fill
from karb_core.engine.carried import Carried
from karb_core.engine.catching_up import CatchingUp
from karb_core.engine.desk import Desk
from karb_core.engine.forgetting import Horizon, forget
from karb_core.engine.unfinished import Unfinished
from karb_core.errors import KarbError
from karb_core.ports import Clock, MarketView, Moment, Notice, PairTerms, ReadsFunding
from karb_core.wiring.pair_window import PairWindow, Row
from karb_core.wiring.passed_over import PassedOver
from karb_core.wiring.stood import StoodLately
from karb_core.wiring.telling import Telling
from karb_core.wiring.when_asked import WhenAsked

_SHOWN = 200  # karb: constant because it cuts a shown text

Heard = Callable[[Carried], None]
Told = Callable[[Notice], None]


class Market(Protocol):
    """The latest of everything that was told (`Latest`)."""

    @property
    def tops(self) -> Mapping[Instrument, Top]: ...
    @property
    def rates(self) -> Mapping[str, FxRate]: ...
    @property
    def funding(self) -> Mapping[Instrument, FundingRate]: ...
    def view(self, now_ns: int, *, depths: bool = False) -> MarketView: ...


class _Keeps(Protocol):
    def notice(self, notice: Notice) -> Notice: ...


def _unheard(_: Carried | Fill) -> None:
    """Nobody listens."""


def _always() -> bool:
    return True


def mistake(error: Exception) -> str:
    """What the owner is told of it."""
    told = str(error) if isinstance(error, KarbError) else f"a mistake of karb's own: {type(error).__name__}: {error}"
    return told[:_SHOWN]


@dataclass(slots=True)
class Trading:
    """`judges`: whether anything new may be judged, which a house that ends denies; `told` carries a notice on, and
    returns at once. `ours`: whether nobody else can have the account; where somebody may, nothing at all is done there.
    `keeps` is the ledger's place for notices; `stranger` hears of each trade by other hands once; `watch` is None where
    another desk of the same books asks the venues; `older`: those desks, which judge by older rules. `passed_over` counts
    rows that a leg lacked.

    Bars are judged when the last leg's came, at the prices of then; ways out that nobody proposes are looked for at
    each look.
    """

    desk: Desk
    latest: Market
    clock: Clock
    windows: Mapping[str, PairWindow]
    watch: CatchingUp | None
    telling: Telling
    keeps: _Keeps
    told: Told
    judges: Callable[[], bool] = _always
    ours: Callable[[], bool] = _always
    heard: Heard = _unheard
    stranger: Callable[[Fill], None] = _unheard
    older: tuple[Trading, ...] = ()
    passed_over: PassedOver = field(default_factory=PassedOver)
    rows: dict[str, Row] = field(init=False, default_factory=dict)
    stood: StoodLately = field(init=False)
    tasks: set[asyncio.Task[Any]] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.stood = StoodLately(self.desk.strategy.reads.stood_ns)
        if self.watch is not None:
            self.watch.came = self._carried
            self.watch.stranger = lambda fill: self.stranger(fill)

    def bar(self, bar: Bar) -> None:
        """Edge: a pair whose desk is at work misses the row, as the desk would not judge it."""
        for name, window in self.windows.items():
            row = window.bar(bar)
            self.passed_over.lacks(name, window.lacked)
            if row is None:
                continue
            self.passed_over.is_whole(name)
            self.rows[name] = row
            if self.judges() and self.ours():
                self.spawn(self._judge(name, row))

    def judge_anew(self, pair: str) -> None:
        """The last row of the pair, at the prices of now. Edge: nothing where none was seen yet."""
        row = self.rows.get(pair)
        if row is not None and self.judges() and self.ours():
            self.spawn(self._judge(pair, row))

    def rate(self, seat: str, rate: FxRate) -> None:
        for window in self.windows.values():
            window.rate(seat, rate)

    def past(self, bars: tuple[Bar, ...], rates: Mapping[str, Sequence[FxRate]]) -> None:
        """What was before, told late: nothing of it is judged."""
        for window in self.windows.values():
            window.remember(bars, rates)

    def moved(self) -> None:
        """Whoever waits for the market looks at the clock again, which was woken."""

    def nudged(self) -> None:
        """What happened is looked for now."""
        self.spawn(self.look())

    async def end(self) -> None:
        """Whatever still runs ends where it stands: as a kill would, nothing is lost by it."""
        left = tuple(self.tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def recover(self, unfinished: Iterable[Unfinished]) -> None:
        """Finishes what was begun before a restart, and looks what else happened meanwhile."""
        await self.desk.recover(tuple(unfinished), self.latest.view(self.clock.now_ns()))
        await self.look()

    async def look(self) -> None:
        """Asks the venues what else happened, leaves what must be left, and writes what waits."""
        if not self.ours():
            return
        await self._catch_up()
        if self.desk.beside is None and (self.desk.strategy.watched or self.stood.back_ns):
            self.desk.watch(self._view())
        if self.desk.owed or self.desk.halts.strength() is Halt.FLATTEN:
            for moment in self._now_moments():
                self.spawn(self._leave(moment))
        await self.desk.write(self.clock.now_ns())
        if self.desk.beside is None:
            self.tell(self.telling.halts(self.clock.now_ns()))

    async def _catch_up(self) -> None:
        if self.watch is not None:
            await self.watch.look(lambda: (tuple(self._now_moments()), self.latest.view(self.clock.now_ns())))

    async def forget(self) -> None:
        """Lets go of what is over and can never be asked for again (see `engine.forgetting`): a house may go on for years."""
        if self.watch is not None:
            forget(self.desk, Horizon(self.clock.now_ns(), self.watch.listed_ns(), self._judged_ns()))

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Beside everything else. Edge: what raises stops entries: a mistake of ours is for the owner to see."""
        task = asyncio.ensure_future(self.guarded(work))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        task.add_done_callback(lambda _: work.close())  # where it ended before it began, nobody else does

    def tell(self, notices: Iterable[Notice]) -> None:
        for notice in notices:
            self.told(self.keeps.notice(notice))

    async def guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """It does not raise."""
        try:
            await work
        except Exception as e:  # noqa: BLE001 - the outermost loop of a desk: whatever it is, nothing new is entered
            self.mistaken(mistake(e))

    def mistaken(self, why: str) -> None:
        """Something failed that must not: nothing new is entered until the owner saw it."""
        self.desk.halts.latch(Halt.NO_ENTRIES, why, "desk", self.clock.now_ns())
        self.tell(self.telling.halts(self.clock.now_ns()))

    def _judged_ns(self) -> dict[Instrument, int]:
        """By instrument, up to when all of its pairs' rows are behind us. Edge: nothing of a pair that had none yet."""
        judged: dict[Instrument, int] = {}
        for each in (self, *self.older):
            for name, pair in each.desk.strategy.terms.pairs.items():
                at_ns = each.rows[name].at_ns if name in each.rows else 0
                judged |= {leg: min(at_ns, judged.get(leg, at_ns)) for leg in pair.legs}
        return judged

    async def _judge(self, name: str, row: Row) -> None:
        moment = self._moment(self.desk.strategy.terms.pairs[name], row.at_ns, row)
        if moment is None:
            return
        depths = self.desk.strategy.reads.depths
        view = self._view(depths=depths)
        await self._done(await self.desk.take(moment, view, lambda: (self._anew(moment), self._view(depths=depths))))

    async def _leave(self, moment: Moment) -> None:
        await self._done(await self.desk.take_owed(moment, self._view()))

    async def _done(self, carried: tuple[Carried, ...]) -> None:
        """Written at once, and then told: what the owner heard of is there after a kill."""
        for one in carried:
            self.heard(one)
        notices = tuple(self.keeps.notice(notice) for notice in self.telling.of(carried))
        if carried:
            await self.desk.write(self.clock.now_ns())
        for notice in notices:
            self.told(notice)

    def _carried(self, carried: tuple[Carried, ...]) -> None:
        for one in carried:
            self.heard(one)
        self.tell(self.telling.of(carried))

    def _view(self, *, depths: bool = False) -> MarketView:
        """The latest of everything, and what gates look at beside it."""
        view = self.latest.view(self.clock.now_ns(), depths=depths)
        windows = self.windows.items() if self.desk.strategy.reads.past_ns else ()
        past = {name: partial(window.past, view.as_of_ns) for name, window in windows}
        return replace(view, stood=self.stood.see(view), past=WhenAsked(past))

    def _anew(self, moment: Moment) -> Moment:
        row = Row(moment.at_ns, moment.features)
        again = self._moment(self.desk.strategy.terms.pairs[moment.pair], moment.at_ns, row)
        return moment if again is None else again

    def _now_moments(self) -> Iterable[Moment]:
        """Now, of each pair that has prices, for ways out that nobody proposed."""
        for name, pair in self.desk.strategy.terms.pairs.items():
            moment = self._moment(pair, self.clock.now_ns(), self.rows.get(name))
            if moment is not None:
                yield moment

    def _moment(self, pair: PairTerms, at_ns: int, row: Row | None) -> Moment | None:
        """None while a leg has no price."""
        tops = [self.latest.tops[leg] for leg in pair.legs if leg in self.latest.tops]
        if len(tops) < len(pair.legs):
            return None
        features = {} if row is None else row.features
        return Moment(pair.name, at_ns, features, pair.legs, tuple(tops), dict(self.latest.rates), self._funding(pair))

    def _funding(self, pair: PairTerms) -> dict[Instrument, FundingRate]:
        """What venues announced of the legs, for a signal that reads it."""
        signal = self.desk.strategy.signal
        if not isinstance(signal, ReadsFunding) or not signal.reads_funding():
            return {}
        known = self.latest.funding
        return {leg: known[leg] for leg in pair.legs if leg in known}
