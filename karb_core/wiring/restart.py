"""What a desk has and had begun when it starts: folded from its ledger's rows, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from karb_core.domain import exact
from karb_core.domain.decisions import Cause, DecisionKind, Plan, Proposal, ProposalKind, Share, seen
from karb_core.domain.halt import Halt
from karb_core.domain.holdings import Holdings
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.lots import Lot
from karb_core.domain.order_id import OrderId
from karb_core.engine.books import Books, ClosedLot
from karb_core.engine.desk import Desk
from karb_core.engine.executions import executions, since_whole
from karb_core.engine.leg_rules import LegRules
from karb_core.engine.sent import Sent
from karb_core.engine.unfinished import Unfinished, is_finished, sent_before
from karb_core.ledger import folds, reading
from karb_core.ledger.decisions import Written
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Shared, Whose
from karb_core.wiring.by_intent import OfIntent, by_intent
from karb_core.wiring.kept_lots import closed_lots
from karb_core.wiring.standing_halts import not_resumed

Facts = Mapping[Instrument, InstrumentFacts]


@dataclass(frozen=True, slots=True)
class Before:
    """`sent`: by intent, every order that was ever written, for no id is used twice, also where a moment is judged
    again; `unfinished` in the order in which it was decided; `halts` are those that nobody resumed since; `owed` are
    the pairs of which a venue closed a leg by force and that are not back at nothing.
    """

    books: Books
    sent: Mapping[str, tuple[Sent, ...]]
    unfinished: tuple[Unfinished, ...]
    halts: Mapping[str, Halt]
    owed: frozenset[str]

    def into(self, desk: Desk) -> None:
        """Gives a desk, made with these books, what was sent, latched and owed. What is unfinished is for
        `Desk.recover`."""
        desk.driver.sent.update(self.sent)
        desk.halts.restore(self.halts)
        desk.owed |= self.owed


def before(
    ledger: Ledger,
    whose: Whose,
    inventory: Holdings,
    facts: Facts,
    rules: LegRules,
    older: Mapping[str, LegRules] = MappingProxyType({}),
) -> Before:
    """Everything that this strategy wrote into this account's books. `older`: by digest, of rules that were in force.

    Edge: what was traded in an instrument without facts is no part of the holdings: no pair has it any more, and
    what of it is still open is for the owner. Errors: `LedgerUnusable`.
    """
    fills, incomes = list(reading.fills(ledger, whose)), list(reading.incomes(ledger, whose))
    lots = folds.lots(reading.opened_lots(ledger, whose), fills, incomes)
    decided = [d for d in reading.decisions(ledger, whose) if d.kind is not DecisionKind.REFUSAL]
    kinds = {instrument: stated.kind for instrument, stated in facts.items()}
    begun_by = _Ladders(rules, older, facts)
    rows = by_intent(ledger, whose, fills)
    intents = tuple(_begun(rows, decided, lots, begun_by))
    unfinished = tuple(left for left in intents if not _is_over(left, lots, begun_by))
    begun = {left.plan.intent_id for left in unfinished}
    booked_at = {(fill.instrument.venue, fill.venue_trade_id): fill.venue_at_ns for fill, _ in fills}
    booked_at |= {(booked.instrument.venue, booked.income_id): booked.at_ns for booked in incomes}
    books = Books(
        folds.holdings(inventory, [each for each in fills if each[0].instrument in kinds], incomes, kinds),
        facts,
        lots={lot.id: lot for lot in lots.values() if not lot.flat or lot.id in begun},
        fired=folds.fired(decided, lots),
        seen=booked_at,
        left={lot.id: lot for lot in lots.values() if lot.flat and lot.id not in begun},
        reminded=folds.reminded(decided),
        results={one.lot.id: one.told() for one in _ended(rows, lots, fills, decided) if one.lot.id not in begun},
        executions=since_whole({i: e for one in intents for i, e in executions(one.plan, one.sent, facts).items()}),
    )
    forced = {lot_id for fill, shares in fills if OrderId.read(fill.order_id) is None for lot_id, _ in shares}
    owed = frozenset(lots[lot_id].pair for lot_id in forced if not lots[lot_id].flat)
    latched = {h.reason: Halt.read(h.strength) for h in not_resumed(reading.halts(ledger, whose))}
    sent = {intent.plan.intent_id: intent.sent for intent in intents}
    return Before(books, sent, unfinished, latched, owed)


def _ended(
    rows: Mapping[str, OfIntent], lots: Mapping[str, Lot], fills: list[Shared], decided: list[Written]
) -> tuple[ClosedLot, ...]:
    """Edge: of one that a venue closed by force no decision tells the rates; it is counted at those of its entry."""
    by_order = {order.id: intent_id for intent_id, of in rows.items() for order, _ in of.orders}
    by_intent_id = {d.intent_id: d for d in decided if d.intent_id is not None}
    closed = closed_lots(lots, fills, by_order, by_intent_id)
    return tuple(one if one.rates else replace(one, rates=one.lot.rates) for one in closed)


@dataclass(frozen=True, slots=True)
class _Ladders:
    """By which rules an intent's legs are carried out: those that were in force when it was decided."""

    rules: LegRules
    older: Mapping[str, LegRules]
    facts: Facts

    def of(self, digest: str) -> LegRules:
        return self.older.get(digest, self.rules)


