"""When each leg of an intent was written, sent, answered and filled, and how far from the decision's price: by rows only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount, Price
from karb_core.domain.decisions import LegTarget
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Fill, Side, Unknown
from karb_core.ledger import reading
from karb_core.ledger.decisions import Written
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.ledger.sendings import Sending
from karb_core.wiring.by_intent import OfIntent, by_intent

_STEP = Decimal(1).scaleb(-8)  # karb: constant because it is a step of display
_OF_BP = Decimal(10_000)  # karb: constant because a ratio of one has so many basis points


@dataclass(frozen=True, slots=True)
class LegTimes:
    """One leg, its tries and what traded it back included. Times on our clock; None for what was never, or not told.

    written, durable, sent, answered: of its first order; an answer that says nothing (unknown) is none. filled: of its
    last fill. traded: base that went the plan's way; price: its average; slippage: what it cost beyond the plan's price,
    in quote, below zero where it was better, fees apart; bp: that of what it would have cost. back: base traded back.
    """

    instrument: Instrument
    side: Side
    planned: Price
    orders: int
    written_ns: int
    durable_ns: int | None
    sent_ns: int | None
    answered_ns: int | None
    filled_ns: int | None
    traded: Amount
    price: Decimal | None
    slippage: Amount
    bp: Decimal | None
    back: Amount


@dataclass(frozen=True, slots=True)
class IntentTimes:
    """decided_ns: the time of the input that was judged. Legs in the plan's order, those of which nothing was written
    left out. apart: how far apart the legs were sent, answered, filled; None while fewer than two were.

    answered_after_ns: from the decision to the later leg's first answer.
    """

    intent_id: str
    decided_ns: int
    legs: tuple[LegTimes, ...]

    @property
    def sent_apart_ns(self) -> int | None:
        return _apart(leg.sent_ns for leg in self.legs)

    @property
    def answered_apart_ns(self) -> int | None:
        return _apart(leg.answered_ns for leg in self.legs)

    @property
    def filled_apart_ns(self) -> int | None:
        return _apart(leg.filled_ns for leg in self.legs)

    @property
    def answered_after_ns(self) -> int | None:
        answered = [leg.answered_ns for leg in self.legs if leg.answered_ns is not None]
        return max(answered) - self.decided_ns if answered and len(answered) == len(self.legs) else None


def leg_times(ledger: Ledger, whose: Whose, decided: Iterable[Written]) -> dict[str, IntentTimes]:
    """By intent, of those of these decisions of which an order was written. Errors: `LedgerUnusable`."""
    wanted = {d.intent_id: d for d in decided if d.intent_id is not None}
    if not wanted:
        return {}
    rows = by_intent(ledger, whose, reading.fills(ledger, whose))
    sent = {sending.order_id: sending for sending in reading.sendings(ledger, whose)}
    return {intent: _times(decision, rows[intent], sent) for intent, decision in wanted.items() if intent in rows}


def _times(decision: Written, rows: OfIntent, sent: Mapping[str, Sending]) -> IntentTimes:
    assert decision.intent_id is not None
    targets = decision.legs()
    begun = {order.leg for order, _ in rows.orders}
    legs = tuple(_leg(target, at, rows, sent) for at, target in enumerate(targets) if at in begun)
    return IntentTimes(decision.intent_id, decision.first_at_ns, legs)


def _leg(target: LegTarget, leg: int, rows: OfIntent, sent: Mapping[str, Sending]) -> LegTimes:
    orders = [(order, at_ns) for order, at_ns in rows.orders if order.leg == leg]
    ids = {order.id for order, _ in orders}
    first, written_ns = orders[0]
    answered = (at for o, at in rows.outcomes if o.order.id == first.id and not isinstance(o, Unknown))
    fills = [fill for fill, _ in rows.fills if fill.order_id in ids]
    out, back = ([f for f in fills if f.side is side] for side in (target.side, target.side.opposite))
    traded, cost = _sums(out, target.instrument)
    would = traded.at(target.price)
    slippage = cost - would if target.side is Side.BUY else would - cost
    left = sent.get(first.id)
    return LegTimes(
        instrument=target.instrument,
        side=target.side,
        planned=target.price,
        orders=len(orders),
        written_ns=written_ns,
        durable_ns=None if left is None else left.durable_at_ns,
        sent_ns=None if left is None else left.at_ns,
        answered_ns=next(answered, None),
        filled_ns=max((fill.received_at_ns for fill in fills), default=None),
        traded=traded,
        price=exact.divide(cost.value, traded.value, _STEP, Rounding.HALF_EVEN) if traded.value else None,
        slippage=slippage,
        bp=_bp(slippage, would),
        back=_sums(back, target.instrument)[0],
    )


def _sums(fills: Iterable[Fill], instrument: Instrument) -> tuple[Amount, Amount]:
    """Base and quote, whichever way it went."""
    traded, cost = Amount.zero(instrument.base), Amount.zero(instrument.quote)
    for fill in fills:
        traded, cost = traded + fill.amount, cost + abs(fill.cost)
    return traded, cost


def _bp(slippage: Amount, would: Amount) -> Decimal | None:
    if not would.value:
        return None
    return exact.divide(exact.mul(slippage.value, _OF_BP), would.value, _STEP, Rounding.HALF_EVEN)


def _apart(times: Iterable[int | None]) -> int | None:
    known = [at for at in times if at is not None]
    return max(known) - min(known) if len(known) > 1 else None
