"""Every recorded message about Bithumb is read to the values that it holds; each test names its file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from karb_bithumb.legacy_wire import (
    LegacyBook,
    LegacyTicker,
    LegacyTrade,
    answered,
    book_of,
    happened_ns,
    prints_of,
    taker_of,
    tickers_of,
)
from karb_bithumb.market_wire import frame_of
from karb_bithumb.wire import SeenErrorBody, SeenOrder, SeenPrice
from karb_core.connection.failures import VenueRejected
from karb_core.connection.told_fills import fills_of
from karb_core.connection.typed_body import Unreadable, read
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Side
from tests.plugins.karb_bithumb.orders_told import told

D = Decimal
BTC, ETH = Instrument("bithumb", "BTC", "KRW"), Instrument("bithumb", "ETH", "KRW")


def recorded(name: str) -> Iterator[dict[str, Any]]:
    """The records of one file, where `KARB_WIRE_DATA` names the folder. Skips the test where it is not there."""
    path = Path(os.environ.get("KARB_WIRE_DATA", "") or "recorded-wire-data") / name
    if not path.is_file():
        pytest.skip(f"{name} is not there: KARB_WIRE_DATA names no folder that has it")
    text = path.read_text("utf-8")
    found = json.loads(text) if name.endswith(".json") else list(map(json.loads, text.splitlines()))
    yield from found if isinstance(found, list) else [found]


def raw(body: object) -> bytes:
    return json.dumps(body).encode()


def named(file: str, name: str) -> Any:
    """The first of that name."""
    return next(one["body"] for one in recorded(file) if one["name"] == name)


def test_every_ticker_of_all_coins() -> None:
    """bithumb/rest_public_ticker_ALL_KRW_2021-06-01.jsonl"""
    (record,) = recorded("bithumb/rest_public_ticker_ALL_KRW_2021-06-01.jsonl")
    values = json.loads(record["raw"])["data"]
    found = tickers_of(record["raw"].encode())
    assert found["BTC"] == LegacyTicker(D(43462000), D(43232000), D(42431000), D(43479000), D("983.68239744"))
    assert set(found) == set(values) - {"date"}
    assert {coin: ticker.closing_price for coin, ticker in found.items()} == {
        coin: D(values[coin]["closing_price"]) for coin in found
    }
    assert len(found) > 100


def test_every_frame_of_the_older_stream() -> None:
    """bithumb/ws_transaction_legacy_2021-06-01.jsonl: two answers, and trades; those that climb were bought."""
    heard = [
        record["raw"] for record in recorded("bithumb/ws_transaction_legacy_2021-06-01.jsonl") if record["dir"] == "in"
    ]
    found = [
        (done, told) for text in heard for done, told in zip(prints_of(text.encode()), values_of(text), strict=True)
    ]
    assert [(done.symbol, done.price, done.amount) for done, _ in found] == [
        (told["symbol"], D(told["contPrice"]), D(told["contQty"])) for _, told in found
    ]
    assert sum(not values_of(text) for text in heard) == 2
    first = found[0][0]
    assert (first.symbol, taker_of(first)) == ("CON_KRW", Side.BUY)
    assert happened_ns(first.at) == 1_622_591_014_555_058_000, (
        "00:43:34 of that day UTC is 08:43:34 of the next in Korea"
    )
    climbing = [done for done, _ in found if done.symbol == "GOM2_KRW" and done.at.startswith("2021-06-02 08:43:42")]
    assert [done.price for done in climbing] == [D("7.523"), D("7.524"), D("7.525"), D("7.525")]
    assert {taker_of(done) for done in climbing} == {Side.BUY}


def values_of(text: str) -> list[dict[str, str]]:
    return json.loads(text).get("content", {}).get("list", [])


def test_fixtures_of_the_older_rest() -> None:
    """bithumb/legacy_messages_xchange.json"""
    file = "bithumb/legacy_messages_xchange.json"
    tickers = [one["body"] for one in recorded(file) if one["name"] == "example-ticker"]
    assert [read(raw(body), LegacyTicker).closing_price for body in tickers] == [D(0), D(168900)]
    every = named(file, "all-ticker-data")
    found = tickers_of(raw({"status": "0000", "data": every}))
    assert {coin: ticker.units_traded for coin, ticker in found.items()} == {
        coin: D(every[coin]["units_traded"]) for coin in ("BTC", "ETH", "DASH")
    }
    book = book_of(ETH, read(raw(named(file, "example-orderbook")), LegacyBook), 1)
    assert (book.bids[0], book.asks[1], book.venue_at_ns) == (
        (D(168400), D("28.0241")),
        (D(168600), D("70.57378019")),
        1_546_443_196_974_000_000,
    )
    both = named(file, "example-orderbook-all")
    ours = book_of(BTC, read(raw(both["BTC"] | {"timestamp": both["timestamp"]}), LegacyBook), 1)
    assert (ours.bids[0], ours.asks[0]) == ((D(4083000), D("1.3506")), (D(4089000), D("0.8")))
    trades = answered(raw(named(file, "example-transaction-history")), tuple[LegacyTrade, ...])
    assert [(trade.type, trade.units_traded, trade.price) for trade in trades] == [
        ("bid", D("1.0"), D(6779000)),
        ("bid", D("0.1"), D(6779000)),
        ("ask", D("0.0001"), D(7575000)),
    ]
    assert happened_ns(trades[0].transaction_date) == 1_523_350_066_000_000_000


def test_answers_of_both_generations() -> None:
    """bithumb/rest_public_ccxt_2024-08.json"""
    file = "bithumb/rest_public_ccxt_2024-08.json"
    book = book_of(BTC, answered(raw(named(file, "orderbook_BTC_KRW")), LegacyBook), 1)
    assert (book.bids, book.asks) == (((D(80838000), D("0.0586")),), ((D(80873000), D("0.1749")),))
    assert book.venue_at_ns == 1_723_102_637_709_000_000
    (row,) = answered(
        raw(named(file, "candlestick_BTC_KRW_1m")), tuple[tuple[int, Decimal, Decimal, Decimal, Decimal, Decimal], ...]
    )
    assert row == (1_723_014_780_000, D(81061000), D(80860000), D(81062000), D(80860000), D("2.1630537"))
    (trade,) = answered(raw(named(file, "transaction_history")), tuple[LegacyTrade, ...])
    assert (trade.type, happened_ns(trade.transaction_date)) == ("ask", 1_723_104_873_000_000_000)
    assert read(raw(named(file, "ticker_v2_KRW-BTC")), tuple[SeenPrice, ...]) == (SeenPrice("KRW-BTC", D(45831000)),)
    order = read(raw(named(file, "create_order_v2")), SeenOrder)
    assert (order.state, order.price, order.volume, order.executed_volume) == ("wait", D(67000000), D("0.01"), D("0.0"))


def test_a_fill_that_was_live() -> None:
    """bithumb/live_fill_2026-04-24.json: 0.04 % with the coupon."""
    (record,) = recorded("bithumb/live_fill_2026-04-24.json")
    trade, fee = record["trade"], record["order_fee_fields"]["paid_fee"]
    body = told("done", trade, price=trade["price"], volume=trade["volume"], paid_fee=fee, client_order_id=None)
    fills = fills_of("bithumb", read(raw(body), SeenOrder), {}, 1)
    assert fills is not None
    (fill,) = fills
    assert (fill.venue_trade_id, fill.amount.value, fill.cost.value, fill.fee.value) == (
        "C0101000000983750807",
        D("0.00059999"),
        D("69664.8389"),
        D("27.86"),
    )


def test_refusals_of_either_generation() -> None:
    """errors.json"""
    bodies = [one["body"] for one in recorded("errors.json") if one["exchange"] == "bithumb"]
    assert len(bodies) == 2
    for body in bodies:
        with pytest.raises(VenueRejected) as no:
            answered(raw(body), LegacyBook)
        assert (no.value.code, no.value.message, no.value.passes) == (body["status"], body["message"], False)
    others = [one["body"] for one in recorded("errors.json") if one["exchange"] == "upbit"]
    assert [read(raw(body), SeenErrorBody).error.name for body in others] == ["invalid_query_payload"]


def test_no_message_of_the_older_stream_is_taken_for_one_of_the_newer() -> None:
    """bithumb/ws_transaction_legacy_2021-06-01.jsonl"""
    for record in recorded("bithumb/ws_transaction_legacy_2021-06-01.jsonl"):
        if record["dir"] == "in":
            assert frame_of(record["raw"].encode()).code == ""


@pytest.mark.parametrize("told_time", ["", "yesterday", "2021-13-01 00:00:00"])
def test_a_time_that_is_none_is_unreadable(told_time: str) -> None:
    with pytest.raises(Unreadable):
        happened_ns(told_time)