def _begun(
    rows: Mapping[str, OfIntent], decided: list[Written], lots: Mapping[str, Lot], ladders: _Ladders
) -> Iterator[Unfinished]:
    """Every intent of which an order was written, as it stood then, whether or not it has come to its end."""
    intents = {d.intent_id: d for d in decided if d.intent_id is not None and d.intent_id in rows}
    last = {d.pair: intent_id for intent_id, d in intents.items()}
    for intent_id, decision in intents.items():
        own = rows[intent_id]
        plan = _plan(decision, lots, own.fills)
        if any(leg.instrument not in ladders.facts for leg in plan.legs):
            continue
        rules = ladders.of(decision.rules_digest)
        sent = sent_before(plan, own.orders, own.outcomes, [fill for fill, _ in own.fills], rules, ladders.facts)
        complete = decision.document()["seen"].get("complete") is not False
        is_last = last[decision.pair] == intent_id
        yield Unfinished(plan, decision.first_at_ns, complete, sent, is_last, decision.rules_digest)


def _is_over(left: Unfinished, lots: Mapping[str, Lot], ladders: _Ladders) -> bool:
    """Whether nothing is left to ask or to place. An entry's lot has the id of its intent."""
    plan = left.plan
    lot_ids = [share.lot_id for share in plan.shares] or [plan.intent_id]
    open_ = any(not lots[lot_id].flat for lot_id in lot_ids)
    settled = all(s.settled for s in left.sent)
    return settled and not (
        left.last and open_ and not is_finished(plan, left.sent, ladders.facts, ladders.of(left.rules_digest))
    )


def _plan(decision: Written, lots: Mapping[str, Lot], own: list[Shared]) -> Plan:
    """The plan that was decided. Its lots' shares are what they had open before its own orders."""
    told = decision.document()
    legs = decision.legs()
    first = legs[0].instrument
    shares = tuple(Share(i, exact.negate(_open_before(lots[i], first, own))) for i in told["lot_ids"])
    assert decision.intent_id is not None
    return Plan(intent_id=decision.intent_id, proposals=(_proposal(decision, told),), legs=legs, shares=shares)


def _proposal(decision: Written, told: Mapping[str, Any]) -> Proposal:
    premium = told["seen"].get("premium")
    return Proposal(
        pair=decision.pair,
        kind=ProposalKind.ENTRY if decision.kind is DecisionKind.ENTRY else ProposalKind.EXIT,
        cause=Cause(decision.cause),
        tier=decision.tier,
        side=decision.side,
        rules=(),
        lot_ids=tuple(told["lot_ids"]),
        target=None,
        seen=seen({} if premium is None else {"premium": Decimal(premium)}),
    )


def _open_before(lot: Lot, instrument: Instrument, moved: list[Shared]) -> Decimal:
    held = next((leg.open.value for leg in lot.legs if leg.instrument == instrument), Decimal(0))
    for fill, parts in moved:
        if fill.instrument == instrument:
            for lot_id, part in parts:
                held = exact.sub(held, part.value) if lot_id == lot.id else held
    return held
