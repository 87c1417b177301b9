"""One strategy at its desk: takes moments in order, decides, writes down, carries out, and keeps its books."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from karb_core.domain import exact
from karb_core.domain.decisions import Denied, ProposalKind
from karb_core.domain.halt import Halt
from karb_core.domain.orders import Fill
from karb_core.engine.agreement import Agreement, differences
from karb_core.engine.ask_account import account_of, ask_account
from karb_core.engine.books import Books
from karb_core.engine.carried import Carried
from karb_core.engine.carrier import UNWRITTEN, Carrier, prices_of
from karb_core.engine.decide import decide
from karb_core.engine.down import down
from karb_core.engine.driver import Driver
from karb_core.engine.halt_latch import HaltLatch
from karb_core.engine.next_step import Next
from karb_core.engine.still_true import still_true
from karb_core.engine.strategy import Strategy
from karb_core.engine.unfinished import Unfinished
from karb_core.engine.watching import watch
from karb_core.engine.ways_out import Renew, WaysOut
from karb_core.ports import (
    AccountView,
    Approval,
    Income,
    Journal,
    Judgement,
    MarketView,
    Moment,
    Recorder,
    Standing,
    Unrecorded,
)


@dataclass(slots=True)
class Desk:
    """While `halts` says so nothing new is entered; a way out is never held.

    Pairs may be taken at the same time, each by one writer: while an intent of a pair is being carried out, moments of
    that pair are not judged. `owed`: pairs of which a venue closed a leg by force; they are brought back to nothing at
    each moment until they are there. `agreement`: whether the venues show what the books say; None where the venues
    are simulated and nobody else can have an account.

    A lot keeps the rules it was opened with: a desk judges those of its own rules. `beside`: the desk of the rules in
    force, where this one only leaves what older rules opened; they share books, halts, and whatever only one may do at
    a time. `orphans`: digests of rules that nobody can read any more: their lots are left only when somebody forces it.
    """

    strategy: Strategy
    books: Books
    driver: Driver
    journal: Journal
    recorder: Recorder = field(default_factory=Unrecorded)
    agreement: Agreement | None = None
    beside: Desk | None = None
    orphans: frozenset[str] = frozenset()
    halts: HaltLatch = field(init=False)
    carrier: Carrier = field(init=False)
    owed: set[str] = field(init=False, default_factory=set)
    _busy: set[str] = field(init=False, default_factory=set)
    _finishing: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.halts = HaltLatch(self.journal) if self.beside is None else self.beside.halts
        self.carrier = Carrier(self.strategy, self.books, self.driver, self.journal, self.halts)
        self.driver.halt = self.halts.strength
        if self.beside is not None:
            self._shares(self.beside)

    def _shares(self, other: Desk) -> None:
        self.agreement, self.owed = other.agreement, other.owed
        self._busy, self._finishing = other._busy, other._finishing
        self.carrier.reserved, self.carrier.working = other.carrier.reserved, other.carrier.working
        self.carrier.entering, self.carrier.stuck = other.carrier.entering, other.carrier.stuck
        self.carrier.fates = other.carrier.fates
        self.driver.sent, self.driver.lapsed, self.driver.void = (
            other.driver.sent,
            other.driver.lapsed,
            other.driver.void,
        )

    @property
    def halted(self) -> list[str]:
        """Why nothing new is entered."""
        return self.halts.reasons

    def busy(self, pair: str) -> bool:
        """Whether an intent of the pair is being carried out."""
        return pair in self._busy

    @property
    def at_work(self) -> bool:
        """Whether anything is being judged or carried out."""
        return bool(self._busy)

    @property
    def still(self) -> Mapping[str, Halt]:
        """What it halted for and is still so: no resume undoes it."""
        return self.carrier.still() | still_true(self.halts.latched, self.books.open_lots(), self.owed)

    async def take(self, moment: Moment, view: MarketView, renew: Renew | None = None) -> tuple[Carried, ...]:
        """Judges one moment, and carries out what was decided before it returns.

        `renew` gives the moment and the view anew: an account takes time to answer, and what was seen before it
        answered is old by then. None where no time passes.
        """
        if self.busy(moment.pair):
            return ()
        self._busy.add(moment.pair)
        try:
            self.watch(view)
            if self.carrier.fates.begun:
                await self.carrier.ask_on(moment.pair, view)
            ways_out, known = self._ways_out(), not any(self._unknown(moment))
            if ways_out.must(moment.pair):
                return await ways_out.leave(moment, view, renew) if known else ()
            if known and ways_out.uneven(moment.pair) and (evened := await ways_out.even_out(moment, view)):
                return evened
            return await self._take(moment, view, renew)
        finally:
            self._busy.discard(moment.pair)

    def watch(self, view: MarketView) -> None:
        """Stops for what a gate that watches demands now; where nothing watches, nothing is looked at. The desk of the
        rules in force does this alone."""
        if self.beside is None and self.strategy.watched:
            account = account_of(self.strategy, self.carrier, frozenset(self._finishing), {})
            watch(self.strategy, view, account, self.halts, view.as_of_ns)

    async def recover(self, unfinished: Sequence[Unfinished], view: MarketView) -> tuple[Next, ...]:
        """Finishes what was begun before a restart, one after the other."""
        pairs = {left.plan.pair for left in unfinished}
        self._busy |= pairs
        self._finishing |= pairs
        try:
            return tuple([await self.carrier.finish(left, view) for left in unfinished])
        finally:
            self._busy -= pairs
            self._finishing -= pairs

    async def compare(self, venue: str) -> None:
        """Holds the books against what the venue shows.

        Edge: while legs are under way nothing can be compared; then, and where no answer comes, what was compared
        before stands.
        """
        held = self.books.holdings
        if self.agreement is None or self.carrier.working:
            return
        try:
            positions = await self.driver.executors[venue].positions()
        except Exception:  # noqa: BLE001 - nothing is known now, and nothing is assumed
            return
        if self.books.holdings is held and not self.carrier.working:
            self.agreement.compared(venue, differences(venue, positions, held, self.driver.facts))

    def hold(self, pair: str) -> bool:
        """Whether legs of the pair are under way. Then nothing more of them is placed: a venue closed one by force."""
        self.carrier.void(pair)
        return pair in self.carrier.working

    async def forced(self, fill: Fill, moments: tuple[Moment, ...], view: MarketView) -> tuple[Carried, ...]:
        """Books a fill that a venue forced, and brings what it left open back to nothing at once.

        Edge: where legs are under way nothing more of them is placed, and what is left then is brought back.
        """
        shares = self.books.book_forced(fill)
        if shares is None:
            return ()
        self.recorder.fill(fill)
        self.journal.fill(fill, shares)
        if exact.total(amount.value for _, amount in shares) != fill.moved.value:
            at = f"{fill.instrument.text()} {fill.order_id}"
            self.carrier.halt(f"a forced close that belongs to no lot: {at}", view.as_of_ns)
        touched = {self.books.lots[lot_id].pair for lot_id, _ in shares}
        for pair in touched:
            self.carrier.void(pair)
        self.books.close([lot_id for lot_id, _ in shares], view.as_of_ns, prices_of(view))
        self.owed |= {pair for pair in touched if self.books.standing(pair).lots}
        return tuple([carried for moment in moments for carried in await self.take_owed(moment, view)])

    async def take_owed(self, moment: Moment, view: MarketView) -> tuple[Carried, ...]:
        """As `take`, only of a pair that must be left; a moment that only judges is no part of it."""
        return await self.take(moment, view) if self._ways_out().must(moment.pair) else ()

    async def account(self, view: MarketView) -> AccountView:
        """What may be used now, asked of the venues, less the file's reserve and what is under way.

        Edge: of an account that does not answer nothing is free, so entries wait and ways out go.
        """
        return await ask_account(self.driver, self.strategy, self.carrier, frozenset(self._finishing), view)

    async def write(self, at_ns: int) -> None:
        """Makes durable what was written since. Edge: a ledger that takes nothing stops entries, and is tried again."""
        try:
            await self.journal.durable()
            self.driver.unwritten = None
        except Exception as e:  # noqa: BLE001 - whatever keeps the ledger from being written, the desk goes on without entries
            self.driver.unwritten = e
            self.carrier.halt(UNWRITTEN, at_ns)

    async def stop(self, strength: Halt, reason: str, author: str, at_ns: int) -> None:
        """Somebody's order to stop. It is durable when this returns: only then may it be acknowledged."""
        self.halts.latch(strength, reason, author, at_ns)
        await self.journal.durable()

    async def approve(self, pair: str, approval: Approval) -> None:
        """The owner's word that the pair may be entered once. Durable as `stop`."""
        self.carrier.approvals[pair] = approval
        await self.journal.durable()

    async def resume(
        self, reason: str, author: str, at_ns: int, still: Mapping[str, Halt] = MappingProxyType({})
    ) -> Mapping[str, Halt]:
        """Takes every halt away that is no more true, and gives back what stays. Durable as `stop`.

        still: what is true beside what the desk knows itself.
        """
        self.halts.resume(reason, author, at_ns, {**self.still, **still})
        await self.journal.durable()
        return self.halts.latched

    def settle(self, income: Income) -> bool:
        """Books what a venue paid or took beside fills; False if it was booked before."""
        booked = self.books.book_income(income)
        if booked is not None:
            self.recorder.income(income)
            self.journal.income(booked)
        return booked is not None

    async def _take(self, moment: Moment, view: MarketView, renew: Renew | None) -> tuple[Carried, ...]:
        judgement, standing = self._judged(moment)
        if judgement == Judgement():
            self.recorder.moment(moment, standing, None)
            return ()
        account = await self.account(view)
        if renew is not None:
            moment, view = renew()
            judgement, standing = self._judged(moment)
            whole = self.books.standing(moment.pair)
            account = replace(account, standing={**account.standing, moment.pair: whole})
        self.recorder.moment(moment, standing, account.free)
        out = []
        for decided in decide(self.strategy, moment, judgement, view, account, self._barred(moment, view)):
            if self.carrier.has_entered(decided):
                continue  # once is what was decided: a lot of that moment is there, or was traded back
            self.journal.decision(decided.decision)
            end = await self.carrier.carry(decided, view)
            out.append(Carried(decided, end))
            stays = end is not None and any(i in self.books.lots for i in decided.decision.lot_ids)
            if stays and self.agreement is not None:
                self.agreement.forget(moment.legs)
        return tuple(out)

    def _barred(self, moment: Moment, view: MarketView) -> tuple[Denied, ...]:
        differs = () if self.agreement is None else self.agreement.bars(moment.pair, moment.legs)
        return (*differs, *self._unknown(moment), *down(moment.pair, moment.legs, view))

    def _unknown(self, moment: Moment) -> Iterator[Denied]:
        return self.carrier.fates.bars(moment.legs, self.driver)

    def _judged(self, moment: Moment) -> tuple[Judgement, Standing]:
        standing = self.books.standing(moment.pair).of({self.strategy.terms.rules_digest})
        judgement = self.strategy.signal.judge(moment, standing, self.strategy.terms)
        if self.beside is not None:
            return replace(_exits_of(judgement), rearmed=None), standing
        return (_exits_of(judgement) if self.halts.strength() else judgement), standing

    def _ways_out(self) -> WaysOut:
        return WaysOut(
            strategy=self.strategy,
            carrier=self.carrier,
            journal=self.journal,
            recorder=self.recorder,
            agreement=self.agreement,
            owed=self.owed,
            rules=self.orphans | {self.strategy.terms.rules_digest},
            compare=self.compare,
            account=self.account,
        )


def _exits_of(judgement: Judgement) -> Judgement:
    exits = tuple(p for p in judgement.proposals if p.kind is ProposalKind.EXIT)
    return replace(judgement, proposals=exits)
