"""ccxt knows nothing of us: it is pointed at the lab and trades there as it does at Upbit."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import ccxt
import pytest

from tests.plugins.karb_lab.running import KEY, SECRET, RunningLab


@pytest.fixture
def client(lab: RunningLab) -> Any:
    return pointed(lab, KEY, SECRET)


def pointed(lab: RunningLab, key: str, secret: str) -> Any:
    made = ccxt.upbit({"apiKey": key, "secret": secret})
    made.urls["api"]["public"] = made.urls["api"]["private"] = lab.address("upbit")
    made.load_markets()
    return made


def error_of(client: Any, *order: Any, **more: Any) -> str:
    with pytest.raises(ccxt.ExchangeError) as told:
        client.create_order(*order, **more)
    return json.loads(str(told.value).removeprefix("upbit "))["error"]["name"]


def test_it_reads_markets_tickers_books_and_trades(lab: RunningLab, client: Any) -> None:
    lab.book([("124349000", "0.00512"), ("124340000", "0.11")], [("124350000", "0.2184"), ("124351000", "0.04")])
    lab.tell("upbit/print", {"instrument": "upbit BTC/KRW", "price": "124350000", "amount": "0.002", "taker": "buy"})
    assert sorted(client.markets) == ["BTC/KRW", "ETH/KRW"]
    book = client.fetch_order_book("BTC/KRW")
    assert (book["asks"], book["bids"]) == (
        [[124350000.0, 0.2184], [124351000.0, 0.04]],
        [[124349000.0, 0.00512], [124340000.0, 0.11]],
    )
    ticker = client.fetch_ticker("BTC/KRW")
    assert ticker["last"] == 124350000.0
    assert ticker["info"]["trade_volume"] == 0.002
    (trade,) = client.fetch_trades("BTC/KRW", limit=1)
    assert (trade["price"], trade["amount"], trade["side"]) == (124350000.0, 0.002, "buy")
    assert client.fetch_tickers()["ETH/KRW"]["last"] > 0


@pytest.mark.parametrize(("span", "seconds"), [("1m", 60), ("5m", 300), ("1h", 3600), ("1d", 86400)])
def test_it_reads_candles_of_every_length(client: Any, span: str, seconds: int) -> None:
    candles = client.fetch_ohlcv("BTC/KRW", span, limit=20)
    assert candles
    starts = [start for start, *_ in candles]
    assert starts == sorted(starts)
    assert all(start % (seconds * 1000) == 0 for start in starts)
    assert all(low <= min(begin, end) and max(begin, end) <= high for _, begin, high, low, end, _ in candles)


def test_it_places_finds_lists_and_cancels_an_order_that_fills_in_part(lab: RunningLab, client: Any) -> None:
    lab.book([("124349000", "0.1")], [("124350000", "0.0004"), ("124400000", "1")])
    placed = client.create_order("BTC/KRW", "limit", "buy", 0.001, 124350000, {"clientOrderId": "bot-000001"})
    assert (placed["status"], placed["clientOrderId"], placed["filled"]) == ("open", "bot-000001", 0.0)
    found = client.fetch_order(placed["id"])
    assert (found["filled"], found["remaining"], found["cost"], found["average"]) == (
        0.0004,
        0.0006,
        49740.0,
        124350000.0,
    )
    assert (found["info"]["paid_fee"], found["info"]["locked"]) == ("24.87", "74647.305")
    assert [trade["amount"] for trade in found["trades"]] == [0.0004]
    assert [order["id"] for order in client.fetch_open_orders("BTC/KRW")] == [placed["id"]]
    assert client.fetch_balance()["KRW"]["used"] == 74647.305
    client.cancel_order(placed["id"])
    assert client.fetch_open_orders("BTC/KRW") == []
    (ended,) = client.fetch_canceled_orders("BTC/KRW")
    assert (ended["status"], ended["filled"]) == ("canceled", 0.0004)
    assert lab.books()["balances"]["KRW"] == {"free": "44950235.13", "locked": "0"}


def test_the_market_comes_to_what_rests(lab: RunningLab, client: Any) -> None:
    lab.book([("124349000", "0.1")], [("124400000", "1")])
    placed = client.create_order("BTC/KRW", "limit", "buy", 0.001, 124350000)
    lab.book([("124300000", "0.1")], [("124340000", "0.0004"), ("124400000", "1")])
    assert client.fetch_order(placed["id"])["filled"] == 0.0004
    lab.book([("124300000", "0.1")], [("124345000", "3")])
    found = client.fetch_order(placed["id"])
    assert (found["status"], found["cost"]) == ("closed", 124350.0)


def test_a_purchase_at_the_market_ends_as_cancelled_though_it_filled(lab: RunningLab, client: Any) -> None:
    lab.book([("124349000", "0.1")], [("124350000", "1")])
    placed = client.create_order("BTC/KRW", "market", "buy", 0.001, 124350000, {"cost": 100000})
    found = client.fetch_order(placed["id"])
    assert (found["status"], found["filled"], found["cost"]) == ("canceled", 0.00080418, 99999.783)
    assert found["info"] | {"trades": None} == {
        "uuid": placed["id"],
        "side": "bid",
        "ord_type": "price",
        "price": "100000",
        "state": "cancel",
        "market": "KRW-BTC",
        "created_at": found["info"]["created_at"],
        "volume": None,
        "remaining_volume": None,
        "executed_volume": "0.00080418",
        "reserved_fee": "50",
        "remaining_fee": "0.0001085",
        "paid_fee": "49.9998915",
        "locked": "0.2171085",
        "prevented_volume": "0",
        "prevented_locked": "0",
        "trades_count": 1,
        "smp_type": "cancel_maker",
        "trades": None,
    }


def test_a_sale_at_the_market_goes_down_the_book(lab: RunningLab, client: Any) -> None:
    lab.book([("124349000", "0.1"), ("124300000", "0.1")], [("124350000", "1")])
    placed = client.create_order("BTC/KRW", "market", "sell", 0.15)
    found = client.fetch_order(placed["id"])
    assert (found["status"], found["cost"]) == ("closed", 18649900.0)
    fills = lab.books()["fills"]
    assert [(fill["price"], fill["amount"], fill["fee"]) for fill in fills] == [
        ("124349000", "0.1", "6217.45 KRW"),
        ("124300000", "0.05", "3107.5 KRW"),
    ]


@pytest.mark.parametrize(("force", "status", "filled"), [("IOC", "canceled", 0.0004), ("FOK", "canceled", 0.0)])
def test_what_must_go_at_once_does_not_rest(
    lab: RunningLab, client: Any, force: str, status: str, filled: float
) -> None:
    lab.book([("124349000", "0.1")], [("124350000", "0.0004")])
    placed = client.create_order("BTC/KRW", "limit", "buy", 0.001, 124350000, {"timeInForce": force})
    found = client.fetch_order(placed["id"])
    assert (found["status"], found["filled"]) == (status, filled)
    assert lab.books()["balances"]["KRW"]["locked"] == "0"


def test_a_test_order_is_judged_and_never_made(lab: RunningLab, client: Any) -> None:
    lab.book([("124349000", "0.1")], [("124350000", "1")])
    tried = client.create_order("BTC/KRW", "limit", "buy", 0.001, 124350000, {"test": True})
    assert tried["status"] == "open"
    with pytest.raises(ccxt.OrderNotFound):
        client.fetch_order(tried["id"])
    assert lab.books() == {
        "balances": {"KRW": {"free": "45000000", "locked": "0"}, "BTC": {"free": "0.25", "locked": "0"}},
        "fills": [],
    }
    assert error_of(client, "BTC/KRW", "limit", "sell", 5, 124350000, {"test": True}) == "insufficient_funds_ask"


@pytest.mark.parametrize(
    ("order", "name"),
    [
        (("BTC/KRW", "limit", "buy", 0.5, 124350000), "insufficient_funds_bid"),
        (("BTC/KRW", "limit", "sell", 0.3, 124350000), "insufficient_funds_ask"),
        (("BTC/KRW", "limit", "buy", 0.00004, 124350000), "under_min_total_bid"),
        (("BTC/KRW", "limit", "sell", 0.00004, 124350000), "under_min_total_ask"),
        (("BTC/KRW", "limit", "buy", 0.001, 124350500), "invalid_price_bid"),
        (("BTC/KRW", "limit", "sell", 0.001, 124350000.456), "invalid_price_ask"),
    ],
)
def test_a_refusal_has_upbits_own_name_and_changes_nothing(lab: RunningLab, client: Any, order: Any, name: str) -> None:
    before = lab.books()
    assert error_of(client, *order) == name
    assert lab.books() == before


def test_it_tells_refusals_apart_as_it_does_at_upbit(lab: RunningLab, client: Any) -> None:
    with pytest.raises(ccxt.InsufficientFunds):
        client.create_order("BTC/KRW", "limit", "buy", 1, 124350000)
    with pytest.raises(ccxt.OrderNotFound):
        client.fetch_order("3f0a2d9c-6b53-4a0e-9d0b-1f2f9d1c0001")
    for key, secret in ((KEY, "another-secret"), ("another-key", SECRET)):
        with pytest.raises(ccxt.AuthenticationError):
            pointed(lab, key, secret).fetch_balance()


def test_an_identifier_is_burnt_by_its_first_use_even_if_that_was_refused(client: Any) -> None:
    mine = {"clientOrderId": "bot-000002"}
    assert error_of(client, "BTC/KRW", "limit", "buy", 1, 124350000, mine) == "insufficient_funds_bid"
    assert error_of(client, "BTC/KRW", "limit", "buy", 0.001, 124350000, mine) == "duplicated_identifier"


def test_an_order_is_changed_by_a_new_one_in_its_place(lab: RunningLab, client: Any) -> None:
    lab.book([("124349000", "0.1")], [("124400000", "1")])
    placed = client.create_order("BTC/KRW", "limit", "buy", 0.001, 124000000)
    changed = client.edit_order(placed["id"], "BTC/KRW", "limit", "buy", 0.002, 124100000)
    assert client.fetch_order(placed["id"])["status"] == "canceled"
    fresh = client.fetch_order(changed["id"])
    assert (fresh["status"], fresh["amount"], fresh["price"]) == ("open", 0.002, 124100000.0)


def test_its_sums_are_the_venues_own_to_the_last_digit(lab: RunningLab, client: Any) -> None:
    lab.book([("124349000", "0.1")], [("124350000", "0.0123"), ("124351000", "1")])
    client.create_order("BTC/KRW", "limit", "buy", 0.02, 124351000)
    client.create_order("BTC/KRW", "market", "sell", 0.0077)
    books = lab.books()
    spent = sum(
        (1 if fill["side"] == "buy" else -1) * Decimal(fill["amount"]) * Decimal(fill["price"])
        + Decimal(fill["fee"].removesuffix(" KRW"))
        for fill in books["fills"]
    )
    told = {row["currency"]: Decimal(row["balance"]) for row in client.fetch_balance()["info"]}
    assert told == {"KRW": 45_000_000 - spent, "BTC": Decimal("0.2623")}
    assert told["KRW"] == Decimal(books["balances"]["KRW"]["free"])
