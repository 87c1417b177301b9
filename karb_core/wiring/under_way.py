"""Intents that have not come to an end, by what was written: decided, sent, and not known to be over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from karb_core.domain.orders import Order, Outcome, is_over
from karb_core.ledger import reading
from karb_core.ledger.decisions import Written
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose


@dataclass(frozen=True, slots=True)
class UnderWay:
    """`open`: its orders of which more may trade or whose fate is not known, each with its last answer, None for none."""

    decision: Written
    open: tuple[tuple[Order, Outcome | None], ...]


def under_way(ledger: Ledger, whose: Whose) -> Iterator[UnderWay]:
    """In the order in which they were decided. Errors: `LedgerUnusable`."""
    answers: dict[str, Outcome] = {}
    for outcome, _ in reading.outcomes(ledger, whose):
        # What is over stays over, whatever a later question about it came to.
        if not is_over(answers.get(outcome.order.id)):
            answers[outcome.order.id] = outcome
    by_intent: dict[str, list[tuple[Order, Outcome | None]]] = {}
    for order, _ in reading.orders(ledger, whose):
        answer = answers.get(order.id)
        if not is_over(answer):
            by_intent.setdefault(order.intent_id, []).append((order, answer))
    for decision in reading.decisions(ledger, whose) if by_intent else ():
        if decision.intent_id in by_intent:
            yield UnderWay(decision, tuple(by_intent[decision.intent_id]))
