"""Bithumb's REST by hand: what differs from Upbit's, what is refused, and how it breaks."""

from __future__ import annotations

import json
import time
from datetime import date
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from karb_bithumb.signing import authorization
from karb_core.connection.keys import Keys
from karb_lab.bithumb.batch import hashed_ways
from karb_lab.korean.asked import Asked
from karb_lab.korean.refused import Refused
from karb_lab.korean.tokens import Tokens
from tests.plugins.karb_lab.running import BITHUMB_BTC, RunningLab, Still, bithumb
from tests.plugins.karb_lab.speaking import Answer, ask

KST_MS = 9 * 3600 * 1000


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def asked(lab: RunningLab, method: str, path: str, order: dict[str, str] | None = None, **claims: Any) -> Answer:
    return ask(lab, method, path, order, signed=True, venue="bithumb", **({"timestamp": now_ms()} | claims))


def public(lab: RunningLab, path: str) -> Any:
    return ask(lab, "GET", path, venue="bithumb").body


def limit(volume: str, price: str, **more: str) -> dict[str, str]:
    return {"market": "KRW-BTC", "side": "bid", "order_type": "limit", "volume": volume, "price": price, **more}


def quoted(lab: RunningLab) -> None:
    lab.book([("124330000", "1")], [("124340000", "1")], BITHUMB_BTC)


def test_a_ticker_tells_times_nine_hours_ahead_and_whole_numbers_as_whole(lab: RunningLab) -> None:
    (row,) = public(lab, "/v1/ticker?markets=KRW-BTC")
    assert abs(row["timestamp"] - KST_MS - now_ms()) < 60_000
    assert isinstance(row["trade_price"], int)
    assert public(lab, "/v1/market/all?isDetails=true")[0]["market_warning"] == "NONE"
    assert "market_warning" not in public(lab, "/v1/market/all?is_details=true")[0]


def test_a_book_is_filled_up_with_nothing_and_told_with_four_digits(lab: RunningLab) -> None:
    lab.book([("124330000", "0.12345678"), ("124320000", "0.00001")], [("124340000", "1")], BITHUMB_BTC)
    (book,) = public(lab, "/v1/orderbook?markets=KRW-BTC")
    assert book["orderbook_units"] == [
        {"ask_price": 124340000, "bid_price": 124330000, "ask_size": 1, "bid_size": 0.1235},
        {"ask_price": 124341000, "bid_price": 124320000, "ask_size": 0, "bid_size": 0},
    ]
    assert "level" not in book


def test_candles_are_asked_for_up_to_a_time_in_korea(lab: RunningLab) -> None:
    newest = public(lab, "/v1/candles/minutes/1?market=KRW-BTC&count=5")
    until = newest[2]["candle_date_time_kst"]
    (before,) = public(lab, f"/v1/candles/minutes/1?market=KRW-BTC&to={until}")
    assert before["candle_date_time_kst"] == newest[3]["candle_date_time_kst"]
    hours = public(lab, "/v1/candles/minutes/240?market=KRW-BTC&count=2")
    assert {int(row["candle_date_time_utc"][11:13]) % 4 for row in hours} == {3}


def test_weeks_and_months_begin_on_their_first_day_in_korea(lab: RunningLab) -> None:
    (week,) = public(lab, "/v1/candles/weeks?market=KRW-BTC")
    (month,) = public(lab, "/v1/candles/months?market=KRW-BTC")
    assert date.fromisoformat(week["first_day_of_period"]).weekday() == 0
    assert month["first_day_of_period"].endswith("-01")
    for row in (week, month):
        assert row["candle_date_time_kst"] == f"{row['first_day_of_period']}T00:00:00"


def test_wallets_are_told_as_on_a_good_day(lab: RunningLab) -> None:
    told = asked(lab, "GET", "/v1/status/wallet").body
    assert [(row["currency"], row["wallet_state"]) for row in told] == [("BTC", "working"), ("ETH", "working")]


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"timestamp": 1_795_237_200_000}, "expired_jwt"),
        ({"timestamp": "soon"}, "jwt_verification"),
        ({"nonce": ""}, "jwt_verification"),
        ({"access_key": "another"}, "invalid_access_key"),
    ],
)
def test_a_token_that_is_not_good_is_refused(lab: RunningLab, claims: dict[str, Any], name: str) -> None:
    answer = asked(lab, "GET", "/v1/orders/chance?market=KRW-BTC", **claims)
    assert (answer.status, answer.body["error"]["name"]) == (401, name)


def test_a_call_without_a_token_and_a_nonce_used_twice_are_refused(lab: RunningLab) -> None:
    assert ask(lab, "GET", "/v1/accounts", venue="bithumb").body["error"]["name"] == "jwt_verification"
    assert asked(lab, "GET", "/v1/accounts", nonce="the same").status == 200
    assert asked(lab, "GET", "/v1/accounts", nonce="the same").body["error"]["name"] == "jwt_verification"


