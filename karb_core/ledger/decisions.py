"""Decisions: the canonical JSON of each, as it was decided.

A refusal that goes on is one row: while its run lives, `last_at_ns` and `times` of that row rise, and nothing else of
any row here ever changes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Table

from karb_core.domain import canonical
from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Decision, DecisionKind, LegTarget
from karb_core.domain.instrument import Instrument
from karb_core.ledger.columns import TABLES, Row, maybe_text, text, whole, written_by

DECISIONS = Table(
    "decisions",
    TABLES,
    *written_by(),
    text("kind"),
    text("pair"),
    text("side"),
    maybe_text("tier"),
    text("cause"),
    whole("first_at_ns"),
    whole("last_at_ns"),
    whole("times"),
    maybe_text("intent_id"),
    text("rules_digest"),
    text("topic"),
    text("digest"),
    text("text"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A decision as the ledger keeps it. `text` is its canonical JSON at `first_at_ns`; `digest` is of that text.

    `ordinal` orders everything that one run wrote; neither it nor `run_id` is part of what was decided.
    """

    run_id: str
    ordinal: int
    strategy: str
    kind: DecisionKind
    pair: str
    side: str
    tier: str | None
    cause: str
    first_at_ns: int
    last_at_ns: int
    times: int
    intent_id: str | None
    rules_digest: str
    topic: str
    digest: str
    text: str

    def document(self) -> dict[str, Any]:
        """Its fields as JSON has them: decimals, amounts and prices are text."""
        told: dict[str, Any] = json.loads(self.text)
        return told

    def legs(self) -> tuple[LegTarget, ...]:
        """What it planned, in the plan's order; none for what planned nothing."""
        return tuple(_leg(told) for told in self.document()["legs"])


def _leg(told: dict[str, str]) -> LegTarget:
    instrument = Instrument.read(told["instrument"])
    price = instrument.price(Decimal(told["price"].partition(" ")[0]))
    return LegTarget(instrument, Amount.read(told["amount"]), price)


def row(decision: Decision) -> Row:
    told, topic = decision.text_and_topic()
    return {
        "kind": decision.kind.value,
        "pair": decision.pair,
        "side": decision.side,
        "tier": decision.tier,
        "cause": decision.cause.value,
        "first_at_ns": decision.at_ns,
        "last_at_ns": decision.at_ns,
        "times": 1,
        "intent_id": decision.intent_id,
        "rules_digest": decision.rules_digest,
        "topic": topic,
        "digest": canonical.digest_of_text(told),
        "text": told,
    }


def read(found: Row) -> Written:
    told = {name: found[name] for name in Written.__slots__ if name != "kind"}
    return Written(kind=DecisionKind(found["kind"]), **told)
