"""One strategy at its desk: takes moments in order, decides, writes down, carries out, and keeps its books."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount, Price
from karb_core.domain.decisions import DecisionKind, Plan, ProposalKind
from karb_core.domain.exact import Rounding
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import InstrumentKind
from karb_core.domain.lots import Lot, LotLeg
from karb_core.domain.orders import Fill
from karb_core.engine.books import Books, free_to_deploy
from karb_core.engine.decide import Decided, decide, force_out
from karb_core.engine.driver import Driver
from karb_core.engine.legs import Next, Phase
from karb_core.engine.strategy import Strategy
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

_STEP = Decimal(1).scaleb(-8)  # karb: constant because it is how finely a reserve is rounded up
_LADDER = "/execution/on_one_leg"


@dataclass(frozen=True, slots=True)
class Carried:
    """A decision and, where a plan was carried out, how that ended."""

    decided: Decided
    end: Next | None = None


@dataclass(slots=True)
class Desk:
    """`halted` holds the reasons for which nothing new is entered; a way out is never held."""

    strategy: Strategy
    books: Books
    driver: Driver
    journal: Journal
    halted: list[str] = field(default_factory=list)
    recorder: Recorder = field(default_factory=Unrecorded)

    async def take(self, moment: Moment, view: MarketView) -> tuple[Carried, ...]:
        """Judges one moment, and carries out what was decided before it returns."""
        standing = self.books.standing(moment.pair)
        judgement = self.strategy.signal.judge(moment, standing, self.strategy.terms)
        if self.halted:
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
            balances |= {account: b.free for account, b in (await executor.balances()).items()}
        spot = [i for i, f in terms.facts.items() if f.kind is InstrumentKind.SPOT]
        coins = frozenset(Account(i.venue, i.base) for i in spot) - frozenset(
            Account(i.venue, i.quote) for i in terms.facts
        )
        free = free_to_deploy(balances, _reserved(self.strategy, view), self.books.holdings, coins)
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
        entry = plan.proposals[0].kind is ProposalKind.ENTRY
        if entry:
            lot = _unfilled(self.strategy, plan, view)
            self.books.open(lot)
            self.journal.lot(lot)
        end = await self.driver.carry_out(decided.plan, decided.decision.at_ns)
        lot_ids = [share.lot_id for share in plan.shares] or [plan.intent_id]
        if entry and any(leg.entered.value for leg in self.books.lots[plan.intent_id].legs):
            self._fire(plan, decided, view)
        self.books.close(lot_ids, view.as_of_ns, _prices(view))
        if end.phase is Phase.STUCK:
            self._halt(end.cited.rule if end.cited is not None else "a leg is open", view)
        if self.driver.unbooked:
            self._halt(f"fills not listed by the venue: {', '.join(self.driver.unbooked)}", view)
        return end

    def _halt(self, reason: str, view: MarketView) -> None:
        if reason not in self.halted:
            self.halted.append(reason)
            self.journal.halt("no-entries", reason, "desk", view.as_of_ns)

    def _fire(self, plan: Plan, decided: Decided, view: MarketView) -> None:
        proposal = plan.proposals[0]
        premium = dict(proposal.seen).get("premium")
        told = premium if isinstance(premium, Decimal) else None
        self.books.fire(plan.pair, Fired(proposal.tier or "", view.as_of_ns, told, decided.complete))


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


def _reserved(strategy: Strategy, view: MarketView) -> Mapping[Account, Decimal]:
    """The reserve at each venue that pays for a leg, in the asset it pays with; through the `money` rate elsewhere."""
    terms = strategy.terms
    kept = Amount(exact.mul(terms.capital.value, terms.reserve), terms.book)
    out = {}
    for pair in terms.pairs.values():
        for leg in pair.legs:
            paying = terms.facts[leg].margin_asset or leg.quote
            out[Account(leg.venue, paying)] = _in_asset(kept, paying, view)
    return out


def _in_asset(kept: Amount, asset: str, view: MarketView) -> Decimal:
    if asset == kept.asset or not kept.value:
        return kept.value
    rate = view.rates.get("money")
    if rate is None or rate.quote != kept.asset:
        # No rate: how much must stay free is unknown, so nothing is free.
        return Decimal(10) ** 30  # karb: constant because it stands for "more than any account has"
    return exact.divide(kept.value, rate.rate, _STEP, Rounding.CEIL)
