"""One strategy at its desk: takes moments in order, decides, writes down, carries out, and keeps its books."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain.amount import Price
from karb_core.domain.approved import Approved
from karb_core.domain.decisions import DecisionKind, Plan, ProposalKind
from karb_core.domain.halt import Halt
from karb_core.domain.holdings import Account
from karb_core.domain.lots import Lot, LotLeg
from karb_core.domain.orders import Fill
from karb_core.engine.books import Books
from karb_core.engine.decide import Decided, decide, force_out
from karb_core.engine.deployable import deployable
from karb_core.engine.driver import Driver
from karb_core.engine.funds import needs
from karb_core.engine.halt_latch import HaltLatch
from karb_core.engine.next_step import Next, Phase
from karb_core.engine.strategy import Strategy
from karb_core.engine.unfinished import Unfinished
from karb_core.ports import (
    AccountView,
    Fired,
    Income,
    Journal,
    Judgement,
    MarketView,
    Moment,
    Recorder,
    Unrecorded,
)

_LADDER = "/execution/on_one_leg"


Follow = Callable[[Approved[Plan], int], Awaitable[Next]]


@dataclass(frozen=True, slots=True)
class Carried:
    """A decision and, where a plan was carried out, how that ended."""

    decided: Decided
    end: Next | None = None


@dataclass(slots=True)
class Desk:
    """While `halts` says so nothing new is entered; a way out is never held.

    Pairs may be taken at the same time, each by one writer: while an intent of a pair is being carried out, moments of
    that pair are not judged. What a plan needs is reserved from its decision until its legs have come to an end.
    """

    strategy: Strategy
    books: Books
    driver: Driver
    journal: Journal
    recorder: Recorder = field(default_factory=Unrecorded)
    halts: HaltLatch = field(init=False)
    _busy: set[str] = field(init=False, default_factory=set)
    _reserved: dict[str, Mapping[Account, Decimal]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.halts = HaltLatch(self.journal)
        self.driver.halt = self.halts.strength

    @property
    def halted(self) -> list[str]:
        """Why nothing new is entered."""
        return self.halts.reasons

    async def take(self, moment: Moment, view: MarketView) -> tuple[Carried, ...]:
        """Judges one moment, and carries out what was decided before it returns."""
        if moment.pair in self._busy:
            return ()
        self._busy.add(moment.pair)
        try:
            return await self._take(moment, view)
        finally:
            self._busy.discard(moment.pair)

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
            out.append(Carried(decided, await self._carry(decided, view)))
        return tuple(out)

    async def recover(self, unfinished: Sequence[Unfinished], view: MarketView) -> tuple[Next, ...]:
        """Finishes what was begun before a restart, by the same function that began it.

        Edge: an entry of which nothing ever reached a venue is not begun anew: it is for the next moment to judge.
        """
        ends = []
        for left in unfinished:
            self.driver.sent[left.plan.intent_id] = left.sent
            approved = Approved.by_rule(left.plan, self.strategy.file_cite(_LADDER))
            follow = self.driver.carry_on if left.last else self.driver.settle
            ends.append(await self._followed(approved, left.decided_at_ns, left.complete, view, follow))
        return tuple(ends)

    async def forced(self, fill: Fill, moments: tuple[Moment, ...], view: MarketView) -> tuple[Carried, ...]:
        """Books a fill that a venue forced, and brings what it left open back to nothing at once.

        Edge: where that did not trade either, a leg stands alone: no ladder begins without a fill, so the desk halts.
        """
        shares = self.books.book_forced(fill)
        if shares is None:
            return ()
        self.recorder.fill(fill)
        self.journal.fill(fill, shares)
        self.books.close([lot_id for lot_id, _ in shares], view.as_of_ns, _prices(view))
        out = []
        for moment in moments:
            account = await self.account(view)
            self.recorder.forced(moment, self.books.standing(moment.pair), account.free)
            for decided in force_out(self.strategy, moment, view, account, _LADDER):
                self.journal.decision(decided.decision)
                end = await self._carry(decided, view)
                if any(lot_id in self.books.lots for lot_id in decided.decision.lot_ids):
                    end = Next((), Phase.STUCK, cited=self.strategy.file_cite(_LADDER))
                    self._halt(_LADDER, view)
                out.append(Carried(decided, end))
        return tuple(out)

    async def account(self, view: MarketView) -> AccountView:
        """What may be used now, asked of the venues, less the file's reserve."""
        terms = self.strategy.terms
        balances: dict[Account, Decimal] = {}
        for executor in {id(e): e for e in self.driver.executors.values()}.values():
            try:
                balances |= {account: b.free for account, b in (await executor.balances()).items()}
            except Exception:  # noqa: BLE001 - of an account that cannot be asked nothing is free: entries wait, exits do not
                continue
        free = deployable(self.strategy, view, balances, self.books.holdings, tuple(self._reserved.values()))
        return AccountView(terms, free, {pair: self.books.standing(pair) for pair in terms.pairs})

    def settle(self, income: Income) -> bool:
        """Books what a venue paid or took beside fills; False if it was booked before."""
        booked = self.books.book_income(income)
        if booked is not None:
            self.recorder.income(income)
            self.journal.income(booked)
        return booked is not None

    async def _carry(self, decided: Decided, view: MarketView) -> Next | None:
        if decided.decision.kind is DecisionKind.REARM:
            self.books.rearm(decided.decision.pair)
        if decided.plan is None:
            return None
        plan = decided.plan.item
        if _enters(plan):
            lot = _unfilled(self.strategy, plan, view)
            self.books.open(lot)
            self.journal.lot(lot)
        return await self._followed(decided.plan, decided.decision.at_ns, decided.complete, view, self.driver.carry_out)

    async def _followed(
        self, approved: Approved[Plan], at_ns: int, complete: bool, view: MarketView, follow: Follow
    ) -> Next:
        """Carries a plan out to its end, and takes note of what came of it."""
        plan = approved.item
        self._reserved[plan.intent_id] = needs(plan.legs, self.strategy.terms)
        try:
            end = await follow(approved, at_ns)
        finally:
            del self._reserved[plan.intent_id]
        if _enters(plan) and any(leg.entered.value for leg in self.books.lots[plan.intent_id].legs):
            self._fire(plan, at_ns, complete)
        lot_ids = [share.lot_id for share in plan.shares] or [plan.intent_id]
        self.books.close(lot_ids, view.as_of_ns, _prices(view))
        if end.phase is Phase.STUCK:
            self._halt(end.cited.rule if end.cited is not None else "a leg is open", view)
        if self.driver.unwritten is not None:
            self._halt("the ledger cannot be written", view)
        return end

    def _halt(self, reason: str, view: MarketView) -> None:
        self.halts.latch(Halt.NO_ENTRIES, reason, "desk", view.as_of_ns)

    def _fire(self, plan: Plan, at_ns: int, complete: bool) -> None:
        proposal = plan.proposals[0]
        premium = dict(proposal.seen).get("premium")
        told = premium if isinstance(premium, Decimal) else None
        self.books.fire(plan.pair, Fired(proposal.tier or "", at_ns, told, complete))


def _enters(plan: Plan) -> bool:
    return plan.proposals[0].kind is ProposalKind.ENTRY


def _ways_out(judgement: Judgement) -> Judgement:
    exits = tuple(p for p in judgement.proposals if p.kind is ProposalKind.EXIT)
    return Judgement(exits, judgement.rearmed)


def _unfilled(strategy: Strategy, plan: Plan, view: MarketView) -> Lot:
    proposal = plan.proposals[0]
    return Lot(
        id=plan.intent_id,
        pair=plan.pair,
        tier=proposal.tier,
        side=proposal.side,
        rules_digest=strategy.terms.rules_digest,
        target=proposal.target,
        opened_at_ns=view.as_of_ns,
        rates=_prices(view),
        legs=tuple(LotLeg.unfilled(leg.instrument, leg.side) for leg in plan.legs),
        fees=(),
        funding=(),
    )


def _prices(view: MarketView) -> tuple[tuple[str, Price], ...]:
    """What each seat of rates says, by the seats' names."""
    return tuple((seat, rate.price) for seat, rate in sorted(view.rates.items()))
