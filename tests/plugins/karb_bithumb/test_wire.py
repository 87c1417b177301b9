"""Bithumb's words are read to the last digit; what does not fit its pages is an error, and nothing is read into it."""

from __future__ import annotations

import contextlib
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_bithumb.said import said
from karb_bithumb.wire import (
    SeenBalance,
    SeenChance,
    SeenErrorBody,
    SeenKey,
    SeenOrder,
    SeenPage,
    SeenPrice,
    SeenTaken,
)
from karb_core.connection.failures import NoAnswer, VenueRejected
from karb_core.connection.request import Answer
from karb_core.connection.told_fills import fills_of
from karb_core.connection.typed_body import Unreadable, read
from tests.plugins.karb_bithumb.orders_told import ACCOUNTS, CHANCE_RAW, ID, PRICES, UUID, page, told, trade

D = Decimal

#: As Bithumb's page shows it.
ORDER = b"""{"uuid":"C0101000003152406454","client_order_id":"bot-000001","side":"bid","ord_type":"limit","price":"124330000",
"state":"wait","market":"KRW-BTC","created_at":"2026-11-21T14:00:00+09:00","volume":"0.001","remaining_volume":"0.0006",
"executed_volume":"0.0004","executed_funds":"49732","reserved_fee":"310.825","remaining_fee":"186.495","paid_fee":"124.33",
"locked":"74784.495","trades_count":1,"stp_type":"cancel_taker","trades":[{"market":"KRW-BTC","uuid":"C0101000001744207001",
"price":"124330000","volume":"0.0004","funds":"49732","side":"bid","created_at":"2026-11-21T14:00:02+09:00"}]}"""
TAKEN = b"""{"order_id":"C0101000003152406454","market":"KRW-BTC","side":"bid","order_type":"limit",
"created_at":"2026-11-21T14:00:00+09:00","client_order_id":"bot-000001","stp_type":"cancel_taker"}"""
#: As a client of somebody's recorded it when it was live.
FILLED = {
    "created_at": "2026-04-24T23:57:03+09:00", "funds": "69664.8389", "market": "KRW-BTC", "price": "116110000",
    "side": "bid", "uuid": "C0101000000983750807", "volume": "0.00059999",
}  # fmt: skip


def raw(body: object) -> bytes:
    return json.dumps(body).encode()


def test_an_order_with_a_trade() -> None:
    seen = read(ORDER, SeenOrder)
    assert (seen.uuid, seen.identifier, seen.state) == (UUID, "bot-000001", "wait")
    assert (seen.executed_volume, seen.executed_funds, seen.paid_fee) == (D("0.0004"), D(49732), D("124.33"))
    assert seen.trades is not None
    assert (seen.trades[0].uuid, seen.trades[0].funds) == ("C0101000001744207001", D(49732))


def test_the_answer_to_an_order_says_that_it_was_taken_and_no_more() -> None:
    assert read(TAKEN, SeenTaken) == SeenTaken(UUID, "KRW-BTC", "bid", "bot-000001")
    assert read(b'{"order_id":"C01","created_at":"2026-11-21T14:00:00+09:00"}', SeenTaken) == SeenTaken("C01")


def test_lists_call_the_same_by_other_names() -> None:
    seen = read(raw(page(told("wait", trade(1, "0.0004")), next_key="abc+/=")), SeenPage)
    assert (seen.has_next, seen.next_key) == (True, "abc+/=")
    assert (seen.data[0].uuid, seen.data[0].identifier, seen.data[0].executed_volume) == (UUID, ID, D("0.0004"))
    assert seen.data[0].trades is None
    assert not read(b'{"data":[],"has_next":false,"next_key":null}', SeenPage).data


def test_balances_chance_prices_and_keys() -> None:
    held = read(raw(ACCOUNTS), tuple[SeenBalance, ...])
    assert [(row.currency, row.balance, row.locked) for row in held] == [
        ("KRW", D("2061832.35"), D("74784.495")),
        ("BTC", D("0.5004"), D(0)),
    ]
    chance = read(CHANCE_RAW, SeenChance)
    assert (chance.bid_fee, chance.market.ask.min_total, chance.market.bid.price_unit) == (
        D("0.0025"),
        D(5000),
        D(1000),
    )
    assert read(raw(PRICES), tuple[SeenPrice, ...]) == (SeenPrice("KRW-BTC", D(124330000)),)
    (key,) = read(b'[{"access_key":"opens","expire_at":"2027-01-09T19:36:34+09:00"}]', tuple[SeenKey, ...])
    assert "opens" not in repr(key)


@pytest.mark.parametrize(
    "wrong",
    [
        {"uuid": None}, {"state": 3}, {"executed_volume": "0.0004 BTC"}, {"executed_volume": None}, {"paid_fee": "NaN"},
        {"price": "Infinity"}, {"created_at": "yesterday"}, {"trades": {}}, {"trades": [{"uuid": "x"}]},
        {"executed_volume": "1e999999"},
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_fit_is_no_order(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read(raw(told() | wrong), SeenOrder)


@given(st.binary(max_size=200) | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(lambda v: raw(v)))
def test_no_bytes_break_the_reading(body: bytes) -> None:
    for shape in (SeenOrder, SeenPage, SeenTaken, SeenChance, SeenErrorBody):
        with contextlib.suppress(Unreadable):
            read(body, shape)


def refusal(status: int, name: object) -> Answer:
    return Answer(status, {}, raw({"error": {"name": name, "message": "아니오"}}))


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "insufficient_funds_bid"), (400, "under_min_total_ask"), (401, "NotAllowIP"), (401, "expired_jwt"),
        (403, "blocked_member_id"), (404, "order_not_found"), (404, 404), (422, "order_not_ready"),
        (429, "whatever_it_says"), (200, "insufficient_funds_ask"), (201, "invalid_parameter"),
    ],
)  # fmt: skip
def test_a_documented_refusal_is_one_whatever_its_status(status: int, name: object) -> None:
    with pytest.raises(VenueRejected) as e:
        said(refusal(status, name), SeenTaken)
    assert (e.value.code, e.value.message, e.value.passes) == (str(name), "아니오", status == 429)


@pytest.mark.parametrize(
    "answer",
    [
        refusal(400, "a_word_that_is_new"), refusal(200, "a_word_that_is_new"), refusal(400, 5300),
        refusal(500, "insufficient_funds_bid"), Answer(400, {}, b"<html>"), Answer(503, {}, b"\xec\xa0\x90"),
        Answer(200, {}, b"<html>"), Answer(200, {}, b"{}"), Answer(201, {}, b'{"order_id":7}'), Answer(302, {}, b""),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_in_no_page_of_bithumbs_is_no_answer(answer: Answer) -> None:
    with pytest.raises(NoAnswer):
        said(answer, SeenTaken)


def test_a_trade_that_was_live_becomes_a_fill_with_its_fee() -> None:
    """0.04 % with the coupon: what was paid is what counts, not what was assumed."""
    body = told("done", FILLED, price="116110000", volume="0.00059999", paid_fee="27.86", client_order_id=None)
    fills = fills_of("bithumb", read(raw(body), SeenOrder), {}, 1)
    assert fills is not None
    (fill,) = fills
    assert (fill.order_id, fill.venue_trade_id, fill.fee.value) == (UUID, "C0101000000983750807", D("27.86"))
    assert (fill.amount.value, fill.cost.value) == (D("0.00059999"), D("69664.8389"))
