"""One strategy at its desk: takes moments in order, decides, writes down, carries out, and keeps its books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from karb_core.domain.decisions import ProposalKind
from karb_core.domain.halt import Halt
from karb_core.domain.holdings import Account
from karb_core.domain.orders import Fill
from karb_core.engine.books import Books
from karb_core.engine.carrier import LADDER, Carrier, prices_of
from karb_core.engine.decide import Decided, decide, force_out
from karb_core.engine.deployable import deployable
from karb_core.engine.driver import Driver
from karb_core.engine.halt_latch import HaltLatch
from karb_core.engine.next_step import Next, Phase
from karb_core.engine.strategy import Strategy
from karb_core.engine.unfinished import Unfinished
from karb_core.ports import AccountView, Income, Journal, Judgement, MarketView, Moment, Recorder, Unrecorded


@dataclass(frozen=True, slots=True)
class Carried:
    """A decision and, where a plan was carried out, how that ended."""

    decided: Decided
    end: Next | None = None


@dataclass(slots=True)
class Desk:
    """While `halts` says so nothing new is entered; a way out is never held.

    Pairs may be taken at the same time, each by one writer: while an intent of a pair is being carried out, moments of
    that pair are not judged. `owed`: pairs of which a venue closed a leg by force; they are brought back to nothing at
    each moment until they are there.
    """

    strategy: Strategy
    books: Books
    driver: Driver
    journal: Journal
    recorder: Recorder = field(default_factory=Unrecorded)
    halts: HaltLatch = field(init=False)
    carrier: Carrier = field(init=False)
    owed: set[str] = field(init=False, default_factory=set)
    _busy: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.halts = HaltLatch(self.journal)
        self.carrier = Carrier(self.strategy, self.books, self.driver, self.journal, self.halts)
        self.driver.halt = self.halts.strength

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
        return self._still()

    async def take(self, moment: Moment, view: MarketView) -> tuple[Carried, ...]:
        """Judges one moment, and carries out what was decided before it returns."""
        if self.busy(moment.pair):
            return ()
        self._busy.add(moment.pair)
        try:
            return await (self._leave(moment, view) if self._must_leave(moment.pair) else self._take(moment, view))
        finally:
            self._busy.discard(moment.pair)

    async def recover(self, unfinished: Sequence[Unfinished], view: MarketView) -> tuple[Next, ...]:
        """Finishes what was begun before a restart, one after the other."""
        pairs = {left.plan.pair for left in unfinished}
        self._busy |= pairs
        try:
            return tuple([await self.carrier.finish(left, view) for left in unfinished])
        finally:
            self._busy -= pairs

    async def forced(self, fill: Fill, moments: tuple[Moment, ...], view: MarketView) -> tuple[Carried, ...]:
        """Books a fill that a venue forced, and brings what it left open back to nothing at once.

        Edge: where legs are under way nothing more of them is placed, and what is left then is brought back.
        """
        shares = self.books.book_forced(fill)
        if shares is None:
            return ()
        self.recorder.fill(fill)
        self.journal.fill(fill, shares)
        touched = {self.books.lots[lot_id].pair for lot_id, _ in shares}
        for pair in touched:
            self.carrier.void(pair)
        self.books.close([lot_id for lot_id, _ in shares], view.as_of_ns, prices_of(view))
        self.owed |= {pair for pair in touched if self.books.standing(pair).lots}
        return tuple([carried for moment in moments for carried in await self.take_owed(moment, view)])

    async def take_owed(self, moment: Moment, view: MarketView) -> tuple[Carried, ...]:
        """As `take`, only of a pair that must be left; a moment that only judges is no part of it."""
        return await self.take(moment, view) if self._must_leave(moment.pair) else ()

    async def account(self, view: MarketView) -> AccountView:
        """What may be used now, asked of the venues, less the file's reserve and what is under way.

        Edge: of an account that does not answer nothing is free, so entries wait and ways out go.
        """
        terms = self.strategy.terms
        balances: dict[Account, Decimal] = {}
        for executor in {id(e): e for e in self.driver.executors.values()}.values():
            try:
                balances |= {account: b.free for account, b in (await executor.balances()).items()}
            except Exception:  # noqa: BLE001 - whatever kept it from answering, what is free there is not known
                continue
        pending = tuple(self.carrier.reserved.values())
        free = deployable(self.strategy, view, balances, self.books.holdings, pending)
        return AccountView(terms, free, {pair: self.books.standing(pair) for pair in terms.pairs})

    async def stop(self, strength: Halt, reason: str, author: str, at_ns: int) -> None:
        """Somebody's order to stop. It is durable when this returns: only then may it be acknowledged."""
        self.halts.latch(strength, reason, author, at_ns)
        await self.journal.durable()

    async def resume(
        self, reason: str, author: str, at_ns: int, still: Mapping[str, Halt] = MappingProxyType({})
    ) -> Mapping[str, Halt]:
        """Takes every halt away that is no more true, and gives back what stays. Durable as `stop`.

        still: what is true beside what the desk knows itself.
        """
        self.halts.resume(reason, author, at_ns, {**self._still(), **still})
        await self.journal.durable()
        return self.halts.latched

    def settle(self, income: Income) -> bool:
        """Books what a venue paid or took beside fills; False if it was booked before."""
        booked = self.books.book_income(income)
        if booked is not None:
            self.recorder.income(income)
            self.journal.income(booked)
        return booked is not None

    def _still(self) -> dict[str, Halt]:
        """A flatten stays until nothing is open, what a venue forced until it is brought back, a leg until it is not."""
        latched, open_ = self.halts.latched, self.books.open_lots()
        flatten = [why for why, strength in latched.items() if strength is Halt.FLATTEN] if open_ else []
        owed = [LADDER] if LADDER in latched and any(lot.pair in self.owed for lot in open_) else []
        return self.carrier.still() | dict.fromkeys(owed, Halt.NO_ENTRIES) | dict.fromkeys(flatten, Halt.FLATTEN)

    def _must_leave(self, pair: str) -> bool:
        open_ = bool(self.books.standing(pair).lots)
        if not open_:
            self.owed.discard(pair)
        return open_ and (pair in self.owed or self.halts.strength() is Halt.FLATTEN)

    async def _take(self, moment: Moment, view: MarketView) -> tuple[Carried, ...]:
        standing = self.books.standing(moment.pair)
        judgement = self.strategy.signal.judge(moment, standing, self.strategy.terms)
        if self.halts.strength():
            judgement = _ways_out(judgement)
        if not judgement.proposals and judgement.rearmed is None:
            self.recorder.moment(moment, standing, None)
            return ()
        account = await self.account(view)
        self.recorder.moment(moment, standing, account.free)
        out = []
        for decided in decide(self.strategy, moment, judgement, view, account):
            self.journal.decision(decided.decision)
            out.append(Carried(decided, await self.carrier.carry(decided, view)))
        return tuple(out)

    async def _leave(self, moment: Moment, view: MarketView) -> tuple[Carried, ...]:
        """Brings every lot of the pair back to nothing, ungated.

        Edge: where nothing of it traded, a leg may stand alone: no ladder begins without a fill, so the desk halts, and
        tries again at the next moment.
        """
        why = "a venue closed a leg" if moment.pair in self.owed else "flatten"
        account = await self.account(view)
        self.recorder.forced(moment, self.books.standing(moment.pair), account.free)
        out = []
        for decided in force_out(self.strategy, moment, view, account, LADDER, why):
            self.journal.decision(decided.decision)
            end = await self.carrier.carry(decided, view)
            if any(lot_id in self.books.lots for lot_id in decided.decision.lot_ids):
                end = Next((), Phase.STUCK, cited=self.strategy.file_cite(LADDER))
                self.carrier.halt(LADDER, view)
            out.append(Carried(decided, end))
        return tuple(out)


def _ways_out(judgement: Judgement) -> Judgement:
    exits = tuple(p for p in judgement.proposals if p.kind is ProposalKind.EXIT)
    return Judgement(exits, judgement.rearmed)
