"""Bodies as Upbit's pages show them, composed for these tests, and orders of ours that they speak of."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from karb_core.domain.approved import Approved
from karb_core.domain.decisions import Cited
from karb_core.domain.instant import to_ns
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.order_id import order_id
from karb_core.domain.orders import Order, Side, TimeInForce
from karb_upbit.facts import facts_of
from karb_upbit.wire import SeenChance, SeenMarket, SeenSide

D = Decimal
BTC = Instrument("upbit", "BTC", "KRW")
SECOND = 1_000_000_000
NOW = 1_795_237_200 * SECOND  # 2026-11-21T14:00:00+09:00
INTENT = "abcdefghij234567"
ID = order_id(mark="m1", intent_id=INTENT, leg=0, attempt=0)
UUID = "3f0a2d9c-6b53-4a0e-9d0b-1f2f9d1c0001"

CHANCE: dict[str, Any] = {
    "bid_fee": "0.0005", "ask_fee": "0.0005", "maker_bid_fee": "0.0005", "maker_ask_fee": "0.0005",
    "market": {
        "id": "KRW-BTC", "name": "BTC/KRW", "order_types": ["limit"], "order_sides": ["ask", "bid"],
        "bid_types": ["best_fok", "best_ioc", "limit", "limit_fok", "limit_ioc", "price"],
        "ask_types": ["best_fok", "best_ioc", "limit", "limit_fok", "limit_ioc", "market"],
        "bid": {"currency": "KRW", "min_total": "5000"}, "ask": {"currency": "BTC", "min_total": "5000"},
        "max_total": "1000000000", "state": "active",
    },
    "bid_account": {"currency": "KRW", "balance": "1500000.0", "locked": "124412.175"},
    "ask_account": {"currency": "BTC", "balance": "0.0125", "locked": "0.0"},
}  # fmt: skip
TICKS = [{"market": "KRW-BTC", "quote_currency": "KRW", "tick_size": "1000", "supported_levels": ["0", "10000"]}]
PRICES = [{"market": "KRW-BTC", "trade_price": 124350000.0, "timestamp": 1795237200140}]
ACCOUNTS = [
    {"currency": "KRW", "balance": "1500000.0", "locked": "124412.175", "avg_buy_price": "0", "unit_currency": "KRW"},
    {"currency": "BTC", "balance": "0.0125", "locked": "0.0", "avg_buy_price": "121870000", "unit_currency": "KRW"},
]
NOT_FOUND = (404, {"error": {"name": "order_not_found", "message": "주문을 찾지 못했습니다."}})
#: A market buy as it usually ends: cancelled, with its won spent but for what buys no whole step.
ENDED_MARKET_BUY: dict[str, Any] = {
    "uuid": "3f0a2d9c-6b53-4a0e-9d0b-1f2f9d1c0002", "side": "bid", "ord_type": "price", "price": "100000",
    "state": "cancel", "market": "KRW-BTC", "created_at": "2026-11-21T14:01:00+09:00", "volume": None,
    "remaining_volume": None, "executed_volume": "0.00080418", "reserved_fee": "50", "remaining_fee": "0.0001085",
    "paid_fee": "49.9998915", "locked": "0.2171085", "prevented_volume": "0", "prevented_locked": "0",
    "trades_count": 1, "smp_type": "cancel_maker",
    "trades": [
        {"market": "KRW-BTC", "uuid": "9d1c4f0e-0000-4000-8000-00000000aa02", "price": "124350000",
         "volume": "0.00080418", "funds": "99999.783", "trend": "up", "created_at": "2026-11-21T14:01:00+09:00",
         "side": "bid"}
    ],
}  # fmt: skip


def told(state: str = "wait", *trades: dict[str, Any], **more: Any) -> dict[str, Any]:
    """`GET /v1/order` of a limit buy of 0.001 BTC, with these trades of it."""
    executed = sum((D(t["volume"]) for t in trades), D(0))
    funds = sum((D(t["funds"]) for t in trades), D(0))
    body = {
        "uuid": UUID, "side": "bid", "ord_type": "limit", "price": "124350000", "state": state, "market": "KRW-BTC",
        "created_at": "2026-11-21T14:00:00+09:00", "volume": "0.001", "remaining_volume": f"{D('0.001') - executed}",
        "executed_volume": f"{executed}", "reserved_fee": "62.175", "paid_fee": f"{(funds * D('0.0005')).normalize():f}",
        "locked": "0", "prevented_volume": "0", "prevented_locked": "0", "trades_count": len(trades),
        "time_in_force": "ioc", "identifier": ID, "smp_type": "cancel_taker", "trades": list(trades),
    }  # fmt: skip
    return body | more


def listed(body: dict[str, Any]) -> dict[str, Any]:
    """The same as a list tells it: without trades, with what they moved."""
    funds = sum((D(t["funds"]) for t in body["trades"]), D(0))
    return {name: value for name, value in body.items() if name != "trades"} | {"executed_funds": f"{funds:f}"}


def trade(number: int, volume: str, price: str = "124350000", at: str = "14:00:02") -> dict[str, Any]:
    return {
        "market": "KRW-BTC", "uuid": f"9d1c4f0e-0000-4000-8000-00000000aa{number:02}", "price": price, "volume": volume,
        "funds": f"{(D(volume) * D(price)).normalize():f}", "trend": "up", "side": "bid",
        "created_at": f"2026-11-21T{at}+09:00",
    }  # fmt: skip


def order(**more: Any) -> Order:
    fields: dict[str, Any] = {
        "id": ID, "intent_id": INTENT, "leg": 0, "instrument": BTC, "side": Side.BUY, "amount": BTC.amount(D("0.001")),
        "limit": BTC.price(D("124350000")), "cost": None, "time_in_force": TimeInForce.IOC, "reduce_only": False,
    }  # fmt: skip
    return Order(**(fields | more))


def approved(of: Order | None = None, by: Cited | None = None) -> Approved[Order]:
    item = of or order()
    return Approved.by_gates(item, ()) if by is None else Approved.by_rule(item, by)


def facts() -> InstrumentFacts:
    side, fee = SeenSide(D(5000)), D("0.0005")
    chance = SeenChance(fee, fee, fee, fee, SeenMarket("KRW-BTC", side, side))
    return facts_of(BTC, chance, D(1000), D(124350000), NOW)


def at_ns(written: str) -> int:
    return to_ns(datetime.fromisoformat(written))
