"""Upbit's REST as it goes over the wire: which fields, which errors, which headers."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from karb_lab.korean.refused import Refused
from karb_lab.upbit.limits import Limits
from tests.plugins.karb_lab.running import RunningLab, Still
from tests.plugins.karb_lab.speaking import ask, limit

CANDLE = {
    "market", "candle_date_time_utc", "candle_date_time_kst", "opening_price", "high_price", "low_price", "trade_price",
    "timestamp", "candle_acc_trade_price", "candle_acc_trade_volume",
}  # fmt: skip
ACCOUNT = {"currency", "balance", "locked", "avg_buy_price", "avg_buy_price_modified", "unit_currency"}
ORDER = {
    "uuid", "side", "ord_type", "price", "state", "market", "created_at", "volume", "remaining_volume",
    "executed_volume", "reserved_fee", "remaining_fee", "paid_fee", "locked", "prevented_volume", "prevented_locked",
    "trades_count", "identifier", "smp_type",
}  # fmt: skip


def fields(told: Any) -> set[str]:
    (row,) = told if isinstance(told, list) else [told]
    return set(row)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/v1/candles/minutes/1?market=KRW-BTC", CANDLE | {"unit"}),
        ("/v1/candles/days?market=KRW-BTC", CANDLE | {"prev_closing_price", "change_price", "change_rate"}),
        ("/v1/candles/weeks?market=KRW-BTC", CANDLE | {"first_day_of_period"}),
        ("/v1/candles/months?market=KRW-BTC", CANDLE | {"first_day_of_period"}),
        ("/v1/candles/years?market=KRW-BTC", CANDLE | {"first_day_of_period"}),
        ("/v1/orderbook/instruments?markets=KRW-BTC", {"market", "quote_currency", "tick_size", "supported_levels"}),
        (
            "/v1/orderbook?markets=KRW-BTC",
            {"market", "timestamp", "total_ask_size", "total_bid_size", "orderbook_units", "level"},
        ),
        (
            "/v1/trades/ticks?market=KRW-BTC",
            {
                "market", "trade_date_utc", "trade_time_utc", "timestamp", "trade_price", "trade_volume",
                "prev_closing_price", "change_price", "ask_bid", "sequential_id",
            },
        ),
        (
            "/v1/ticker?markets=KRW-BTC",
            {
                "market", "trade_date", "trade_time", "trade_date_kst", "trade_time_kst", "trade_timestamp",
                "opening_price", "high_price", "low_price", "trade_price", "prev_closing_price", "change",
                "change_price", "change_rate", "signed_change_price", "signed_change_rate", "trade_volume",
                "acc_trade_price", "acc_trade_price_24h", "acc_trade_volume", "acc_trade_volume_24h",
                "highest_52_week_price", "highest_52_week_date", "lowest_52_week_price", "lowest_52_week_date",
                "timestamp",
            },
        ),
    ],
)  # fmt: skip
def test_a_quotation_has_upbits_fields_and_no_other(lab: RunningLab, path: str, wanted: set[str]) -> None:
    answer = ask(lab, "GET", path)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert fields(answer.body) == wanted


def test_markets_tell_their_warnings_only_where_details_are_asked_for(lab: RunningLab) -> None:
    names = {"market", "korean_name", "english_name"}
    assert fields(ask(lab, "GET", "/v1/market/all").body[:1]) == names
    assert fields(ask(lab, "GET", "/v1/market/all?is_details=true").body[:1]) == names | {"market_event"}


def test_an_account_and_an_order_have_upbits_fields_and_no_other(lab: RunningLab) -> None:
    lab.book([("124349000", "1")], [("124400000", "1")])
    assert fields(ask(lab, "GET", "/v1/accounts", signed=True).body[:1]) == ACCOUNT
    chance = ask(lab, "GET", "/v1/orders/chance?market=KRW-BTC", signed=True).body
    assert set(chance) == {
        "bid_fee", "ask_fee", "maker_bid_fee", "maker_ask_fee", "market", "bid_account", "ask_account",
    }  # fmt: skip
    assert chance["market"] == {
        "id": "KRW-BTC",
        "name": "BTC/KRW",
        "order_types": ["limit"],
        "order_sides": ["ask", "bid"],
        "bid_types": ["best_fok", "best_ioc", "limit", "limit_fok", "limit_ioc", "price"],
        "ask_types": ["best_fok", "best_ioc", "limit", "limit_fok", "limit_ioc", "market"],
        "bid": {"currency": "KRW", "min_total": "5000"},
        "ask": {"currency": "BTC", "min_total": "5000"},
        "max_total": "1000000000",
        "state": "active",
    }
    made = ask(lab, "POST", "/v1/orders", limit("0.001", "124350000", identifier="mine"), signed=True)
    assert (made.status, fields(made.body)) == (201, ORDER | {"time_in_force"})
    assert fields(ask(lab, "GET", "/v1/order?identifier=mine", signed=True).body) == ORDER | {"trades"}
    assert fields(ask(lab, "GET", "/v1/orders/open?market=KRW-BTC", signed=True).body) == ORDER | {"executed_funds"}


def test_a_limit_purchase_says_what_it_sets_aside(lab: RunningLab) -> None:
    lab.book([("124349000", "1")], [("124400000", "1")])
    made = ask(lab, "POST", "/v1/orders", limit("0.001", "124350000", identifier="bot-000001"), signed=True).body
    assert made | {"uuid": "", "created_at": ""} == {
        "uuid": "", "side": "bid", "ord_type": "limit", "price": "124350000", "state": "wait", "market": "KRW-BTC",
        "created_at": "", "volume": "0.001", "remaining_volume": "0.001", "executed_volume": "0",
        "reserved_fee": "62.175", "remaining_fee": "62.175", "paid_fee": "0", "locked": "124412.175",
        "prevented_volume": "0", "prevented_locked": "0", "trades_count": 0, "time_in_force": None,
        "identifier": "bot-000001", "smp_type": "cancel_maker",
    }  # fmt: skip
    assert made["created_at"].endswith("+09:00")
    won = ask(lab, "GET", "/v1/accounts", signed=True).body[0]
    assert (won["balance"], won["locked"]) == ("44875587.825", "124412.175")


@pytest.mark.parametrize(
    ("method", "path", "order", "signed", "status", "name"),
    [
        ("GET", "/v1/ticker?markets=KRW-NONE", None, False, 404, 404),
        ("GET", "/v1/orderbook", None, False, 400, 400),
        ("GET", "/v1/candles/minutes/7?market=KRW-BTC", None, False, 400, 400),
        ("GET", "/v1/candles/minutes/1?market=KRW-BTC&to=yesterday", None, False, 400, 400),
        ("GET", "/v1/candles/minutes/1?market=KRW-BTC&count=201", None, False, 400, "invalid_parameter"),
        ("GET", "/v1/nothing", None, False, 404, 404),
        ("GET", "/v1/accounts", None, False, 401, "no_authorization_token"),
        ("GET", "/v1/order?uuid=3f0a2d9c-6b53-4a0e-9d0b-1f2f9d1c0001", None, True, 404, "order_not_found"),
        ("GET", "/v1/order", None, True, 400, "validation_error"),
        ("DELETE", "/v1/order?identifier=none", None, True, 404, "order_not_found"),
        ("POST", "/v1/orders", limit("0.001", "124350500"), True, 400, "invalid_price_bid"),
        ("POST", "/v1/orders", limit("0.00004", "124350000"), True, 400, "under_min_total_bid"),
        ("POST", "/v1/orders", limit("1", "124350000"), True, 400, "insufficient_funds_bid"),
        ("POST", "/v1/orders", limit("1", "124350000", "ask"), True, 400, "insufficient_funds_ask"),
        ("POST", "/v1/orders", limit("0.000000001", "124350000"), True, 400, "create_bid_error"),
        ("POST", "/v1/orders", limit("0.001", "124350000", "both"), True, 400, "validation_error"),
        ("POST", "/v1/orders", limit("zero", "124350000"), True, 400, "validation_error"),
        ("POST", "/v1/orders", {"market": "KRW-BTC", "side": "bid", "ord_type": "limit"}, True, 400, "create_bid_error"),
        ("POST", "/v1/orders", {"market": "KRW-BTC", "side": "ask", "ord_type": "price", "price": "9000"}, True, 400, "create_ask_error"),
        ("POST", "/v1/orders", limit("0.001", "124350000", time_in_force="post_only", smp_type="reduce"), True, 400, "invalid_post_only"),
        ("POST", "/v1/orders", {"market": "KRW-BTC", "side": "bid", "ord_type": "best", "price": "9000"}, True, 400, "create_bid_error"),
        ("POST", "/v1/orders", {"market": "KRW-BTC", "side": "bid", "ord_type": "price", "price": "999999999"}, True, 400, "create_bid_error"),
        ("POST", "/v1/orders", limit("0.001", "124350000", identifier="x" * 65), True, 400, "validation_error"),
    ],
)  # fmt: skip
def test_what_upbit_refuses_is_refused_in_its_words(
    lab: RunningLab, method: str, path: str, order: Any, signed: bool, status: int, name: str | int
) -> None:
    before = lab.books()
    answer = ask(lab, method, path, order, signed=signed)
    assert (answer.status, answer.body["error"]["name"]) == (status, name)
    assert answer.body.keys() == {"error"}
    assert answer.body["error"].keys() == {"name", "message"}
    assert lab.books() == before


def test_a_refusal_for_want_of_won_is_upbits_to_the_letter(lab: RunningLab) -> None:
    answer = ask(lab, "POST", "/v1/orders", limit("1", "124350000"), signed=True)
    assert answer.body == {"error": {"name": "insufficient_funds_bid", "message": "주문가능한 금액(KRW)이 부족합니다."}}


def test_candles_are_newest_first_end_before_to_and_have_gaps(lab: RunningLab) -> None:
    first = ask(lab, "GET", "/v1/candles/minutes/1?market=KRW-BTC&count=30").body
    starts = [row["candle_date_time_utc"] for row in first]
    assert starts == sorted(starts, reverse=True)
    older = ask(lab, "GET", f"/v1/candles/minutes/1?market=KRW-BTC&count=30&to={starts[-1]}Z").body
    assert older[0]["candle_date_time_utc"] < starts[-1]
    assert older[0]["unit"] == 1
    minutes = [int(start[14:16]) for start in starts]
    steps = {(late - early) % 60 for late, early in pairwise(minutes)}
    assert steps == {1, 2}


def test_a_book_is_grouped_and_cut_as_it_is_asked_for(lab: RunningLab) -> None:
    lab.book(
        [("124349000", "0.1"), ("124341000", "0.2"), ("124339000", "1")],
        [("124350000", "0.3"), ("124351000", "0.4"), ("124359000", "2")],
    )
    (book,) = ask(lab, "GET", "/v1/orderbook?markets=KRW-BTC&count=2&level=10000").body
    assert book["orderbook_units"] == [
        {"ask_price": 124350000.0, "bid_price": 124340000.0, "ask_size": 0.3, "bid_size": 0.3},
        {"ask_price": 124360000.0, "bid_price": 124330000.0, "ask_size": 2.4, "bid_size": 1.0},
    ]
    assert (book["level"], book["total_ask_size"]) == (10000, 2.7)
    assert ask(lab, "GET", "/v1/orderbook?markets=KRW-BTC&level=7").status == 400


def test_lists_of_orders_are_by_state_side_and_time(lab: RunningLab) -> None:
    lab.book([("124349000", "1")], [("124400000", "1")])
    for at in range(3):
        ask(lab, "POST", "/v1/orders", limit("0.001", "124000000", identifier=f"b{at}"), signed=True)
    ask(lab, "POST", "/v1/orders", limit("0.001", "125000000", "ask", identifier="s"), signed=True)
    ask(lab, "DELETE", "/v1/order?identifier=b1", signed=True)

    def told(path: str) -> list[str]:
        return [order["identifier"] for order in ask(lab, "GET", path, signed=True).body]

    assert told("/v1/orders/open") == ["s", "b2", "b0"]
    assert told("/v1/orders/open?order_by=asc&limit=2") == ["b0", "b2"]
    assert told("/v1/orders/open?limit=2&page=2") == ["b0"]
    assert told("/v1/orders/closed?states[]=cancel") == ["b1"]
    assert told("/v1/orders/closed?states[]=done") == []
    assert told("/v1/orders/uuids?identifiers[]=b0&identifiers[]=b1") == ["b1", "b0"]
    wide = ask(lab, "GET", "/v1/orders/closed?start_time=1795000000000&end_time=1796000000000", signed=True)
    assert (wide.status, wide.body["error"]["name"]) == (400, "invalid_parameter")


def test_many_orders_are_cancelled_at_once(lab: RunningLab) -> None:
    lab.book([("124349000", "1")], [("124400000", "1")])
    for at in range(3):
        ask(lab, "POST", "/v1/orders", limit("0.001", "124000000", identifier=f"b{at}"), signed=True)
    ask(lab, "POST", "/v1/orders", limit("0.001", "125000000", "ask", identifier="s"), signed=True)
    gone = ask(lab, "DELETE", "/v1/orders/uuids?identifiers[]=b0&identifiers[]=b1", signed=True).body
    assert [order["identifier"] for order in gone["success"]["orders"]] == ["b0", "b1"]
    again = ask(lab, "DELETE", "/v1/orders/uuids?identifiers[]=b0", signed=True).body
    assert (again["success"]["count"], again["failed"]["count"]) == (0, 1)
    rest = ask(lab, "DELETE", "/v1/orders/open?cancel_side=ask", signed=True).body
    assert [order["identifier"] for order in rest["success"]["orders"]] == ["s"]
    assert lab.books()["balances"]["BTC"]["locked"] == "0"


def test_an_order_that_only_makes_ends_where_it_would_take(lab: RunningLab) -> None:
    lab.book([("124349000", "1")], [("124350000", "1")])
    crossing = ask(lab, "POST", "/v1/orders", limit("0.001", "124350000", time_in_force="post_only"), signed=True).body
    found = ask(lab, "GET", f"/v1/order?uuid={crossing['uuid']}", signed=True).body
    assert (found["state"], found["executed_volume"]) == ("cancel", "0")
    waiting = ask(lab, "POST", "/v1/orders", limit("0.001", "124349000", time_in_force="post_only"), signed=True).body
    assert ask(lab, "GET", f"/v1/order?uuid={waiting['uuid']}", signed=True).body["state"] == "wait"


def test_the_best_price_is_taken_and_no_other(lab: RunningLab) -> None:
    lab.book([("124349000", "0.01"), ("124300000", "1")], [("124350000", "0.001"), ("124400000", "1")])
    best = {"market": "KRW-BTC", "side": "bid", "ord_type": "best", "price": "500000", "time_in_force": "ioc"}
    bought = ask(lab, "POST", "/v1/orders", best, signed=True).body
    found = ask(lab, "GET", f"/v1/order?uuid={bought['uuid']}", signed=True).body
    assert (found["state"], found["executed_volume"], found["volume"]) == ("cancel", "0.001", None)
    sale = {"market": "KRW-BTC", "side": "ask", "ord_type": "best", "volume": "0.01", "time_in_force": "fok"}
    sold = ask(lab, "POST", "/v1/orders", sale, signed=True).body
    assert ask(lab, "GET", f"/v1/order?uuid={sold['uuid']}", signed=True).body["state"] == "done"


def test_who_asks_too_often_is_refused_and_then_blocked() -> None:
    """Time stands still, so every call comes in the same second."""
    clock = Still()
    limits = Limits(clock)
    told = [limits.take("order", "key") for _ in range(12)]
    assert (told[0], told[-1]) == ("group=order; min=720; sec=11", "group=order; min=720; sec=0")
    statuses = []
    for _ in range(22):
        with pytest.raises(Refused) as refused:
            limits.take("order", "key")
        statuses.append(refused.value.status.value)
    assert (set(statuses[:20]), set(statuses[20:])) == ({429}, {418})
    assert limits.take("order", "another key") == "group=order; min=720; sec=11"
    clock.at_ns += 10_000_000_000
    assert limits.take("order", "key") == "group=order; min=720; sec=11"


def test_every_answer_says_how_many_calls_are_left(lab: RunningLab) -> None:
    seen = [ask(lab, "GET", "/v1/orderbook?markets=KRW-BTC").headers["Remaining-Req"] for _ in range(2)]
    assert all(header.startswith("group=orderbook; min=600; sec=") for header in seen)
    assert ask(lab, "GET", "/v1/accounts", signed=True).headers["Remaining-Req"].startswith("group=default; min=1800;")
    refused = ask(lab, "POST", "/v1/orders", limit("1", "124350000"), signed=True)
    assert refused.headers["Remaining-Req"].startswith("group=order; min=720; sec=")
