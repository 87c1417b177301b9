"""One strategy at live feeds, on the wall's clock: it opens its account, warms up, trades, and ends."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Bar, MarketEvent
from karb_core.engine.strategy import Strategy
from karb_core.errors import StrategyInvalid
from karb_core.ledger.lease import Holder
from karb_core.ledger.ledger import Ledger
from karb_core.ports import Executor, Feed, FxSource, Mode, Wants
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Said, Text
from karb_core.wiring.desk_of import Seated
from karb_core.wiring.holding import Holding, hold
from karb_core.wiring.house import House, WakingClock
from karb_core.wiring.housed import Place, behind_door, run_of
from karb_core.wiring.intake import Intake
from karb_core.wiring.kept_inputs import KeptInputs
from karb_core.wiring.latest import Latest
from karb_core.wiring.mark import mark_of
from karb_core.wiring.obeying import Obeying
from karb_core.wiring.opening import Opening
from karb_core.wiring.outside_house import OutsideHouse
from karb_core.wiring.strategy_of import built, need_runnable, strategy_of
from karb_core.wiring.telling_on import TellingOn

_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_LOOK_NS = _SECOND  # karb: constant because it says how often a venue is asked what happened, never what follows
_OBEY_NS = _SECOND // 4  # karb: constant because it says how soon a command is heard
_HEARD_NS = 5 * _SECOND  # karb: constant because it bounds how long nobody may have heard the owner
_LEASE_NS = 30 * _SECOND  # karb: constant because it says how soon another may take over from a process that is gone
_KEEP_NS = _SECOND  # karb: constant because it says how much of a recording a kill may cost, never what is done
_BEAT_NS = 5 * _SECOND  # karb: constant because it is a part of the lease's life
_AGAIN_S = 1.0  # karb: constant because it says how soon a feed that broke is begun anew

Say = Callable[[Said], None]


@dataclass(frozen=True, slots=True)
class Venues:
    """`executors` by venue; `take`: what an event of the market does to them, nothing where they are real."""

    executors: Mapping[str, Executor]
    take: Callable[[MarketEvent], None]


#: A rulebook, its account, what that opens with, the ledger and the clock, to venues as the ledger left them.
OpensVenues = Callable[[Rulebook, str, Opening, Ledger, WakingClock], Venues]


@dataclass(slots=True)
class Running:
    """One strategy at an account. `venues`: what stands in the executors' place, or they themselves.

    `open` takes the account and furnishes the desk; `live` goes on until it is cancelled; `close` ends the run.
    Errors: PluginUnusable and StrategyInvalid when it is made; `AccountHeld`, `LedgerUnusable` and `VenueSilent` from
    `open`, each before anything is placed.
    """

    rulebook: Rulebook
    mode: Mode
    account: str
    venues: OpensVenues
    ledger: Ledger
    clock: WakingClock
    say: Say
    feeds: tuple[Feed, ...] = field(init=False)
    sources: dict[str, FxSource] = field(init=False)
    seated: Seated = field(init=False)
    intake: Intake = field(init=False)
    outside: OutsideHouse = field(init=False)
    house: House = field(init=False)
    holding: Holding = field(init=False)
    obeying: Obeying = field(init=False)
    judging: Callable[[], bool] = field(init=False, default=lambda: True)
    _telling: TellingOn = field(init=False)
    _warm: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        need_runnable(self.rulebook, self.mode)
        self.feeds = tuple(built(seat) for seat in self.rulebook.seats_of("feeds"))
        self.sources = {str(seat.path[1]): built(seat) for seat in self.rulebook.seats_of("fx_source")}
        self._telling = TellingOn([built(seat) for seat in self.rulebook.seats_of("notifiers")])

    async def open(self) -> None:
        """The account is ours, and the desk stands as its ledger left it."""
        mark = mark_of(self.ledger, self.account)
        holder = Holder(
            account=self.account,
            run_id=f"{self.clock.now_ns()}",
            mark=mark,
            host=socket.gethostname(),
            pid=os.getpid(),
        )
        self.holding = hold(self.ledger, holder, self.clock, _LEASE_NS)
        try:
            strategy = strategy_of(self.rulebook, await _facts(self.feeds, _instruments(self.rulebook)))
            self._furnish(strategy, mark)
        except BaseException:
            self.holding.release()
            raise

    def _furnish(self, strategy: Strategy, mark: str) -> None:
        opening, latest = Opening(self.rulebook.file, strategy.terms, {}), Latest()
        venues = self.venues(self.rulebook, self.account, opening, self.ledger, self.clock)
        self.outside = OutsideHouse(venues.executors, self.clock, latest, asyncio.get_running_loop())
        place = Place(
            rulebook=self.rulebook, strategy=strategy, inventory=opening.inventory(), venues=venues.executors,
            ledger=self.ledger, account=self.account, mode=self.mode, mark=mark,
        )  # fmt: skip
        kept = KeptInputs(self.say)
        self.intake, self.seated = behind_door(place, self.outside, self._telling.put, kept.opens)
        self.outside.hands = self.intake.take
        kept.run(run_of(place, self.intake.clock.now_ns()))
        self.intake.keeps = kept.step
        desk = self.seated.trading.desk
        self.obeying = Obeying(self.ledger, self.account, [desk], self.clock, _HEARD_NS, self.holding.still)
        self.holding.binds([desk])
        self.intake.seats(self.seated, self.obeying)
        self.intake.judging = lambda: self._warm and self.judging()
        rounds = (
            (_LOOK_NS, self.intake.look), (_OBEY_NS, self.obeying.look), (_BEAT_NS, self.holding.beat),
            (_KEEP_NS, kept.write),
        )  # fmt: skip
        self.house = House((self.intake,), latest, self.clock, venues.take, rounds)

    async def live(self) -> None:
        """Finishes what was begun, warms up, and trades until it is cancelled."""
        work = [asyncio.ensure_future(each) for each in (*self._markets(), self._telling.run())]
        try:
            await self.obeying.look()
            await self.intake.recover()
            self.house.begin()
            await self._warm_up()
            await asyncio.gather(*work)
        finally:
            for each in work:
                each.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            self.outside.end()
            await self.house.end()
            await self._telling.drain()

    def close(self, how: str) -> None:
        """Errors: `LedgerUnusable`."""
        self.intake.shut()
        self.seated.end(how, self.clock.now_ns())
        self.holding.release()

    def _markets(self) -> Iterable[Coroutine[Any, Any, None]]:
        for feed, wants in self._wanted():
            yield self._kept(partial(feed.run, wants, self.house.take, self.clock))
        for seat, source in self.sources.items():
            yield self._kept(partial(source.run, partial(self.house.rate, seat), self.clock))

    async def _kept(self, begun: Callable[[], Awaitable[None]]) -> None:
        """Begun anew whenever it breaks: what it told last grows old meanwhile, and old prices are denied."""
        told = ""
        while True:
            try:
                await begun()
            except Exception as e:  # noqa: BLE001 - whatever broke, it is begun anew
                why = f"{type(e).__name__}: {e}"[:200]  # karb: constant because it cuts a shown text
                if why != told:
                    self.say(Text("run.feed_broke", {"why": why}))
                told = why
            await asyncio.sleep(_AGAIN_S)

    def _wanted(self) -> Iterable[tuple[Feed, Wants]]:
        rows = self.seated.trading.desk.strategy.signal.rows()
        for feed, mine in _served(self.feeds, self.rulebook):
            yield feed, Wants(mine, rows.length_ns, rows.of)

    async def _warm_up(self) -> None:
        """What the signal looks back on, as far as the venues have it; nothing is judged before."""
        signal = self.seated.trading.desk.strategy.signal.rows()
        until_ns = self.clock.now_ns()
        since_ns = until_ns - signal.length_ns * (signal.lookback + 1)
        bars: list[Bar] = []
        for feed, wants in self._wanted():
            bars += [event for event in await feed.past(wants, since_ns, until_ns) if isinstance(event, Bar)]
        rates = {seat: tuple(await source.past(since_ns, until_ns)) for seat, source in self.sources.items()}
        self.house.past(tuple(bars), rates)
        for name, window in self.seated.trading.windows.items():
            self.say(Text("run.warm", {"pair": name, "known": window.known, "wanted": window.wanted}))
        self._warm = True


def _served(feeds: Sequence[Feed], rulebook: Rulebook) -> Iterable[tuple[Feed, tuple[Instrument, ...]]]:
    """By feed, the instruments of its venues."""
    wanted = _instruments(rulebook)
    for feed, seat in zip(feeds, rulebook.seats_of("feeds"), strict=True):
        venues = getattr(seat.offer.component, "venues", None)
        served = None if venues is None else venues(seat.params)
        yield feed, tuple(i for i in wanted if served is None or i.venue in served)


async def _facts(feeds: Sequence[Feed], instruments: Sequence[Instrument]) -> Mapping[Instrument, InstrumentFacts]:
    found: dict[Instrument, InstrumentFacts] = {}
    for feed in feeds:
        found |= await feed.facts([i for i in instruments if i not in found])
    missing = [i.text() for i in instruments if i not in found]
    if missing:
        raise StrategyInvalid(Text("run.no_facts", {"instruments": ", ".join(missing)}))
    return {i: found[i] for i in instruments}


def _instruments(rulebook: Rulebook) -> tuple[Instrument, ...]:
    return tuple(dict.fromkeys(i for pair in rulebook.file.pairs.values() for i in (pair.near, pair.far)))
