"""ccxt knows nothing of us: it is pointed at the lab and trades futures there as it does at Binance."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import ccxt
import pytest

from tests.plugins.karb_lab.running import ETH_PERPETUAL, KEY, PERPETUAL, SECRET, RunningLab

MARKET = "BTC/USDT:USDT"


def pointed(lab: RunningLab, key: str = KEY, secret: str = SECRET) -> Any:
    made = ccxt.binanceusdm({"apiKey": key, "secret": secret, "options": {"fetchCurrencies": False}})
    real = "https://fapi.binance.com"
    for name, address in made.urls["api"].items():
        if isinstance(address, str) and address.startswith(real):
            made.urls["api"][name] = address.replace(real, lab.address("binance_usdm"))
    return made


@pytest.fixture
def client(lab: RunningLab) -> Any:
    lab.tell("binance_usdm/mark", {"instrument": PERPETUAL.text(), "price": "84120"})
    lab.book([("84119.9", "5"), ("84110", "1")], [("84120.0", "0.004"), ("84120.1", "3")], PERPETUAL)
    made = pointed(lab)
    made.load_markets()
    return made


def code_of(does: Any, *given: Any) -> int:
    with pytest.raises(ccxt.BaseError) as told:
        does(*given)
    return json.loads(str(told.value).partition(" ")[2])["code"]


def test_it_reads_rules_tickers_books_candles_and_trades(lab: RunningLab, client: Any) -> None:
    rules = client.market(MARKET)
    assert (rules["precision"], rules["limits"]["cost"]["min"]) == (
        {"amount": 0.001, "price": 0.1, **_none(rules)},
        50.0,
    )
    book = client.fetch_order_book(MARKET)
    assert (book["asks"], book["bids"]) == ([[84120.0, 0.004], [84120.1, 3.0]], [[84119.9, 5.0], [84110.0, 1.0]])
    lab.tell(
        "binance_usdm/print", {"instrument": PERPETUAL.text(), "price": "84121.5", "amount": "0.004", "taker": "sell"}
    )
    assert client.fetch_ticker(MARKET)["last"] == 84121.5
    assert client.fetch_trades(MARKET, limit=1)[0]["side"] == "sell"
    candles = client.fetch_ohlcv(MARKET, "5m", limit=10)
    assert [start % 300_000 for start, *_ in candles] == [0] * 10
    assert candles[-1][4] == 84121.5
    since = candles[3][0]
    assert [row[0] for row in client.fetch_ohlcv(MARKET, "5m", since=since, limit=2)] == [since, since + 300_000]


def test_it_reads_marks_and_funding(lab: RunningLab, client: Any) -> None:
    lab.tell("binance_usdm/funding", {"instrument": PERPETUAL.text(), "rate": "0.0003", "in_ms": "60000"})
    told = client.fetch_funding_rate(MARKET)
    assert (told["markPrice"], told["fundingRate"]) == (84120.0, 0.0003)
    lab.tell("binance_usdm/settle", {"instrument": PERPETUAL.text(), "rate": "0.0003"})
    assert [row["fundingRate"] for row in client.fetch_funding_rate_history(MARKET)] == [0.0003]


def test_it_places_finds_lists_and_cancels_an_order_that_fills_in_part(lab: RunningLab, client: Any) -> None:
    placed = client.create_order(MARKET, "limit", "buy", 0.01, 84120.0, {"clientOrderId": "bot-000001"})
    found = client.fetch_order(placed["id"], MARKET)
    assert (found["status"], found["filled"], found["remaining"], found["average"]) == ("open", 0.004, 0.006, 84120.0)
    assert [order["clientOrderId"] for order in client.fetch_open_orders(MARKET)] == ["bot-000001"]
    balance = client.fetch_balance()["USDT"]
    assert (balance["total"], balance["free"]) == (30999.83176, 30831.3394)
    lab.book([("84119.9", "5")], [("84119.95", "0.002"), ("84121", "3")], PERPETUAL)
    fills = client.fetch_my_trades(MARKET)
    assert [(fill["amount"], fill["price"], fill["takerOrMaker"]) for fill in fills] == [
        (0.004, 84120.0, "taker"),
        (0.002, 84120.0, "maker"),
    ]
    assert [fill["fee"]["cost"] for fill in fills] == [0.16824, 0.033648]
    assert client.cancel_order(placed["id"], MARKET)["status"] == "canceled"
    ended = client.fetch_order(placed["id"], MARKET)
    assert (ended["status"], ended["filled"]) == ("canceled", 0.006)
    assert [order["id"] for order in client.fetch_orders(MARKET)] == [placed["id"]]
    assert code_of(client.cancel_order, placed["id"], MARKET) == -2011


def test_a_position_is_opened_told_and_closed_and_every_sum_is_the_venues_own(lab: RunningLab, client: Any) -> None:
    client.create_order(MARKET, "market", "sell", 0.5)
    (position,) = client.fetch_positions([MARKET])
    assert (position["side"], position["contracts"], position["entryPrice"]) == ("short", 0.5, 84119.9)
    assert (position["unrealizedPnl"], position["info"]["isolatedWallet"]) == (-0.05, "8411.99000000")
    lab.tell("binance_usdm/settle", {"instrument": PERPETUAL.text(), "rate": "0.0001"})
    (income,) = client.fetch_funding_history(MARKET)
    assert income["amount"] == 4.206
    client.create_order(MARKET, "market", "buy", 0.5, None, {"reduceOnly": True})
    assert client.fetch_positions([MARKET]) == []
    rows = [(row["incomeType"], row["income"]) for row in client.fapiPrivateGetIncome({"symbol": "BTCUSDT"})]
    booked = lab.books("binance_usdm")
    total = sum(Decimal(value) for _, value in rows)
    assert {kind for kind, _ in rows} == {"COMMISSION", "REALIZED_PNL", "FUNDING_FEE"}
    assert Decimal(booked["balances"]["USDT"]["free"]) == 31_000 + total
    assert client.fetch_balance()["USDT"]["total"] == float(31_000 + total)


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (("limit", "buy", 4, 84120.0), -2019),
        (("limit", "buy", 0.0005, 84120.0), -4004),
        (("limit", "buy", 0.0105, 84120.0), -1111),
        (("limit", "buy", 0.01, 84120.05), -4014),
        (("limit", "buy", 0.001, 40000.0), -4164),
        (("limit", "sell", 0.01, 84120.0, {"reduceOnly": True}), -2022),
        (("limit", "buy", 0.01, 84120.0, {"timeInForce": "FOK"}), -5021),
        (("limit", "buy", 0.01, 84120.0, {"timeInForce": "GTX"}), -5022),
        (("limit", "buy", 0.01, 84120.0, {"newClientOrderId": "a b"}), -4015),
        (("limit", "buy", 0.01, 84120.0, {"positionSide": "LONG"}), -4061),
    ],
)
def test_what_binance_refuses_is_refused_by_its_code_and_changes_nothing(
    lab: RunningLab, client: Any, order: Any, code: int
) -> None:
    before = lab.books("binance_usdm")
    kind, side, amount, price, *more = order
    sent = {
        "symbol": "BTCUSDT",
        "type": kind.upper(),
        "side": side.upper(),
        "quantity": str(amount),
        "price": str(price),
        "timeInForce": "GTC",
        **{name: str(value).lower() if value is True else value for params in more for name, value in params.items()},
    }
    assert code_of(client.fapiPrivatePostOrder, sent) == code
    assert lab.books("binance_usdm") == before


def test_a_conditional_order_belongs_elsewhere_and_a_strange_one_nowhere(client: Any) -> None:
    sent = {"symbol": "BTCUSDT", "side": "BUY", "quantity": "0.01"}
    assert code_of(client.fapiPrivatePostOrder, {**sent, "type": "STOP_MARKET"}) == -4120
    assert code_of(client.fapiPrivatePostOrder, {**sent, "type": "SWAP"}) == -1116
    assert code_of(client.fapiPrivatePostOrder, {**sent, "type": "LIMIT"}) == -1102
    assert code_of(client.fapiPrivatePostOrder, {**sent, "symbol": "DOGEUSDT", "type": "MARKET"}) == -1121


def test_an_id_is_taken_while_its_order_is_open_and_free_again_after(client: Any) -> None:
    mine = {"clientOrderId": "bot-000007"}
    first = client.create_order(MARKET, "limit", "buy", 0.01, 80000.0, mine)
    assert code_of(client.create_order, MARKET, "limit", "buy", 0.01, 80000.0, mine) == -4116
    client.cancel_order(first["id"], MARKET)
    second = client.create_order(MARKET, "limit", "buy", 0.01, 80000.0, mine)
    assert second["id"] != first["id"]


def test_leverage_is_per_symbol_and_modes_are_said_to_be_what_they_are(lab: RunningLab, client: Any) -> None:
    assert client.set_leverage(10, MARKET)["leverage"] == 10
    told = {row["symbol"]: row["leverage"] for row in client.fapiPrivateGetSymbolConfig()}
    assert {name: int(value) for name, value in told.items()} == {"BTCUSDT": 10, "ETHUSDT": 5}
    client.create_order(MARKET, "market", "buy", 0.1)
    assert lab.books("binance_usdm")["balances"]["USDT"]["locked"].startswith("841.2")
    assert code_of(client.set_leverage, 3, MARKET) == -4161
    assert client.fetch_position_mode()["hedged"] is False
    assert code_of(client.set_position_mode, False) == -4059
    assert code_of(client.set_margin_mode, "isolated", MARKET) == -4046
    assert code_of(client.set_margin_mode, "cross", "ETH/USDT:USDT") == -4400


def test_a_position_that_its_margin_cannot_hold_is_taken_away_by_an_order_of_the_venues(
    lab: RunningLab, client: Any
) -> None:
    client.create_order(MARKET, "market", "buy", 0.1)
    lab.tell("binance_usdm/mark", {"instrument": PERPETUAL.text(), "price": "67000"})
    assert lab.books("binance_usdm")["balances"]["USDT"]["locked"] == "0"
    (forced,) = [order for order in client.fetch_orders(MARKET) if order["clientOrderId"].startswith("autoclose-")]
    assert (forced["status"], forced["side"], forced["filled"]) == ("closed", "sell", 0.1)
    assert client.fetch_positions([MARKET]) == []
    assert ETH_PERPETUAL.text() not in json.dumps(lab.books("binance_usdm")["fills"])


def test_a_key_or_secret_of_nobody_is_refused(lab: RunningLab) -> None:
    for key, secret in ((KEY, "another"), ("nobody", SECRET)):
        with pytest.raises(ccxt.AuthenticationError):
            pointed(lab, key, secret).fetch_balance()


def _none(rules: Any) -> dict[str, Any]:
    """What ccxt says of precision beside amount and price."""
    return {name: value for name, value in rules["precision"].items() if name not in ("amount", "price")}
