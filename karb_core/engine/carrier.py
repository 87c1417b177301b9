"""Carries decisions out: opens lots, reserves what a plan needs, follows its legs to their end, and notes what came."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Set
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain.amount import Price
from karb_core.domain.approved import Approved
from karb_core.domain.decisions import DecisionKind, Plan, ProposalKind
from karb_core.domain.halt import Halt
from karb_core.domain.holdings import Account
from karb_core.domain.lots import Lot, LotLeg
from karb_core.engine.books import Books
from karb_core.engine.decide import Decided
from karb_core.engine.driver import Driver
from karb_core.engine.executions import executions
from karb_core.engine.halt_latch import HaltLatch
from karb_core.engine.next_step import Next, Phase
from karb_core.engine.strategy import Strategy
from karb_core.engine.unfinished import Unfinished
from karb_core.engine.unknown_fates import Begun, UnknownFates
from karb_core.ports import Approval, Fired, Journal, MarketView
from karb_core.ports.needs import needs

LADDER = "/execution/on_one_leg"
UNWRITTEN = "the ledger cannot be written"

_Follow = Callable[[Approved[Plan], int], Awaitable[Next]]


@dataclass(slots=True)
class Carrier:
    """`reserved`: by intent, what its plan needs, from its decision until its legs have come to an end; `working`: by
    pair, the intent that is being carried out; `entering`: of these by intent, the plans that enter; `stuck`: by intent
    whose legs came to no good end, why, and its lots; `fates`: those of which an order's fate is unknown; `approvals`: by
    pair, the owner's word for one entry, until it is entered.
    """

    strategy: Strategy
    books: Books
    driver: Driver
    journal: Journal
    halts: HaltLatch
    reserved: dict[str, Mapping[Account, Decimal]] = field(default_factory=dict)
    working: dict[str, str] = field(default_factory=dict)
    entering: dict[str, Plan] = field(default_factory=dict)
    stuck: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    fates: UnknownFates = field(default_factory=UnknownFates)
    approvals: dict[str, Approval] = field(default_factory=dict)

    async def carry(self, decided: Decided, view: MarketView) -> Next | None:
        """None where there was nothing to carry out."""
        if decided.decision.kind is DecisionKind.REARM:
            self.books.rearm(decided.decision.pair)
        if decided.decision.kind is DecisionKind.REMINDER:
            self.books.reminded.update(decided.decision.lot_ids)
        if decided.plan is None:
            return None
        plan = decided.plan.item
        if _enters(plan):
            self.approvals.pop(plan.pair, None)
            lot = _unfilled(self.strategy, plan, view)
            self.books.open(lot)
            self.journal.lot(lot)
        return await self._followed(decided.plan, decided.decision.at_ns, decided.complete, view, self.driver.carry_out)

    def has_entered(self, decided: Decided) -> bool:
        """Whether it is an entry that was carried out before: its moment is judged again, after a restart."""
        return (
            decided.plan is not None
            and _enters(decided.plan.item)
            and self.driver.has_traded(decided.plan.item.intent_id)
        )

    async def finish(self, left: Unfinished, view: MarketView) -> Next:
        """Carries on what was begun before a restart, by the same function that began it.

        Edge: an entry of which nothing ever reached a venue is not begun anew: it is for the next moment to judge.
        """
        self.driver.take_up(left.plan.intent_id, left.sent)
        approved = Approved.by_rule(left.plan, self.strategy.file_cite(LADDER))
        follow = self.driver.carry_on if left.last else self.driver.settle
        return await self._followed(approved, left.decided_at_ns, left.complete, view, follow)

    async def ask_on(self, pair: str, view: MarketView) -> None:
        """Asks about orders of the pair of which nothing is known; what is known now is carried to its end."""
        for begun in self.fates.of_pair(pair):
            await self.driver.ask_on(begun.approved, begun.decided_at_ns)
            if all(sent.settled for sent in self.driver.of_intent(begun.approved.item.intent_id)):
                await self._followed(begun.approved, begun.decided_at_ns, begun.complete, view, self.driver.carry_on)

    async def _followed(
        self, approved: Approved[Plan], at_ns: int, complete: bool, view: MarketView, follow: _Follow
    ) -> Next:
        plan = approved.item
        self.working[plan.pair] = plan.intent_id
        if _enters(plan):
            self.entering[plan.intent_id] = plan
        self.reserved[plan.intent_id] = needs(plan.legs, self.strategy.terms)
        try:
            end = await follow(approved, at_ns)
        finally:
            del self.reserved[plan.intent_id], self.working[plan.pair]
            self.entering.pop(plan.intent_id, None)
        self.books.ended(executions(plan, self.driver.sent.get(plan.intent_id, ()), self.driver.facts))
        lot = self.books.lots.get(plan.intent_id)
        if _enters(plan) and lot is not None and any(leg.entered.value for leg in lot.legs):
            self._fire(plan, at_ns, complete)
        lot_ids = [share.lot_id for share in plan.shares] or [plan.intent_id]
        self.books.close(lot_ids, view.as_of_ns, prices_of(view))
        self.stuck.pop(plan.intent_id, None)
        self.fates.note(Begun(approved, at_ns, complete), self.driver)
        if end.phase is Phase.STUCK:
            reason = end.cited.rule if end.cited is not None else "a leg is open"
            self.stuck[plan.intent_id] = (reason, tuple(lot_ids))
            self.halt(reason, view.as_of_ns)
        if self.driver.unwritten is not None:
            self.halt(UNWRITTEN, view.as_of_ns)
        return end

    def void(self, pair: str) -> None:
        """What is being carried out there was planned for a position that is no more: nothing more of it is placed."""
        if pair in self.working:
            self.driver.void.add(self.working[pair])

    def still(self) -> dict[str, Halt]:
        """What it halted for and is still so: a leg that stands open, an order of unknown fate, a ledger that fails."""
        reasons = [why for intent, (why, lot_ids) in self.stuck.items() if self._is_open(intent, lot_ids)]
        if self.driver.unwritten is not None:
            reasons.append(UNWRITTEN)
        return dict.fromkeys(reasons, Halt.NO_ENTRIES)

    def _is_open(self, intent_id: str, lot_ids: tuple[str, ...]) -> bool:
        held = (self.books.lots.get(lot_id) for lot_id in lot_ids)
        unsettled = any(not s.settled for s in self.driver.of_intent(intent_id))
        return unsettled or any(lot is not None and not lot.flat for lot in held)

    def held(self) -> Set[str]:
        """Intents that are being carried out, or are stuck."""
        return {*self.working.values(), *self.stuck}

    def forget(self) -> None:
        """Lets go of what was stuck and has come to its end since: nothing of it can come to stand open again."""
        for intent in [i for i, (_, lot_ids) in self.stuck.items() if not self._is_open(i, lot_ids)]:
            del self.stuck[intent]

    def halt(self, reason: str, at_ns: int) -> None:
        self.halts.latch(Halt.NO_ENTRIES, reason, "desk", at_ns)

    def _fire(self, plan: Plan, at_ns: int, complete: bool) -> None:
        proposal = plan.proposals[0]
        premium = dict(proposal.seen).get("premium")
        told = premium if isinstance(premium, Decimal) else None
        self.books.fire(plan.pair, Fired(proposal.tier or "", at_ns, told, complete))


def prices_of(view: MarketView) -> tuple[tuple[str, Price], ...]:
    """What each seat of rates says, by the seats' names."""
    return tuple((seat, rate.price) for seat, rate in sorted(view.rates.items()))


def _enters(plan: Plan) -> bool:
    return plan.proposals[0].kind is ProposalKind.ENTRY


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
        rates=prices_of(view),
        legs=tuple(LotLeg.unfilled(leg.instrument, leg.side) for leg in plan.legs),
        fees=(),
        funding=(),
    )
