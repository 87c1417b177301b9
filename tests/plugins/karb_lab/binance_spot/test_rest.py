"""The REST of Binance's spot by hand: what differs from the futures', which limits, how it breaks."""

from __future__ import annotations

from typing import Any

import pytest

from karb_lab.binance.asked import Asked
from karb_lab.binance.refused import BinanceRefused
from karb_lab.binance_spot.limits import spot_limits, weight
from tests.plugins.karb_lab.binance_futures.asking import Answer, ask, order
from tests.plugins.karb_lab.running import SPOT_BTC, RunningLab, Still


def asked(lab: RunningLab, method: str, path: str, *, signed: bool = False, **params: str) -> Answer:
    return ask(lab, method, path, signed=signed, venue="binance_spot", **params)


def traded(lab: RunningLab, method: str, path: str, **params: str) -> Any:
    return asked(lab, method, path, signed=True, **params).body


def test_rules_are_told_of_what_is_asked_for(lab: RunningLab) -> None:
    def named(**params: str) -> list[str]:
        return [one["symbol"] for one in asked(lab, "GET", "/api/v3/exchangeInfo", **params).body["symbols"]]

    assert named() == ["BTCUSDT", "ETHUSDT"]
    assert named(symbol="ETHUSDT") == ["ETHUSDT"]
    assert named(symbols='["ETHUSDT","BTCUSDT"]') == ["ETHUSDT", "BTCUSDT"]
    assert asked(lab, "GET", "/api/v3/exchangeInfo", symbol="NONE").body["code"] == -1121
    assert asked(lab, "GET", "/api/v3/exchangeInfo", symbols="ETHUSDT").body["code"] == -1100


def test_tickers_are_told_of_one_of_several_and_of_all(lab: RunningLab) -> None:
    for name in ("price", "bookTicker", "24hr"):
        path = f"/api/v3/ticker/{name}"
        assert asked(lab, "GET", path, symbol="ETHUSDT").body["symbol"] == "ETHUSDT"
        several = asked(lab, "GET", path, symbols='["ETHUSDT"]').body
        assert [row["symbol"] for row in several] == ["ETHUSDT"]
        assert len(asked(lab, "GET", path).body) == 2
    (fee,) = traded(lab, "GET", "/sapi/v1/asset/tradeFee", symbol="BTCUSDT")
    assert fee["takerCommission"] == "0.00100000"


def test_an_answer_is_as_long_as_it_was_asked_for(lab: RunningLab) -> None:
    head = {"symbol", "orderId", "orderListId", "clientOrderId", "transactTime"}
    acknowledged = traded(lab, "POST", "/api/v3/order", **order("0.001", "84120"), newOrderRespType="ACK")
    result = traded(lab, "POST", "/api/v3/order", **order("0.001", "84120"), newOrderRespType="RESULT")
    full = traded(lab, "POST", "/api/v3/order", **order("0.001", "84120"))
    assert set(acknowledged) == head
    assert (result["status"], "fills" in result) == ("FILLED", False)
    assert [fill["qty"] for fill in full["fills"]] == ["0.00100000"]


def test_a_purchase_pays_out_of_what_it_buys_and_needs_nothing_beside_its_cost(lab: RunningLab) -> None:
    lab.book([("79999.00", "1")], [("80000.00", "1")], SPOT_BTC)
    placed = traded(lab, "POST", "/api/v3/order", **order("0.3875", "80000"))
    assert placed["cummulativeQuoteQty"] == "31000.00000000", "all that there is"
    assert lab.books("binance_spot")["balances"] == {
        "USDT": {"free": "0", "locked": "0"},
        "BTC": {"free": "0.6371125", "locked": "0"},
    }
    assert [fill["fee"] for fill in lab.books("binance_spot")["fills"]] == ["0.0003875 BTC"]


def test_all_open_orders_of_a_symbol_are_cancelled_and_told(lab: RunningLab) -> None:
    for price in ("84000", "84001"):
        traded(lab, "POST", "/api/v3/order", **order("0.001", price))
    gone = traded(lab, "DELETE", "/api/v3/openOrders", symbol="BTCUSDT")
    assert [one["status"] for one in gone] == ["CANCELED", "CANCELED"]
    assert traded(lab, "GET", "/api/v3/openOrders") == []


