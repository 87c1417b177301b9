"""One strategy at live feeds, on the wall's clock: it opens its account, warms up, trades, and ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from karb_core.domain.halt import Halt
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Fill
from karb_core.engine.desk import Desk
from karb_core.engine.strategy import Strategy
from karb_core.errors import KarbError, LedgerUnusable, StrategyInvalid
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.outbox import Outbox
from karb_core.ledger.reading import Whose
from karb_core.ledger.runs import Run
from karb_core.ledger.telling import acknowledgement, tell
from karb_core.ports import Feed, FxSource, HaltStore, Mode, Notice, NoticeKind, Notifier, Secrets, Wants
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Said, Text, render
from karb_core.wiring.account_watch import AccountWatch
from karb_core.wiring.adoptable import need_adoptable
from karb_core.wiring.asking_feeds import facts_of, served, traded
from karb_core.wiring.desk_of import Seated, run_of
from karb_core.wiring.ended_tasks import ended
from karb_core.wiring.file_watch import FileWatch
from karb_core.wiring.halt_board import HaltBoard
from karb_core.wiring.halt_file import NAME, HaltFile
from karb_core.wiring.holding import Holding, Holds
from karb_core.wiring.home import home
from karb_core.wiring.house import House, WakingClock
from karb_core.wiring.housed import Place, Wrote, behind_door, house_run, orphaned
from karb_core.wiring.intake import Intake
from karb_core.wiring.kept_inputs import KeptInputs
from karb_core.wiring.latest import Latest
from karb_core.wiring.markets import Markets
from karb_core.wiring.obeying import Obeying
from karb_core.wiring.older_rules import older_rules
from karb_core.wiring.opened_channels import opened_channels
from karb_core.wiring.opening import Opening
from karb_core.wiring.outbox_beside import OutboxBeside
from karb_core.wiring.outside_house import OutsideHouse
from karb_core.wiring.owner_watch import OwnerWatch, wanted_of
from karb_core.wiring.pair_window import PairWindow
from karb_core.wiring.passed_over import PassedOver
from karb_core.wiring.reloading import Reloading
from karb_core.wiring.rules_file import RulesFile
from karb_core.wiring.seated_source import seated_sources
from karb_core.wiring.seats_of_rules import SeatsOfRules, seats_of_rules
from karb_core.wiring.secret_values import secret_value
from karb_core.wiring.strategy_of import built, need_runnable, strategy_of
from karb_core.wiring.telling_on import TellingOn
from karb_core.wiring.trading import mistake
from karb_core.wiring.venues import OpensVenues, Venues
from karb_core.wiring.venues_called import venues_called
from karb_core.wiring.venues_told import VenuesTold
from karb_core.wiring.warming_up import WarmingUp
from karb_core.wiring.watching import Wanted, Watching

_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_LOOK_NS = _SECOND  # karb: constant because it says how often a venue is asked what happened, never what follows
_OBEY_NS = _SECOND // 4  # karb: constant because it says how soon a command is heard
_HEARD_NS = 5 * _SECOND  # karb: constant because it bounds how long nobody may have heard the owner
_BEAT_NS = 5 * _SECOND  # karb: constant because it is a part of the lease's life
_KEEP_NS = _SECOND  # karb: constant because it says how much of a recording a kill may cost, never what is done
_FORGET_NS = 60 * _SECOND  # karb: constant because it bounds memory, and what is let go of is never asked for
_LISTED_NS = 2 * 24 * 3600 * _SECOND  # karb: constant because nobody asks a simulated venue for more
_READ_NS = _SECOND  # karb: constant because it says how soon a changed file is told of, and nothing is decided by it
_ACCOUNT_NS = 60 * _SECOND  # karb: constant because it says how often an account is asked for its owner alone
_OBJECTS_NS = 600 * _SECOND  # karb: constant because it says how soon a setting that changed at a venue is seen
_SHORT = 8  # karb: constant because so many letters tell two sets of rules apart for people
_QUIET_S = 0.05  # karb: constant because it says how often it is looked whether a desk is at work
_RELOADED = "reloaded"
_AT_LAB = "lab"
_PRICES_S = 5.0  # karb: constant because it bounds how long prices are waited for before what was begun is finished

Say = Callable[[Said], None]


def _unlogged(table: str, row: Mapping[str, Any]) -> None:
    """Nobody keeps a log."""


@dataclass(slots=True)
class Running:
    """One strategy at an account. `venues`: what stands in the executors' place, or they themselves; `holds` takes the
    account for a run; `only_leaves`: why nothing new may be entered by these rules, whoever resumes; `at_lab`: whether
    the market is one of this machine, which the owner is told; `file`: where the rules are written, None where nobody
    looks whether they change; `reseated` hears of the desk by adopted ones. `halts_at`: where a halt for several hosts
    stands, None for nowhere, and `wrote` hears each row of the ledger; both are set before `open`.

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
    holds: Holds
    only_leaves: Said | None = None
    at_lab: bool = False
    secrets: Secrets = secret_value
    file: RulesFile | None = None
    feeds: tuple[Feed, ...] = field(init=False)
    sources: dict[str, FxSource] = field(init=False)
    seated: Seated = field(init=False)
    intake: Intake = field(init=False)
    outside: OutsideHouse = field(init=False)
    house: House = field(init=False)
    holding: Holding = field(init=False)
    obeying: Obeying = field(init=False)
    warming: WarmingUp = field(init=False)
    markets: Markets = field(init=False)
    judging: Callable[[], bool] = field(init=False, default=lambda: True)
    _objections: Mapping[str, Halt] = field(init=False, default_factory=dict)
    _objects: Callable[[], Awaitable[Mapping[str, Halt]]] = field(init=False)
    watch: OwnerWatch = field(init=False)
    accounts: AccountWatch = field(init=False)
    _telling: TellingOn = field(init=False)
    _kept: OutboxBeside = field(init=False)
    _wanted: dict[str, Wanted] = field(init=False)
    halts_at: HaltStore | None = field(init=False, default=None)
    wrote: Wrote = field(init=False, default=_unlogged)
    _board: HaltBoard | None = field(init=False, default=None)
    reseated: Callable[[Desk], None] = field(init=False, default=lambda _: None)
    _reloading: Reloading | None = field(init=False, default=None)
    _acked: asyncio.Future[bool] | None = field(init=False, default=None)
    _reload_asked: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _wanted_anew: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _venues: Venues = field(init=False)
    _mark: str = field(init=False)
    _facts: Mapping[Instrument, InstrumentFacts] = field(init=False)
    _inputs: KeptInputs = field(init=False)
    _halt_file: HaltFile | None = field(init=False, default=None)
    _recovered: bool = field(init=False, default=False)
    _seated_yet: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        need_runnable(self.rulebook, self.mode)
        self.feeds = tuple(built(seat) for seat in self.rulebook.seats_of("feeds"))
        self.sources = seated_sources(self.rulebook, self.secrets)
        box = Outbox(self.ledger, self.account, self.rulebook.file.name, _AT_LAB if self.at_lab else None)
        self._kept = OutboxBeside(box, lambda: self._at_work())
        opened = opened_channels(self.rulebook, self.secrets, self.clock, self.say)
        self._wanted = {name: each for name, each in wanted_of(self.rulebook).items() if name in opened}
        later = frozenset(name for name, each in self._wanted.items() if each.escalates_ns is not None)
        self._telling = TellingOn(opened, self._kept, self.clock, self.say, later=later)

    @property
    def channels(self) -> tuple[Notifier, ...]:
        """Those that tell its owner, and may hear it."""
        return tuple(self._telling.channels.values())

    def acknowledge(self) -> int:
        """Of the alerts that stand; how many they are. Written down beside, so that a halt that was is not told anew."""
        count = self.watch.watching.acknowledge()
        self._acked = asyncio.ensure_future(self._kept.tries(self._writes_ack))
        return count

    def _writes_ack(self, box: Outbox) -> None:
        now_ns, name = self.clock.now_ns(), self.rulebook.file.name
        tell(box.ledger, acknowledgement(self.account, name, f"ack-{self.seated.run.id}-{now_ns}", "channel", now_ns))

    async def open(self) -> None:
        """The account is ours, and the desk stands as its ledger left it."""
        run = run_of(self.rulebook, self.account, self.mode, self.clock.now_ns())
        mark, self.holding = self.holds(run)
        try:
            await self._furnish(await self._seats(), mark, run)
        except BaseException:
            with suppress(LedgerUnusable):
                self.holding.release()
            raise

    async def _seats(self) -> SeatsOfRules:
        whose = Whose(self.account, self.rulebook.file.name)
        found = older_rules(self.ledger, whose, self.rulebook.digests.rules, self.rulebook.source.name)
        facts = await facts_of(self.feeds, self.rulebook, found.instruments)
        strategy = strategy_of(self.rulebook, {leg: facts[leg] for leg in traded(self.rulebook)})
        return seats_of_rules(strategy, found, facts)

    async def _furnish(self, seats: SeatsOfRules, mark: str, run: Run) -> None:
        strategy = seats.in_force
        opening, latest = Opening(self.rulebook.file, replace(strategy.terms, facts=seats.facts), {}), Latest()
        self._venues = venues = await self.venues(self.rulebook, self.account, opening, self.ledger, self.clock)
        self._mark, self._facts = mark, seats.facts
        self._objects = venues.objects
        self._objections = await venues.objects()
        self._sit(seats, latest, run)
        self._watch(strategy, latest, venues)
        board = () if self._board is None else ((_OBEY_NS, self._board.read),)
        rounds = (
            *board,
            (_LOOK_NS, self._look),
            (_LOOK_NS, self.watch.round),
            (_OBEY_NS, self._obey),
            (_BEAT_NS, self.holding.beat),
            (_FORGET_NS, partial(self._forget, venues)),
            (_OBJECTS_NS, self._ask_objections),
            (_READ_NS, self._read),
            (_ACCOUNT_NS, self.accounts.round),
        )
        guarded = tuple((every_ns, partial(self._guarded, done)) for every_ns, done in rounds)
        before = (venues.take, VenuesTold(self.say, self._stopped).take)
        self.house = House((self.intake,), latest, self.clock, before, (*guarded, (_KEEP_NS, self._keep)))
        self._warm(seats)

    def _sit(self, seats: SeatsOfRules, latest: Latest, run: Run) -> None:
        """A desk by these rules, from where the ledger stands. Errors: `LedgerUnusable`, and nothing changed here."""
        opening = Opening(self.rulebook.file, replace(seats.in_force.terms, facts=seats.facts), {})
        place = Place(
            rulebook=self.rulebook, strategy=seats.in_force, inventory=opening.inventory(),
            venues=self._venues.executors, ledger=self.ledger, account=self.account, mode=self.mode, mark=self._mark,
            older=seats.older, orphans=seats.orphans, still=self._still(),
        )  # fmt: skip
        outside = OutsideHouse(self._venues.executors, self.clock, latest, asyncio.get_running_loop())
        self._seat(place, outside, KeptInputs(self.say), run)
        self._tell_of_older(place)

    def _warm(self, seats: SeatsOfRules) -> None:
        """What is wanted of the feeds, and asked of the past before anything is judged."""
        reads = seats.in_force.reads
        wanted = [
            (feed, Wants(mine, rows.length_ns, rows.of, reads.clocks, reads.cautions))
            for rows in seats.rows
            for feed, mine in served(self.feeds, self.rulebook, seats.instruments(rows))
        ]
        self.warming = WarmingUp(
            wanted, self.sources, self._windows(), seats.rows, self.house.past, self.clock, self.say,
            reads.past_ns,
        )  # fmt: skip
        self.markets = Markets(self.house, self.warming, self.sources, self.clock, self.say)

    def _seat(self, place: Place, outside: OutsideHouse, kept: KeptInputs, run: Run) -> None:
        """The desk behind its door, and whatever it has from elsewhere read through it."""
        self.intake, self.seated = behind_door(
            place, outside, self._tell, kept.opens, run, self._telling.tells, self.wrote
        )
        self.outside, self._inputs = outside, kept
        self._seated_yet = True
        self.outside.hands = self.intake.take
        kept.run(house_run(place, self.intake.clock.now_ns()))
        self.intake.keeps = kept.step
        trading = self.seated.trading
        trading.passed_over = PassedOver(self.say, lambda: self.warming.warm)
        trading.stranger = lambda fill: self.say(Text("run.stranger", {"fill": _told(fill)}))
        if self._halt_file is None:
            self._halt_file = HaltFile(home() / NAME)
        if self.halts_at is not None and self._board is None:
            self._board = HaltBoard(self.halts_at, self.clock, _HEARD_NS, self._halts_lost)
        self.obeying = Obeying(
            self.ledger, self.account, [trading.desk], self.clock, _HEARD_NS, self._still, self._halt_file, self._board
        )
        self.holding.binds([trading.desk])
        self.intake.seats(self.seated, self.obeying)
        self.intake.judging = lambda: self.warming.warm and self.judging()
        self.intake.held = self.holding.ours

    def _watch(self, strategy: Strategy, latest: Latest, venues: Venues) -> None:
        """What is seen of the house itself goes past the desk."""
        mode = _AT_LAB if self.at_lab else self.mode
        self.watch = OwnerWatch(
            self._kept, self._telling.put, self.clock, mode, self.seated.run.id, self._wanted, self._telling.tells
        )
        legs = tuple(dict.fromkeys(leg for pair in strategy.terms.pairs.values() for leg in pair.legs))
        self.watch.watching = watching = Watching(
            self._wanted, legs, latest, venues_called(self.rulebook),
            lambda: self.seated.trading.desk.halts.latched, mode, self.watch.tells, self.clock.now_ns(),
        )  # fmt: skip
        self.accounts = AccountWatch(venues.executors, latest, self.clock, watching)
        self._watches_answers()
        self._telling.heard = lambda channels: watching.told(channels, self.clock.now_ns())
        if self.file is not None:
            tells = lambda notice: self.watch.tells(notice, self._telling.tells(notice))  # noqa: E731
            self._reloading = Reloading(FileWatch(self.file, self.rulebook), self.clock, mode, self.say, tells)

    def _watches_answers(self) -> None:
        watching = self.watch.watching
        self.obeying.acknowledges = watching.acknowledge
        self.outside.came = lambda venue, why: watching.answered(venue, why, self.clock.now_ns())

    def _at_work(self) -> bool:
        return self._seated_yet and any(each.desk.at_work for each in self.seated.tradings)

    def _windows(self) -> dict[str, PairWindow]:
        """By name for people: those of older rules stand under the pair's and their own."""
        named = dict(self.seated.trading.windows)
        for older in self.seated.older:
            digest = older.desk.strategy.terms.rules_digest.removeprefix("sha256:")[:_SHORT]
            named |= {f"{pair}@{digest}": window for pair, window in older.windows.items()}
        return named

    def _tell_of_older(self, place: Place) -> None:
        """What keeps the rules it was opened with, and what nobody can judge."""
        lots = self.seated.trading.desk.books.open_lots()
        kept = [lot for lot in lots if lot.rules_digest in place.older]
        if kept:
            pairs = ", ".join(dict.fromkeys(lot.pair for lot in kept))
            self.say(Text("run.older", {"count": len(kept), "pairs": pairs}))
        for said in orphaned(place, self.seated):
            self.say(said)
            self.say(Text("run.orphan.help"))

    async def _forget(self, venues: Venues) -> None:
        if self._recovered:
            await self.intake.forget()
        venues.forget(self.clock.now_ns() - _LISTED_NS)

    def _still(self) -> dict[str, Halt]:
        """What no resume undoes."""
        leaves = {} if self.only_leaves is None else {render(self.only_leaves): Halt.REDUCE_ONLY}
        return {**self.holding.still(), **self._objections, **leaves}

    async def _ask_objections(self) -> None:
        """What came since stops entries at once; what is gone may be resumed."""
        before, self._objections = self._objections, await self._objects()
        for reason in self._objections.keys() - before.keys():
            self.intake.broke(reason)

    async def live(self) -> None:
        """Finishes what was begun, warms up, and trades until it is cancelled.

        Errors: `AccountHeld` once another process has the account: what is to be done there is for that one.
        """
        tells = asyncio.ensure_future(self._telling.run())
        lives = (self._fed(), self.holding.until_lost(), self._trade(), self._reloads())
        work = [asyncio.ensure_future(each) for each in lives]
        try:
            await asyncio.gather(*work)
        finally:
            await ended(work)
            self.outside.end()
            await self.house.end()
            await self._telling.drain()
            await ended([tells])
            await self._telling.close()

    def close(self, how: str) -> None:
        """Errors: `LedgerUnusable`."""
        self.intake.shut()
        try:
            self.seated.end(how, self.clock.now_ns())
        finally:
            self.holding.release()

    async def _trade(self) -> None:
        """The account is held and the owner is heard from the first moment on, however long it takes to finish."""
        await self.obeying.look()
        self.house.begin()
        await self._priced({left.plan.pair for left in self.seated.before.unfinished})
        await self.intake.recover()
        self._recovered = True
        await self.warming.run()

    async def _priced(self, pairs: set[str]) -> None:
        """Until there is a price on each leg of these. Edge: not for ever, for what stands alone cannot wait."""
        terms = self.seated.trading.desk.strategy.terms
        legs = {leg for pair in pairs & terms.pairs.keys() for leg in terms.pairs[pair].legs}
        until_ns = self.clock.now_ns() + int(_PRICES_S * _SECOND)
        while not legs <= self.house.latest.tops.keys() and self.clock.now_ns() < until_ns:
            await self.clock.sleep_until(until_ns)

    async def _look(self) -> None:
        if self._recovered:
            await self.intake.look()

    async def _obey(self) -> None:
        """The owner hears, past the ledger, when nobody could say anything to this desk any more."""
        before = self.obeying.unread
        await self.obeying.look()
        if self.obeying.unread is not None and before is None:
            self.say(Text("run.unread", {"why": self.obeying.unread}))
            self._stopped(str(self.obeying.unread))
        if self.obeying.reload:
            self.obeying.reload = False
            self._reload_asked.set()

    async def _keep(self) -> None:
        await self._inputs.write()

    async def _fed(self) -> None:
        """Feeds and rates, begun anew where other rules may want other data of them."""
        while True:
            fed = [asyncio.ensure_future(each) for each in self.markets.run()]
            try:
                await self._wanted_anew.wait()
            finally:
                await ended(fed)
            self._wanted_anew.clear()

    async def _reloads(self) -> None:
        while True:
            await self._reload_asked.wait()
            self._reload_asked.clear()
            if self.file is not None and self._reloading is not None:
                await self._adopt(self.file, self._reloading)

    async def _adopt(self, file: RulesFile, reloading: Reloading) -> None:
        """What cannot be adopted is told, and the desk goes on as it was."""
        try:
            rules = await asyncio.to_thread(need_adoptable, file, self.rulebook, self.mode)
            if rules.digests == self.rulebook.digests and self.only_leaves is None:
                reloading.same()
                return
            before = self.rulebook
            await self._change(file.there(rules))
        except KarbError as e:
            reloading.refused(e)
        else:
            kept = sum(lot.rules_digest != rules.digests.rules for lot in self.seated.trading.desk.books.open_lots())
            reloading.adopted(before, self.rulebook, kept)
            await self.intake.recover()
            self._recovered = True
            await self.warming.run()

    async def _change(self, to: Rulebook) -> None:
        """At a moment at which nothing is under way. Errors: `KarbError`, and everything is as it was."""
        changed = False
        while not changed:
            while not self._recovered or self._at_work():
                await asyncio.sleep(_QUIET_S)
            await self.house.rest()
            try:
                if not self._at_work():
                    self._reseat(to)
                    changed = True
            finally:
                self.house.begin()
        self._wanted_anew.set()

    def _reseat(self, to: Rulebook) -> None:
        """As a restart would, between two events: the run ends, and the next begins from where the ledger stands."""
        self.seated.flush()
        whose = Whose(self.account, to.file.name)
        found = older_rules(self.ledger, whose, to.digests.rules, to.source.name)
        seats = seats_of_rules(strategy_of(to, {leg: self._facts[leg] for leg in traded(to)}), found, self._facts)
        if (why := seats.orphans.get(self.rulebook.digests.rules)) is not None:
            raise StrategyInvalid(Text("reload.orphans", {"why": why}))
        was, ends = (self.rulebook, self.only_leaves), (self.outside, self.intake, self.seated)
        self.rulebook, self.only_leaves = to, None
        try:
            assert seats.rows  # what no feed can tell is refused here, before anything ended
            self._sit(seats, self.house.latest, run_of(to, self.account, self.mode, self.clock.now_ns()))
        except BaseException:
            self.rulebook, self.only_leaves = was
            raise
        self._ends(*ends)
        self._recovered = False
        self.house.tradings = (self.intake,)
        self._watches_answers()
        self.watch.run_id = self.seated.run.id
        self.reseated(self.seated.trading.desk)
        self._warm(seats)

    def _ends(self, outside: OutsideHouse, intake: Intake, seated: Seated) -> None:
        """Edge: a ledger that cannot be written now has all the same what the desk wrote: it was flushed."""
        outside.end()
        intake.shut()
        try:
            seated.end(_RELOADED, self.clock.now_ns())
        except LedgerUnusable as e:
            self.say(e.said)

    def _halts_lost(self, why: str) -> None:
        assert self.halts_at is not None
        said = Text("run.no_halts", {"where": self.halts_at.where, "why": why})
        self.say(said)
        self._stopped(render(said))

    async def _read(self) -> None:
        if self._reloading is not None:
            await self._reloading.look()

    def _stopped(self, why: str) -> None:
        facts = {"reason": why, "strength": Halt.NO_ENTRIES.word}
        self._tell(Notice(NoticeKind.HALT, self.clock.now_ns(), "", self.mode, facts))

    def _tell(self, notice: Notice) -> None:
        self._telling.put(replace(notice, mode=_AT_LAB) if self.at_lab else notice)

    async def _guarded(self, done: Callable[[], Awaitable[None]]) -> None:
        """It does not raise: what breaks here is handed in as well, for it stops entries."""
        try:
            await done()
        except Exception as e:  # noqa: BLE001 - whatever it is, the owner sees it and nothing new is entered
            self.intake.broke(mistake(e))


def _told(fill: Fill) -> str:
    return f"{fill.side.value} {fill.amount.text()} {fill.instrument.text()}"
