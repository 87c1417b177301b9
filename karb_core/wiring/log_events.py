"""What is logged of each row that a desk writes: an event `noun.verbed`, and the fields that find it in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: By table: what happened, and which columns tell of it. A decision's id is its digest.
_EVENTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "decisions": ("decision.made", ("digest", "kind", "pair", "side", "tier", "cause", "intent_id", "first_at_ns")),
    "orders": ("order.written", ("order_id", "intent_id", "leg", "instrument", "side", "amount", "limit_price")),
    "sendings": ("order.sent", ("order_id", "durable_at_ns")),
    "outcomes": ("order.answered", ("order_id", "outcome", "filled", "cost", "final", "code", "message")),
    "fills": (
        "fill.booked",
        ("order_id", "venue_trade_id", "instrument", "side", "amount", "price", "fee", "fee_asset", "venue_at_ns"),
    ),
    "incomes": ("funding.booked", ("income_id", "instrument", "received", "asset")),
    "lots": ("lot.opened", ("lot_id", "pair", "tier", "side", "opened_at_ns")),
    "notices": ("notice.made", ("kind", "pair")),
    "halts": ("halt.latched", ("strength", "reason", "author")),
}
_OF_EACH = ("run_id", "ordinal", "strategy", "account", "at_ns")
#: What changes an account's money.
MONEY = frozenset({"fill.booked", "funding.booked"})
_RESUMED, _NO_STRENGTH = "halt.resumed", "none"


def event_of(table: str, row: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The event, and its fields as the ledger has them: money is text. None for what is no event (a strategy's text)."""
    if table not in _EVENTS:
        return None
    name, columns = _EVENTS[table]
    if row.get("strength") == _NO_STRENGTH:
        name = _RESUMED
    return name, {key: row[key] for key in (*_OF_EACH, *columns) if row.get(key) is not None}