def test_an_account_is_told_without_what_is_not_there(lab: RunningLab) -> None:
    lab.book([("79999.00", "1")], [("80000.00", "1")], SPOT_BTC)
    traded(lab, "POST", "/api/v3/order", **order("0.3875", "80000"))
    told = traded(lab, "GET", "/api/v3/account")
    assert [row["asset"] for row in told["balances"]] == ["BTC", "USDT"]
    assert (told["takerCommission"], told["commissionRates"]["taker"], told["canWithdraw"]) == (10, "0.00100000", False)
    bare = traded(lab, "GET", "/api/v3/account", omitZeroBalances="true")
    assert [row["asset"] for row in bare["balances"]] == ["BTC"]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        (order("0.01", "84121") | {"type": "LIMIT_MAKER"}, -1106),
        ({"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT_MAKER", "quantity": "0.01", "price": "84121"}, -2010),
        ({"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET"}, -1102),
        (order("0.0100000001", "84120"), -1111),
        (order("0.01", "84120", newClientOrderId="not an id"), -1100),
        (order("0.01", "84120", timeInForce="GTX"), -1115),
        (order("0.01", "84120", side="HOLD"), -1117),
    ],
)
def test_what_cannot_be_an_order_has_its_code(lab: RunningLab, params: dict[str, str], code: int) -> None:
    assert traded(lab, "POST", "/api/v3/order", **params)["code"] == code


@pytest.mark.parametrize(
    ("mode", "cancelled", "amount", "status", "code", "results"),
    [
        ("STOP_ON_FAILURE", "a1", "0.002", 200, None, ("SUCCESS", "SUCCESS")),
        ("STOP_ON_FAILURE", "nobody", "0.002", 400, -2022, ("FAILURE", "NOT_ATTEMPTED")),
        ("ALLOW_FAILURE", "nobody", "0.002", 409, -2021, ("FAILURE", "SUCCESS")),
        ("ALLOW_FAILURE", "a1", "9", 409, -2021, ("SUCCESS", "FAILURE")),
        ("ALLOW_FAILURE", "nobody", "9", 400, -2022, ("FAILURE", "FAILURE")),
    ],
)
def test_what_became_of_both_orders_is_told(
    lab: RunningLab, mode: str, cancelled: str, amount: str, status: int, code: int | None, results: tuple[str, str]
) -> None:
    traded(lab, "POST", "/api/v3/order", **order("0.001", "84000", newClientOrderId="a1"))
    told = {"cancelReplaceMode": mode, "cancelOrigClientOrderId": cancelled}
    answer = asked(lab, "POST", "/api/v3/order/cancelReplace", signed=True, **order(amount, "84001"), **told)
    body = answer.body if code is None else answer.body["data"]
    assert (answer.status, answer.body.get("code")) == (status, code)
    assert (body["cancelResult"], body["newOrderResult"]) == results


def test_an_id_is_taken_again_once_its_order_has_ended(lab: RunningLab) -> None:
    mine = order("0.001", "84000", newClientOrderId="bot-000001")
    traded(lab, "POST", "/api/v3/order", **mine)
    again = traded(lab, "POST", "/api/v3/order", **mine)
    assert (again["code"], again["msg"]) == (-2010, "Duplicate order sent.")
    traded(lab, "DELETE", "/api/v3/order", symbol="BTCUSDT", origClientOrderId="bot-000001")
    assert traded(lab, "POST", "/api/v3/order", **mine)["status"] == "NEW"


def test_weights_orders_and_listen_keys_are_those_of_spot(lab: RunningLab) -> None:
    answer = asked(lab, "POST", "/api/v3/order", signed=True, **order("0.001", "84000"))
    assert (answer.headers["X-MBX-ORDER-COUNT-10S"], answer.headers["X-MBX-ORDER-COUNT-1D"]) == ("1", "1")
    told = traded(lab, "GET", "/api/v3/rateLimit/order")
    assert [(row["interval"], row["limit"], row["count"]) for row in told] == [("SECOND", 100, 1), ("DAY", 200_000, 1)]
    assert asked(lab, "POST", "/api/v3/userDataStream").status == 404, "removed in February 2026"
    limits = spot_limits(Still())
    limits.weigh("here", 6000)
    with pytest.raises(BinanceRefused) as refused:
        limits.weigh("here", 1)
    assert refused.value.status == 429


@pytest.mark.parametrize(
    ("path", "query", "wanted"),
    [
        ("depth", "", 5),
        ("depth", "limit=500", 25),
        ("depth", "limit=5000", 250),
        ("klines", "symbol=BTCUSDT", 2),
        ("ticker/24hr", "", 80),
        ("ticker/24hr", "symbol=BTCUSDT", 2),
        ("openOrders", "", 80),
        ("time", "", 1),
    ],
)
def test_a_request_weighs_what_binances_page_states(path: str, query: str, wanted: int) -> None:
    assert weight("GET", f"/api/v3/{path}", Asked.read(query, "")) == wanted


@pytest.mark.parametrize(
    ("fault", "status", "code"), [("too_many", 429, -1003), ("banned", 418, -1003), ("server_error", 503, -1001)]
)
def test_faults_are_told_in_binances_words(lab: RunningLab, fault: str, status: int, code: int) -> None:
    lab.fault(fault, "binance_spot", times=1)
    answer = asked(lab, "GET", "/api/v3/time")
    assert (answer.status, answer.body["code"]) == (status, code)
    assert asked(lab, "GET", "/api/v3/time").status == 200
