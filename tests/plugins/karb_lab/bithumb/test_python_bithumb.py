"""python-bithumb has Bithumb's address written into it: it asks for https://api.bithumb.com and finds the lab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import python_bithumb
from python_bithumb.public_api import BithumbAPIException, get_trades_ticks, get_virtual_asset_warning

from tests.plugins.karb_lab.brought import Authority, brought
from tests.plugins.karb_lab.running import BITHUMB_BTC, KEY, SECRET, RunningLab, bithumb

pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[RunningLab]:
    names = ["api.bithumb.com"]
    authority = Authority(tmp_path, names)
    with (
        RunningLab(authority.context, bithumb) as running,
        brought(authority, dict.fromkeys(names, running.port("bithumb"))),
    ):
        yield running


@pytest.fixture
def client() -> python_bithumb.Bithumb:
    return python_bithumb.Bithumb(KEY, SECRET)


def test_it_reads_markets_prices_books_trades_and_candles(lab: RunningLab) -> None:
    lab.book([("124330000", "0.0289")], [("124340000", "0.1995")], BITHUMB_BTC)
    assert [row["market"] for row in python_bithumb.get_market_all()] == ["KRW-BTC", "KRW-ETH"]
    told = {"instrument": BITHUMB_BTC.text(), "price": "124330000", "amount": "0.002", "taker": "sell"}
    lab.tell("bithumb/print", told)
    assert python_bithumb.get_current_price("KRW-BTC") == 124330000.0
    assert python_bithumb.get_current_price(["KRW-BTC", "KRW-ETH"]).keys() == {"KRW-BTC", "KRW-ETH"}
    assert python_bithumb.get_orderbook("KRW-BTC")["orderbook_units"] == [
        {"ask_price": 124340000, "bid_price": 124330000, "ask_size": 0.1995, "bid_size": 0.0289}
    ]
    (trade,) = get_trades_ticks("KRW-BTC")
    assert (trade["trade_price"], trade["trade_volume"], trade["ask_bid"]) == (124330000, 0.002, "ASK")
    assert get_virtual_asset_warning() == []
    minutes = python_bithumb.get_ohlcv("KRW-BTC", interval="minute1", count=30)
    assert len(minutes) == 30
    assert minutes.index.is_monotonic_increasing
    assert (minutes["low"] <= minutes["close"]).all()


def test_it_pages_back_by_korean_time_and_gets_no_candle_twice(lab: RunningLab) -> None:
    every = python_bithumb.get_ohlcv("KRW-BTC", interval="minute1", count=60, period=0)
    newer = python_bithumb.get_ohlcv("KRW-BTC", interval="minute1", count=30, period=0)
    first = newer.index[0].strftime("%Y-%m-%dT%H:%M:%S")
    older = python_bithumb.get_ohlcv("KRW-BTC", interval="minute1", count=30, period=0, to=first)
    assert older.index[-1] < newer.index[0]
    assert [*older.index, *newer.index][-40:] == list(every.index)[-40:]


def test_it_places_finds_and_cancels_as_old_clients_do(lab: RunningLab, client: python_bithumb.Bithumb) -> None:
    lab.book([("124330000", "0.1")], [("124340000", "0.0004"), ("124400000", "1")], BITHUMB_BTC)
    placed = client.buy_limit_order("KRW-BTC", 124340000, 0.001)
    assert (placed["state"], placed["ord_type"], placed["locked"]) == ("wait", "limit", "124650.85")
    found = client.get_order(placed["uuid"])
    assert [trade["volume"] for trade in found["trades"]] == ["0.0004"]
    assert [order["uuid"] for order in client.get_orders("KRW-BTC", states=["wait"])] == [placed["uuid"]]
    assert [order["uuid"] for order in client.get_orders(uuids=[placed["uuid"]])] == [placed["uuid"]]
    assert client.get_balance("KRW") == 44875349.15
    client.cancel_order(placed["uuid"])
    assert client.get_order(placed["uuid"])["state"] == "cancel"
    assert client.get_balance("BTC") == 0.2504
    assert client.get_order_chance("KRW-BTC")["market"]["bid"] == {
        "currency": "KRW",
        "price_unit": "1000",
        "min_total": "5000",
    }


def test_it_buys_and_sells_at_the_market(lab: RunningLab, client: python_bithumb.Bithumb) -> None:
    lab.book([("124330000", "1")], [("124340000", "1")], BITHUMB_BTC)
    bought = client.get_order(client.buy_market_order("KRW-BTC", 100000)["uuid"])
    assert (bought["state"], bought["executed_volume"]) == ("done", "0.00080424")
    sold = client.get_order(client.sell_market_order("KRW-BTC", 0.05)["uuid"])
    assert (sold["state"], sold["trades"][0]["funds"]) == ("done", "6216500")


def test_a_refusal_comes_to_it_as_bithumbs_would(lab: RunningLab, client: python_bithumb.Bithumb) -> None:
    refusals = [
        (lambda: client.buy_limit_order("KRW-BTC", 124330000, 1), 400, "insufficient_funds_bid"),
        (lambda: client.buy_limit_order("KRW-BTC", 124330500, 0.001), 400, "invalid_price_bid"),
        (lambda: client.get_order("C0101000000000000000"), 404, "order_not_found"),
        (lambda: client.cancel_order("C0101000000000000000"), 404, "order_not_found"),
        (
            lambda: python_bithumb.Bithumb(KEY, "another-secret-key-which-opens-nothing").get_balances(),
            401,
            "jwt_verification",
        ),
        (lambda: python_bithumb.Bithumb("another", SECRET).get_balances(), 401, "invalid_access_key"),
        (lambda: python_bithumb.get_current_price("KRW-NONE"), 404, "404"),
    ]
    for refused, status, name in refusals:
        with pytest.raises(BithumbAPIException) as told:
            refused()
        assert (told.value.status_code, told.value.error_msg.split(":")[0]) == (status, f"Error {name}")
