"""Binance's REST as it goes over the wire: which fields, which headers, which limits."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPException
from typing import Any

import pytest

from karb_lab.binance.refused import BinanceRefused
from karb_lab.binance_futures.limits import futures_limits
from karb_lab.binance_futures.weights import weight
from tests.plugins.karb_lab.binance_futures.asking import ask, order
from tests.plugins.karb_lab.running import PERPETUAL, RunningLab, Still

ORDER = {
    "orderId", "symbol", "status", "clientOrderId", "price", "origQty", "executedQty", "cumQty", "timeInForce", "type",
    "reduceOnly", "closePosition", "side", "positionSide", "stopPrice", "workingType", "priceProtect", "origType",
    "priceMatch", "selfTradePreventionMode", "goodTillDate", "updateTime",
}  # fmt: skip
FOUND = (ORDER - {"cumQty"}) | {"time", "avgPrice", "cumQuote"}
POSITION = {
    "symbol", "positionSide", "positionAmt", "entryPrice", "breakEvenPrice", "markPrice", "unRealizedProfit",
    "liquidationPrice", "isolatedMargin", "notional", "marginAsset", "isolatedWallet", "initialMargin", "maintMargin",
    "positionInitialMargin", "openOrderInitialMargin", "adl", "bidNotional", "askNotional", "updateTime",
}  # fmt: skip


@pytest.fixture
def quoted(lab: RunningLab) -> Iterator[RunningLab]:
    lab.tell("binance_usdm/mark", {"instrument": PERPETUAL.text(), "price": "84120"})
    lab.book([("84119.9", "5")], [("84120.0", "0.004"), ("84120.1", "3")], PERPETUAL)
    yield lab


def fields(told: Any) -> set[str]:
    return set(told[0] if isinstance(told, list) else told)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/fapi/v1/depth", {"lastUpdateId", "E", "T", "bids", "asks"}),
        (
            "/fapi/v1/premiumIndex",
            {
                "symbol", "markPrice", "indexPrice", "estimatedSettlePrice", "lastFundingRate", "interestRate",
                "nextFundingTime", "time",
            },
        ),
        ("/fapi/v1/aggTrades", {"a", "p", "q", "nq", "f", "l", "T", "m"}),
        ("/fapi/v1/fundingRate", {"symbol", "fundingTime", "fundingRate", "markPrice", "rateType"}),
    ],
)  # fmt: skip
def test_market_data_has_binances_fields_and_no_other(quoted: RunningLab, path: str, wanted: set[str]) -> None:
    quoted.tell("binance_usdm/settle", {"instrument": PERPETUAL.text(), "rate": "0.0001"})
    assert fields(ask(quoted, "GET", path, symbol="BTCUSDT").body) == wanted


def test_orders_positions_and_the_account_have_binances_fields_and_no_other(quoted: RunningLab) -> None:
    made = ask(quoted, "POST", "/fapi/v1/order", signed=True, **order("0.010", "84120.0"))
    assert (made.status, fields(made.body), made.body["status"]) == (200, ORDER, "NEW")
    assert (made.body["price"], made.body["executedQty"]) == ("84120.0", "0.000")
    number = str(made.body["orderId"])
    found = ask(quoted, "GET", "/fapi/v1/order", signed=True, symbol="BTCUSDT", orderId=number).body
    assert (fields(found), found["executedQty"]) == (FOUND, "0.004")
    told = ask(quoted, "POST", "/fapi/v1/order", signed=True, newOrderRespType="RESULT", **order("0.010", "84120.1"))
    assert (told.body["status"], told.body["cumQty"]) == ("FILLED", "0.010")
    fills = ask(quoted, "GET", "/fapi/v1/userTrades", signed=True, symbol="BTCUSDT").body
    assert fields(fills) == {
        "symbol", "id", "orderId", "side", "positionSide", "price", "qty", "quoteQty", "realizedPnl", "commission",
        "commissionAsset", "maker", "buyer", "time",
    }  # fmt: skip
    assert fields(ask(quoted, "GET", "/fapi/v3/positionRisk", signed=True).body) == POSITION
    account = ask(quoted, "GET", "/fapi/v3/account", signed=True).body
    assert fields(account["positions"]) == {
        "symbol", "positionSide", "positionAmt", "unrealizedProfit", "isolatedMargin", "notional", "isolatedWallet",
        "initialMargin", "maintMargin", "updateTime",
    }  # fmt: skip
    assert fields(account["assets"]) == {
        "asset", "walletBalance", "unrealizedProfit", "marginBalance", "maintMargin", "initialMargin",
        "positionInitialMargin", "openOrderInitialMargin", "crossWalletBalance", "crossUnPnl", "availableBalance",
        "maxWithdrawAmount", "updateTime",
    }  # fmt: skip
    income = ask(quoted, "GET", "/fapi/v1/income", signed=True).body
    assert fields(income) == {"symbol", "incomeType", "income", "asset", "info", "time", "tranId", "tradeId"}


def test_a_test_order_is_judged_and_never_made(quoted: RunningLab) -> None:
    before = quoted.books("binance_usdm")
    assert ask(quoted, "POST", "/fapi/v1/order/test", signed=True, **order("0.010", "84120.0")).status == 200
    refused = ask(quoted, "POST", "/fapi/v1/order/test", signed=True, **order("9", "84120.0"))
    assert (refused.status, refused.body) == (400, {"code": -2019, "msg": "Margin is insufficient."})
    assert quoted.books("binance_usdm") == before


def test_answers_say_what_was_used(quoted: RunningLab) -> None:
    first = int(ask(quoted, "GET", "/fapi/v1/ping").headers["X-MBX-USED-WEIGHT-1M"])
    deep = int(ask(quoted, "GET", "/fapi/v1/depth", symbol="BTCUSDT", limit="1000").headers["X-MBX-USED-WEIGHT-1M"])
    assert deep - first in (20, 20 - first)
    made = ask(quoted, "POST", "/fapi/v1/order", signed=True, **order("0.010", "80000.0"))
    assert made.headers["X-MBX-ORDER-COUNT-10S"] == made.headers["X-MBX-ORDER-COUNT-1M"] == "1"


@pytest.mark.parametrize(
    ("method", "path", "limit", "wanted"),
    [
        ("GET", "/fapi/v1/ping", None, 1),
        ("GET", "/fapi/v1/depth", None, 10),
        ("GET", "/fapi/v1/depth", "50", 2),
        ("GET", "/fapi/v1/depth", "1000", 20),
        ("GET", "/fapi/v1/klines", "99", 1),
        ("GET", "/fapi/v1/klines", "100", 2),
        ("GET", "/fapi/v1/klines", "1000", 5),
        ("GET", "/fapi/v1/klines", "1500", 10),
        ("GET", "/fapi/v3/account", None, 5),
        ("GET", "/fapi/v1/income", None, 30),
        ("POST", "/fapi/v1/order", None, 0),
        ("GET", "/fapi/v1/order", None, 1),
    ],
)
def test_a_request_weighs_what_binances_page_says(method: str, path: str, limit: str | None, wanted: int) -> None:
    assert weight(method, path, limit) == wanted


def test_who_weighs_too_much_is_refused_until_the_minute_ends_and_then_banned() -> None:
    """Time stands still, twenty seconds before the minute ends."""
    clock = Still(1_795_237_240_000_000_000)
    limits = futures_limits(clock)
    assert limits.weigh("here", 2400) == {"X-MBX-USED-WEIGHT-1M": "2400"}
    told = []
    for _ in range(52):
        with pytest.raises(BinanceRefused) as refused:
            limits.weigh("here", 1)
        told.append((refused.value.status.value, refused.value.code, refused.value.wait_s))
    assert told[0] == (429, -1003, 20)
    assert told[-1] == (418, -1003, 120)
    assert limits.weigh("elsewhere", 1) == {"X-MBX-USED-WEIGHT-1M": "1"}
    clock.at_ns += 120_000_000_000
    assert limits.weigh("here", 1) == {"X-MBX-USED-WEIGHT-1M": "1"}


def test_three_hundred_orders_in_ten_seconds_are_enough() -> None:
    limits = futures_limits(Still())
    for at in range(300):
        assert limits.order("key")["X-MBX-ORDER-COUNT-10S"] == str(at + 1)
    with pytest.raises(BinanceRefused) as refused:
        limits.order("key")
    assert (refused.value.status.value, refused.value.code) == (429, -1015)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [("server_error", 503, -1001), ("maintenance", 503, -1008), ("too_many", 429, -1003), ("banned", 418, -1003)],
)
def test_what_is_refused_by_a_fault_was_not_carried_out(quoted: RunningLab, kind: str, status: int, code: int) -> None:
    quoted.fault(kind, "binance_usdm")
    refused = ask(quoted, "POST", "/fapi/v1/order", signed=True, **order("0.010", "84120.0"))
    assert (refused.status, refused.body["code"]) == (status, code)
    assert (refused.headers["Retry-After"] is not None) == (code == -1003)
    assert quoted.books("binance_usdm")["fills"] == []


def test_a_lost_answer_was_carried_out_and_is_found_by_its_client_id(quoted: RunningLab) -> None:
    quoted.fault("lost_answer", "binance_usdm", method="POST", path="/fapi/v1/order", times=1)
    with pytest.raises((HTTPException, OSError)):
        ask(quoted, "POST", "/fapi/v1/order", signed=True, **order("0.010", "84120.1", newClientOrderId="mine"))
    found = ask(quoted, "GET", "/fapi/v1/order", signed=True, symbol="BTCUSDT", origClientOrderId="mine")
    assert (found.body["status"], found.body["executedQty"]) == ("FILLED", "0.010")


def test_a_path_of_nobody_is_answered_by_a_page(lab: RunningLab) -> None:
    answer = ask(lab, "GET", "/fapi/v1/nothing")
    assert (answer.status, answer.body.startswith("<html>")) == (404, True)
