"""pyupbit has Upbit's address written into it: it asks for https://api.upbit.com and finds the lab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import pyupbit

from tests.plugins.karb_lab.brought import Authority, brought
from tests.plugins.karb_lab.first_heard import first_heard
from tests.plugins.karb_lab.running import KEY, SECRET, RunningLab


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[RunningLab]:
    authority = Authority(tmp_path, ["api.upbit.com"])
    with RunningLab(authority.context) as running, brought(authority, {"api.upbit.com": running.port("upbit")}):
        yield running


@pytest.fixture
def client() -> pyupbit.Upbit:
    return pyupbit.Upbit(KEY, SECRET)


def test_it_reads_markets_prices_books_and_candles(lab: RunningLab) -> None:
    lab.book([("124349000", "0.00512")], [("124350000", "0.2184")])
    assert pyupbit.get_tickers(fiat="KRW") == ["KRW-BTC", "KRW-ETH"]
    lab.tell("upbit/print", {"instrument": "upbit BTC/KRW", "price": "124350000", "amount": "0.002", "taker": "sell"})
    assert pyupbit.get_current_price("KRW-BTC") == 124350000.0
    assert pyupbit.get_current_price(["KRW-BTC", "KRW-ETH"]).keys() == {"KRW-BTC", "KRW-ETH"}
    book = pyupbit.get_orderbook("KRW-BTC")
    assert book["orderbook_units"] == [
        {"ask_price": 124350000.0, "bid_price": 124349000.0, "ask_size": 0.2184, "bid_size": 0.00512}
    ]
    minutes = pyupbit.get_ohlcv("KRW-BTC", interval="minute1", count=30)
    assert list(minutes.columns) == ["open", "high", "low", "close", "volume", "value"]
    assert len(minutes) == 30
    assert minutes.index.is_monotonic_increasing
    assert (minutes["low"] <= minutes["close"]).all()
    assert (minutes["close"] <= minutes["high"]).all()
    assert len(pyupbit.get_ohlcv("KRW-BTC", interval="day", count=2)) >= 1


def test_it_says_how_many_calls_are_left(lab: RunningLab) -> None:
    _, first = pyupbit.get_current_price("KRW-BTC", limit_info=True)
    assert (first["group"], first["min"]) == ("ticker", 600)
    assert 0 <= first["sec"] < 10


def test_it_places_finds_and_cancels(lab: RunningLab, client: pyupbit.Upbit) -> None:
    lab.book([("124349000", "0.1")], [("124350000", "0.0004"), ("124400000", "1")])
    placed = client.buy_limit_order("KRW-BTC", 124350000, 0.001)
    assert (placed["state"], placed["locked"]) == ("wait", "124412.175")
    found = client.get_order(placed["uuid"])
    assert [trade["volume"] for trade in found["trades"]] == ["0.0004"]
    assert [order["uuid"] for order in client.get_order("KRW-BTC")] == [placed["uuid"]]
    assert client.get_balance("KRW") == 44875587.825
    client.cancel_order(placed["uuid"])
    assert client.get_order(placed["uuid"])["state"] == "cancel"
    assert client.get_balance("KRW-BTC") == 0.2504
    assert client.get_chance("KRW-BTC")["market"]["bid"] == {"currency": "KRW", "min_total": "5000"}


def test_it_buys_and_sells_at_the_market(lab: RunningLab, client: pyupbit.Upbit) -> None:
    lab.book([("124349000", "1")], [("124350000", "1")])
    bought = client.get_order(client.buy_market_order("KRW-BTC", 100000)["uuid"])
    assert (bought["state"], bought["executed_volume"]) == ("cancel", "0.00080418")
    sold = client.get_order(client.sell_market_order("KRW-BTC", 0.05)["uuid"])
    assert (sold["state"], sold["trades"][0]["funds"]) == ("done", "6217450")
    assert client.get_avg_buy_price("BTC") == 398716.5724


def test_a_refusal_comes_to_it_as_upbits_would(
    lab: RunningLab, client: pyupbit.Upbit, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says the name of the error and gives nothing."""
    assert client.buy_limit_order("KRW-BTC", 124350000, 1) is None
    assert pyupbit.Upbit(KEY, "another-secret-key-which-opens-nothing").get_balance("KRW") is None
    assert client.get_order("3f0a2d9c-6b53-4a0e-9d0b-1f2f9d1c0001") is None
    assert capsys.readouterr().out.split() == ["InsufficientFundsBid", "JwtVerification", "UpbitError"]
    with pytest.raises(pyupbit.errors.UpbitError):
        pyupbit.get_current_price("KRW-NONE")


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_its_streams_tell_what_happens(lab: RunningLab) -> None:
    """It reads in a process of its own, which has the same names and the same authority; what was before it is not told."""
    price = {"instrument": "upbit BTC/KRW", "price": "124000000"}
    book = first_heard(
        lambda: pyupbit.WebSocketManager("orderbook", ["KRW-BTC"]), lambda: lab.tell("upbit/price", price)
    )
    assert book["code"] == "KRW-BTC"
    assert book["orderbook_units"][0]["bid_price"] == 124000000.0
