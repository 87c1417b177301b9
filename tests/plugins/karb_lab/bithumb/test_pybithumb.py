"""pybithumb asks API 1.x at https://api.bithumb.com and wss://pubwss.bithumb.com, and finds the lab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pybithumb
import pytest

from tests.plugins.karb_lab.brought import Authority, brought
from tests.plugins.karb_lab.first_heard import first_heard
from tests.plugins.karb_lab.running import BITHUMB_BTC, KEY, SECRET, RunningLab, bithumb


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[RunningLab]:
    names = ["api.bithumb.com", "pubwss.bithumb.com"]
    authority = Authority(tmp_path, names)
    with (
        RunningLab(authority.context, bithumb) as running,
        brought(authority, dict.fromkeys(names, running.port("bithumb"))),
    ):
        yield running


@pytest.fixture
def client() -> pybithumb.Bithumb:
    return pybithumb.Bithumb(KEY, SECRET)


def test_it_reads_tickers_books_trades_and_candles(lab: RunningLab) -> None:
    lab.book([("124330000", "0.0289")], [("124340000", "0.1995")], BITHUMB_BTC)
    told = {"instrument": BITHUMB_BTC.text(), "price": "124330000", "amount": "0.002", "taker": "sell"}
    lab.tell("bithumb/print", told)
    assert pybithumb.get_tickers() == ["BTC", "ETH"]
    assert pybithumb.get_current_price("BTC") == 124330000.0
    assert pybithumb.get_current_price("ALL").keys() == {"BTC", "ETH"}
    begin, high, low, close = pybithumb.get_ohlc("BTC")["BTC"]
    assert low <= min(begin, close) <= max(begin, close) <= high
    book = pybithumb.get_orderbook("BTC")
    assert (book["order_currency"], book["payment_currency"]) == ("BTC", "KRW")
    assert book["bids"] == [{"price": 124330000.0, "quantity": 0.0289}]
    assert book["asks"] == [{"price": 124340000.0, "quantity": 0.1995}]
    trade = pybithumb.get_transaction_history("BTC")[-1]
    assert (trade["type"], trade["units_traded"], trade["price"], trade["total"]) == ("ask", 0.002, 124330000.0, 248660)
    minutes = pybithumb.get_candlestick("BTC", chart_intervals="1m")
    assert list(minutes.columns) == ["open", "high", "low", "close", "volume"]
    assert minutes.index.is_monotonic_increasing
    assert (minutes["low"] <= minutes["high"]).all()
    assert {at.hour for at in pybithumb.get_candlestick("BTC").index} == {0}, "days of Korea"


def test_it_places_finds_and_cancels_with_its_older_signature(lab: RunningLab, client: pybithumb.Bithumb) -> None:
    lab.book([("124330000", "0.1")], [("124340000", "0.0004"), ("124400000", "1")], BITHUMB_BTC)
    assert client.get_trading_fee("BTC") == 0.0025
    order = client.buy_limit_order("BTC", 124340000, 0.001)
    assert order[:2] == ("bid", "BTC")
    assert client.get_outstanding_order(order) == "0.0006"
    assert client.get_balance("BTC") == (0.2504, 0.0, 44950139.66, 74790.51)
    assert client.cancel_order(order) is True
    assert client.get_outstanding_order(order) is None, "none is open: that comes as an error"
    assert client.cancel_order(order) is False
    detail = client.get_order_completed(order)["data"]
    assert (detail["order_status"], detail["order_qty"], detail["cancel_type"]) == ("Cancel", "0.001", "사용자취소")
    assert [(part["units"], part["price"], part["fee"]) for part in detail["contract"]] == [
        ("0.0004", "124340000", "124.34")
    ]


def test_it_buys_and_sells_so_many_units_at_the_market(lab: RunningLab, client: pybithumb.Bithumb) -> None:
    lab.book([("124330000", "1")], [("124340000", "0.001"), ("124350000", "1")], BITHUMB_BTC)
    bought = client.get_order_completed(client.buy_market_order("BTC", 0.003))["data"]
    assert [part["price"] for part in bought["contract"]] == ["124340000", "124350000"]
    sold = client.get_order_completed(client.sell_market_order("BTC", 0.05))["data"]
    assert (sold["order_status"], sold["contract"][0]["total"]) == ("Completed", "6216500")


def test_a_refusal_is_an_answer_of_its_own_kind(lab: RunningLab, client: pybithumb.Bithumb) -> None:
    assert client.buy_limit_order("BTC", 124340000, 1) == {
        "status": "5600",
        "message": "주문가능한 금액(KRW)이 부족합니다.",
    }
    assert client.buy_limit_order("NONE", 124340000, 1)["status"] == "5500"
    assert pybithumb.Bithumb("another", SECRET).get_balance("BTC") == {"status": "5300", "message": "Invalid Apikey"}
    assert pybithumb.Bithumb(KEY, "another").get_balance("BTC")["status"] == "5100"
    lab.fault("reject", "bithumb", path="/trade/place", code="5600", message="입력값을 확인해주세요.", times=1)
    assert client.buy_limit_order("BTC", 124340000, 0.001)["message"] == "입력값을 확인해주세요."


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize(("kind", "ticks"), [("ticker", ["24H"]), ("transaction", None), ("orderbookdepth", None)])
def test_its_streams_tell_what_happens(lab: RunningLab, kind: str, ticks: list[str] | None) -> None:
    """It reads in a process of its own, which has the same names and the same authority."""
    at = {"instrument": BITHUMB_BTC.text()}

    def tells() -> None:
        lab.tell("bithumb/print", {**at, "price": "124330000", "amount": "0.002", "taker": "sell"})
        for price in ("124000000", "124330000"):
            lab.tell("bithumb/price", {**at, "price": price})

    told = first_heard(lambda: pybithumb.WebSocketManager(kind, ["BTC_KRW"], ticktype=ticks), tells)
    content = told["content"]
    assert told["type"] == kind
    if kind == "ticker":
        assert (content["symbol"], content["tickType"], content["closePrice"]) == ("BTC_KRW", "24H", "124330000")
    elif kind == "transaction":
        (trade,) = content["list"]
        assert (trade["symbol"], trade["buySellGb"], trade["contPrice"]) == ("BTC_KRW", "1", "124330000")
    else:
        assert {row["orderType"] for row in content["list"]} == {"ask", "bid"}
        assert any(row["quantity"] == "0" for row in content["list"]), "a level that is gone"
