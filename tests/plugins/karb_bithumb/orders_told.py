"""Bodies as Bithumb's pages show them, composed for these tests, and orders of ours that they speak of."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from karb_bithumb.facts import facts_of
from karb_bithumb.wire import SeenChance
from karb_core.connection.typed_body import read
from karb_core.domain.approved import Approved
from karb_core.domain.decisions import Cited
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.order_id import order_id
from karb_core.domain.orders import Order, Side, TimeInForce

D = Decimal
BTC = Instrument("bithumb", "BTC", "KRW")
SECOND = 1_000_000_000
NOW = 1_795_237_200 * SECOND  # 2026-11-21T14:00:00+09:00
INTENT = "abcdefghij234567"
ID = order_id(mark="m1", intent_id=INTENT, leg=0, attempt=0)
UUID = "C0101000003152406454"

CHANCE_RAW = b"""{"bid_fee":"0.0025","ask_fee":"0.0025","maker_bid_fee":"0.0025","maker_ask_fee":"0.0025",
"market":{"id":"KRW-BTC","name":"BTC/KRW","order_types":["limit"],"order_sides":["ask","bid"],
"bid_types":["limit","price"],"ask_types":["limit","market"],
"bid":{"currency":"KRW","price_unit":"1000","min_total":"5000"},
"ask":{"currency":"BTC","price_unit":"1000","min_total":"5000"},"max_total":"5000000000","state":"active"},
"bid_account":{"currency":"KRW","balance":"2061832.35","locked":"0","avg_buy_price":"0","avg_buy_price_modified":false,
"unit_currency":"KRW"},"ask_account":{"currency":"BTC","balance":"0.5","locked":"0","avg_buy_price":"121000000",
"avg_buy_price_modified":false,"unit_currency":"KRW"}}"""
#: Its times are nine hours ahead, as they were seen.
PRICES: list[dict[str, Any]] = [
    {"market": "KRW-BTC", "trade_date": "20261121", "trade_time": "050000", "trade_price": 124330000,
     "trade_timestamp": 1795237200012 + 32_400_000, "timestamp": 1795237200012 + 32_400_000}
]  # fmt: skip
ACCOUNTS = [
    {"currency": "KRW", "balance": "2061832.35", "locked": "74784.495", "avg_buy_price": "0", "unit_currency": "KRW"},
    {"currency": "BTC", "balance": "0.5004", "locked": "0", "avg_buy_price": "121000000", "unit_currency": "KRW"},
]
NOT_FOUND = (404, {"error": {"name": "order_not_found", "message": "주문을 찾지 못했습니다."}})
NOT_READY = (422, {"error": {"name": "order_not_ready", "message": "-"}})


def told(state: str = "wait", *trades: dict[str, Any], **more: Any) -> dict[str, Any]:
    """`GET /v1/order` of a limit buy of 0.001 BTC, with these trades of it."""
    executed = sum((D(t["volume"]) for t in trades), D(0))
    funds = sum((D(t["funds"]) for t in trades), D(0))
    body = {
        "uuid": UUID, "client_order_id": ID, "side": "bid", "ord_type": "limit", "price": "124330000", "state": state,
        "market": "KRW-BTC", "created_at": "2026-11-21T14:00:00+09:00", "volume": "0.001",
        "remaining_volume": f"{D('0.001') - executed}", "executed_volume": f"{executed}",
        "executed_funds": f"{funds:f}", "reserved_fee": "310.825", "remaining_fee": "186.495",
        "paid_fee": f"{(funds * D('0.0025')).normalize():f}", "locked": "74784.495", "trades_count": len(trades),
        "stp_type": "cancel_taker", "trades": list(trades),
    }  # fmt: skip
    return body | more


def trade(number: int, volume: str, price: str = "124330000", at: str = "14:00:02") -> dict[str, Any]:
    return {
        "market": "KRW-BTC", "uuid": f"C01010000017442070{number:02}", "price": price, "volume": volume,
        "funds": f"{(D(volume) * D(price)).normalize():f}", "side": "bid", "created_at": f"2026-11-21T{at}+09:00",
    }  # fmt: skip


def listed(body: dict[str, Any]) -> dict[str, Any]:
    """The same as a list of `/v2` tells it."""
    names = {"uuid": "order_id", "ord_type": "order_type"}
    return {names.get(name, name): value for name, value in body.items() if name != "trades"}


def page(*bodies: dict[str, Any], next_key: str | None = None) -> dict[str, Any]:
    return {"data": [listed(body) for body in bodies], "has_next": next_key is not None, "next_key": next_key}


def taken(**more: Any) -> tuple[int, dict[str, Any]]:
    """The answer to a new order: no state, no fills."""
    body = {
        "order_id": UUID, "market": "KRW-BTC", "side": "bid", "order_type": "limit",
        "created_at": "2026-11-21T14:00:00+09:00", "client_order_id": ID, "stp_type": "cancel_taker",
    }  # fmt: skip
    return 201, body | more


def order(**more: Any) -> Order:
    fields: dict[str, Any] = {
        "id": ID, "intent_id": INTENT, "leg": 0, "instrument": BTC, "side": Side.BUY, "amount": BTC.amount(D("0.001")),
        "limit": BTC.price(D("124330000")), "cost": None, "time_in_force": TimeInForce.IOC, "reduce_only": False,
    }  # fmt: skip
    return Order(**(fields | more))


def approved(of: Order | None = None, by: Cited | None = None) -> Approved[Order]:
    item = of or order()
    return Approved.by_gates(item, ()) if by is None else Approved.by_rule(item, by)


def facts() -> InstrumentFacts:
    return facts_of(BTC, read(CHANCE_RAW, SeenChance), D(124330000), NOW)