@pytest.mark.parametrize("vector", ["B1", "B2", "B3", "B4"])
def test_a_signing_vector_is_verified_at_its_moment(vector: str) -> None:
    """B1 to B4 of the exchange reference, signed by the adapter and read by the lab."""
    order = {"market": "KRW-BTC", "side": "bid", "order_type": "limit", "price": "145000000", "volume": "0.001"}
    sent = {
        "B1": ([], ("", "")),
        "B2": (
            [*order.items(), ("client_order_id", "bot-000001")],
            ("", json.dumps({**order, "client_order_id": "bot-000001"})),
        ),
        "B3": (
            [("market", "KRW-BTC"), ("uuids[]", "C0101000003000000001"), ("uuids[]", "C0101000003000000002")],
            ("market=KRW-BTC&uuids%5B%5D=C0101000003000000001&uuids%5B%5D=C0101000003000000002", ""),
        ),
        "B4": (
            [(f"batch_orders[0][{name}]", value) for name, value in order.items()],
            ("", json.dumps({"batch_orders": [order]})),
        ),
    }
    pairs, (query, body) = sent[vector]
    clock = Still()
    venue, _ = bithumb(clock)
    (account,) = venue.accounts.values()
    keys = Keys(account.key, account.secret)
    signed = authorization(keys, "11111111-2222-4333-8444-555555555555", 1_795_237_200_000, pairs)
    hashed = hashed_ways(body) if vector == "B4" else (Asked.read(query, body).hashed,)
    assert Tokens(venue.accounts).verified(signed, *hashed) is account
    with pytest.raises(Refused):
        Tokens(venue.accounts).verified(signed, "another=1")


def test_an_order_is_told_in_two_vocabularies(lab: RunningLab) -> None:
    quoted(lab)
    taken = asked(lab, "POST", "/v2/orders", limit("0.001", "124000000", client_order_id="bot-000001"))
    assert taken.status == 201
    assert set(taken.body) == {
        "order_id", "market", "side", "order_type", "created_at", "stp_type", "client_order_id",
    }  # fmt: skip
    own = taken.body["order_id"]
    first = asked(lab, "GET", f"/v1/order?uuid={own}").body
    (second,) = asked(lab, "GET", "/v2/orders/pending?market=KRW-BTC&state=wait").body["data"]
    assert (first["uuid"], first["ord_type"]) == (second["order_id"], second["order_type"]) == (own, "limit")
    assert (first["locked"], first["reserved_fee"]) == ("124310", "310")
    found = asked(lab, "POST", "/v2/orders/search", {"client_order_ids": ["bot-000001"]})  # type: ignore[dict-item]
    assert found.body["error"]["name"] == "invalid_query_payload", "a list is hashed as name[]=value"


def test_an_id_that_was_used_is_answered_with_its_order_and_nothing_is_made(lab: RunningLab) -> None:
    quoted(lab)
    first = asked(lab, "POST", "/v2/orders", limit("0.001", "124340000", client_order_id="bot-000001")).body
    again = asked(lab, "POST", "/v2/orders", limit("0.002", "124340000", client_order_id="bot-000001")).body
    assert again == first
    assert len(lab.books("bithumb")["fills"]) == 1
    wrong = asked(lab, "POST", "/v2/orders", limit("0.001", "124340000", client_order_id="no spaces"))
    assert (wrong.status, wrong.body["error"]["name"]) == (400, "invalid_parameter")


def test_a_list_comes_in_parts_whose_key_is_hashed_as_it_is(lab: RunningLab) -> None:
    quoted(lab)
    made = [asked(lab, "POST", "/v2/orders", limit("0.001", "124340000")).body["order_id"] for _ in range(3)]
    path = "/v2/orders/history?market=KRW-BTC&state=done&limit=2&order_by=asc"
    first = asked(lab, "GET", path).body
    assert ([row["order_id"] for row in first["data"]], first["has_next"]) == (made[:2], True)
    rest = asked(lab, "GET", f"{path}&next_key={quote(first['next_key'], safe='')}").body
    assert ([row["order_id"] for row in rest["data"]], rest["has_next"], rest["next_key"]) == (made[2:], False, None)
    long_ago = asked(lab, "GET", "/v2/orders/history?state=done&start_time=1795000000000&end_time=1795900000000")
    assert long_ago.body["error"]["name"] == "invalid_parameter"


def test_a_cancel_is_taken_once(lab: RunningLab) -> None:
    quoted(lab)
    own = asked(lab, "POST", "/v2/orders", limit("0.001", "124000000")).body["order_id"]
    gone = asked(lab, "DELETE", f"/v2/order?order_id={own}")
    assert (gone.status, set(gone.body)) == (200, {"order_id", "created_at"})
    assert asked(lab, "DELETE", f"/v2/order?order_id={own}").body["error"]["name"] == "order_not_found"
    told = asked(lab, "GET", f"/v1/order?uuid={own}").body
    assert (told["state"], told["cancel_type"]) == ("cancel", "user")


def test_more_calls_than_a_second_takes_are_refused_without_a_word_on_what_is_left() -> None:
    from karb_lab.bithumb.limits import GROUPS, Limits

    limits = Limits(Still())
    for _ in range(GROUPS["order"]):
        limits.take("order", "here")
    with pytest.raises(Refused) as told:
        limits.take("order", "here")
    assert told.value.status == 429
    limits.take("order", "there")
    limits.take("cancel", "here")


@pytest.mark.parametrize(
    ("fault", "more", "status"),
    [
        ("server_error", {}, 500),
        ("too_many", {}, 429),
        ("reject", {"code": "order_not_ready"}, 422),
        ("reject", {"code": "blocked_member_id"}, 403),
    ],
)
def test_faults_are_told_in_bithumbs_words(lab: RunningLab, fault: str, more: dict[str, str], status: int) -> None:
    lab.fault(fault, "bithumb", times=1, **more)
    answer = asked(lab, "GET", "/v1/accounts")
    assert answer.status == status
    assert answer.body["error"]["name"] in (status, more.get("code"))
    assert asked(lab, "GET", "/v1/accounts").status == 200


def test_in_maintenance_a_page_is_answered_and_not_json(lab: RunningLab) -> None:
    lab.fault("maintenance", "bithumb")
    connection = HTTPConnection(urlsplit(lab.address("bithumb")).netloc)
    connection.request("GET", "/v1/accounts")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Content-Type"].partition(";")[0]) == (503, "text/html")
    connection.close()
