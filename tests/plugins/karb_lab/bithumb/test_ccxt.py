"""ccxt knows nothing of us: it is pointed at the lab and trades there as it does at Bithumb."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import ccxt
import pytest

from tests.plugins.karb_lab.running import BITHUMB_BTC, KEY, SECRET, RunningLab


@pytest.fixture
def client(lab: RunningLab) -> Any:
    return pointed(lab, KEY, SECRET)


def pointed(lab: RunningLab, key: str, secret: str) -> Any:
    made = ccxt.bithumb({"apiKey": key, "secret": secret})
    made.urls["api"]["public"] = made.urls["api"]["private"] = lab.address("bithumb")
    made.load_markets()
    return made


def quoted(lab: RunningLab, bids: list[tuple[str, str]], asks: list[tuple[str, str]]) -> None:
    lab.book(bids, asks, BITHUMB_BTC)


def test_it_reads_markets_tickers_books_and_trades(lab: RunningLab, client: Any) -> None:
    quoted(lab, [("124330000", "0.0002"), ("124321000", "0.0496")], [("124340000", "0.0469")])
    told = {"instrument": BITHUMB_BTC.text(), "price": "124330000", "amount": "0.0258", "taker": "buy"}
    lab.tell("bithumb/print", told)
    assert sorted(client.markets) == ["BTC/KRW", "ETH/KRW"]
    book = client.fetch_order_book("BTC/KRW")
    assert book["bids"] == [[124330000.0, 0.0002], [124321000.0, 0.0496]]
    assert book["asks"][0] == [124340000.0, 0.0469]
    assert all(amount == 0 for _, amount in book["asks"][1:]), "the thinner side is filled up with nothing"
    ticker = client.fetch_ticker("BTC/KRW")
    assert (ticker["last"], ticker["info"]["trade_volume"]) == (124330000.0, 0.0258)
    (trade,) = client.fetch_trades("BTC/KRW", limit=1)
    assert (trade["price"], trade["amount"], trade["side"]) == (124330000.0, 0.0258, "buy")
    assert client.fetch_tickers()["ETH/KRW"]["last"] > 0


@pytest.mark.parametrize(("span", "seconds"), [("1m", 60), ("5m", 300), ("1h", 3600)])
def test_it_reads_candles(client: Any, span: str, seconds: int) -> None:
    candles = client.fetch_ohlcv("BTC/KRW", span, limit=20)
    starts = [start for start, *_ in candles]
    assert starts
    assert starts == sorted(starts)
    assert all(start % (seconds * 1000) == 0 for start in starts)
    assert all(low <= min(begin, end) and max(begin, end) <= high for _, begin, high, low, end, _ in candles)


def test_days_begin_at_midnight_in_korea(client: Any) -> None:
    rows = client.publicGetV1CandlesDays({"market": "KRW-BTC", "count": 3})
    assert rows
    assert {row["candle_date_time_kst"][11:] for row in rows} == {"00:00:00"}
    assert {row["candle_date_time_utc"][11:] for row in rows} == {"15:00:00"}


def test_it_places_finds_lists_and_cancels_an_order_that_fills_in_part(lab: RunningLab, client: Any) -> None:
    quoted(lab, [("124300000", "0.1")], [("124400000", "0.0004"), ("124500000", "1")])
    placed = client.create_order("BTC/KRW", "limit", "buy", 0.001, 124400000, {"clientOrderId": "bot-000001"})
    assert (placed["status"], placed["filled"]) == (None, None), "that it was taken, and nothing else"
    found = client.fetch_order(placed["id"])
    told = found["info"]
    assert (found["status"], found["remaining"], told["executed_volume"], told["executed_funds"]) == (
        "open",
        0.0006,
        "0.0004",
        "49760",
    )
    assert found["filled"] == 0.0, "ccxt finds no amount in Bithumb's trades, and counts nothing as filled"
    assert (told["paid_fee"], told["client_order_id"]) == ("124.4", "bot-000001")
    assert [trade["volume"] for trade in told["trades"]] == ["0.0004"]
    (listed,) = client.fetch_open_orders("BTC/KRW")
    assert (listed["id"], listed["filled"]) == (placed["id"], 0.0004)
    assert client.fetch_balance()["KRW"]["used"] == 74826.6
    client.cancel_order(placed["id"])
    assert client.fetch_open_orders("BTC/KRW") == []
    (ended,) = client.fetch_canceled_orders("BTC/KRW")
    assert (ended["status"], ended["filled"]) == ("canceled", 0.0004)
    assert lab.books("bithumb")["balances"]["KRW"] == {"free": "44950115.6", "locked": "0"}


def test_it_rounds_prices_to_four_digits_which_the_lab_takes_as_they_come(lab: RunningLab, client: Any) -> None:
    quoted(lab, [("124300000", "0.1")], [("124500000", "1")])
    placed = client.create_order("BTC/KRW", "limit", "buy", 0.00123456, 124377000)
    told = client.fetch_order(placed["id"])["info"]
    assert (told["price"], told["volume"]) == ("124400000", "0.0012")


def test_purchases_for_a_cost_and_sales_at_the_market_are_done(lab: RunningLab, client: Any) -> None:
    quoted(lab, [("124300000", "1")], [("124400000", "1")])
    bought = client.fetch_order(client.create_market_buy_order_with_cost("BTC/KRW", 100000)["id"])
    assert (bought["status"], bought["info"]["executed_volume"]) == ("closed", "0.00080385")
    sold = client.fetch_order(client.create_order("BTC/KRW", "market", "sell", 0.05)["id"])
    assert (sold["status"], sold["info"]["executed_funds"]) == ("closed", "6215000")


@pytest.mark.parametrize(
    ("force", "amount", "state", "filled"),
    [("IOC", 0.001, "done", "0.0004"), ("FOK", 0.001, "cancel", "0"), ("FOK", 0.0004, "done", "0.0004")],
)
def test_what_must_go_at_once_does_not_rest(
    lab: RunningLab, client: Any, force: str, amount: float, state: str, filled: str
) -> None:
    quoted(lab, [("124300000", "0.1")], [("124400000", "0.0004")])
    placed = client.create_order("BTC/KRW", "limit", "buy", amount, 124400000, {"timeInForce": force})
    told = client.fetch_order(placed["id"])["info"]
    assert (told["state"], told["executed_volume"]) == (state, filled)
    assert lab.books("bithumb")["balances"]["KRW"]["locked"] == "0"


def test_what_must_rest_is_taken_and_then_cancelled_where_it_would_trade(lab: RunningLab, client: Any) -> None:
    quoted(lab, [("124300000", "0.1")], [("124400000", "1")])
    placed = client.create_order("BTC/KRW", "limit", "buy", 0.001, 124400000, {"postOnly": True})
    told = client.fetch_order(placed["id"])["info"]
    assert (told["state"], told["cancel_type"]) == ("cancel", "tif_cancel")


def test_several_orders_are_answered_one_by_one(lab: RunningLab, client: Any) -> None:
    quoted(lab, [("124300000", "0.1")], [("124400000", "1")])
    limit = {"symbol": "BTC/KRW", "type": "limit", "side": "buy", "amount": 0.001}
    placed = client.create_orders([{**limit, "price": 124000000}, {**limit, "price": 100}])
    (taken,) = [order["id"] for order in placed if order["id"] is not None]
    (refused,) = [order["info"] for order in placed if order["id"] is None]
    assert refused["name"] == "under_min_total_bid"
    client.cancel_orders([taken], "BTC/KRW")
    assert client.fetch_open_orders("BTC/KRW") == []


@pytest.mark.parametrize(
    ("order", "message"),
    [
        (("BTC/KRW", "limit", "buy", 0.5, 124400000), "주문가능한 금액(KRW)이 부족합니다."),
        (("BTC/KRW", "limit", "sell", 0.3, 124400000), "주문가능한 금액(BTC)이 부족합니다."),
        (("ETH/KRW", "limit", "buy", 0.001, 4100000), "최소주문금액 이상으로 주문해주세요."),
    ],
)
def test_a_refusal_changes_nothing(lab: RunningLab, client: Any, order: Any, message: str) -> None:
    before = lab.books("bithumb")
    with pytest.raises(ccxt.ExchangeError) as told:
        client.create_order(*order)
    assert str(told.value) == f"bithumb {message}"
    assert lab.books("bithumb") == before


def test_it_knows_no_refusal_of_bithumbs_from_another(lab: RunningLab, client: Any) -> None:
    """ccxt makes all of them one class, as it does at Bithumb."""
    for refused in (
        lambda: client.fetch_order("C0101000000000000000"),
        lambda: pointed(lab, KEY, "another-secret").fetch_balance(),
        lambda: pointed(lab, "another-key", SECRET).fetch_balance(),
    ):
        with pytest.raises(ccxt.ExchangeError) as told:
            refused()
        assert type(told.value) is ccxt.ExchangeError


def test_its_sums_are_the_venues_own_to_the_last_digit(lab: RunningLab, client: Any) -> None:
    quoted(lab, [("124300000", "0.1")], [("124400000", "0.0123"), ("124500000", "1")])
    client.create_order("BTC/KRW", "limit", "buy", 0.02, 124500000)
    client.create_order("BTC/KRW", "market", "sell", 0.0077)
    books = lab.books("bithumb")
    spent = sum(
        (1 if fill["side"] == "buy" else -1) * Decimal(fill["amount"]) * Decimal(fill["price"])
        + Decimal(fill["fee"].removesuffix(" KRW"))
        for fill in books["fills"]
    )
    told = {row["currency"]: Decimal(row["balance"]) for row in client.fetch_balance()["info"]}
    assert told == {"KRW": 45_000_000 - spent, "BTC": Decimal("0.2623")}
    assert told["KRW"] == Decimal(books["balances"]["KRW"]["free"])
