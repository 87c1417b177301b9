"""What holds of decisions: they are what their digests say, and a refusal that went on is counted as one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from karb_core.domain import canonical
from karb_core.domain.decisions import DecisionKind
from karb_core.ledger.checks.account_books import UNREADABLE, AccountBooks
from karb_core.ledger.checks.violation import Violation
from karb_core.ledger.decisions import Written
from karb_core.texts.text import Text

#: The columns that repeat what the text says, so that rows can be found by it.
_REPEATED = ("kind", "pair", "side", "tier", "cause", "intent_id", "rules_digest")


def digests(books: AccountBooks) -> Iterator[Violation | None]:
    for placed in books.decisions:
        wrong = _wrong(placed.value)
        yield None if wrong is None else placed.broken(Text("broken.decision", {"column": wrong}))


def refusals(books: AccountBooks) -> Iterator[Violation | None]:
    for placed in books.decisions:
        d = placed.value
        goes_on = d.kind is DecisionKind.REFUSAL and d.times > 1
        fine = d.first_at_ns <= d.last_at_ns if goes_on else (d.times == 1 and d.first_at_ns == d.last_at_ns)
        args = {"first": d.first_at_ns, "last": d.last_at_ns, "times": d.times}
        yield None if fine else placed.broken(Text("broken.times", args))


def _wrong(decision: Written) -> str | None:
    """The column that does not say what the text says."""
    if canonical.digest_of_text(decision.text) != decision.digest:
        return "digest"
    try:
        told = decision.document()
        columns = {**{name: getattr(decision, name) for name in _REPEATED}, "kind": decision.kind.value}
        if told["at_ns"] != decision.first_at_ns:
            return "first_at_ns"
        return next((name for name in _REPEATED if told[name] != columns[name]), None) or _wrong_topic(decision, told)
    except UNREADABLE:
        return "text"


def _wrong_topic(decision: Written, told: dict[str, Any]) -> str | None:
    """As `Decision.still`, of what is written."""
    rules = [{**denied, "observed": "", "limit": ""} for denied in told["denied"]]
    still = {**told, "at_ns": 0, "seen": {}, "denied": rules, "legs": [], "intent_id": None}
    return None if canonical.digest(still) == decision.topic else "topic"
