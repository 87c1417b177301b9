"""ccxt and ccxt.pro know nothing of us: they are pointed at the lab and trade there as they do at Binance's spot."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import ccxt
import ccxt.pro
import pytest

from tests.plugins.karb_lab.running import KEY, SECRET, SPOT_BTC, RunningLab


@pytest.fixture
def client(lab: RunningLab) -> Any:
    made = pointed(lab, ccxt.binance)
    made.load_markets()
    return made


def pointed(lab: RunningLab, kind: Any, secret: str = SECRET) -> Any:
    options = {"fetchMarkets": {"types": ["spot"]}, "fetchCurrencies": False}
    made = kind({"apiKey": KEY, "secret": secret, "options": options})
    address = lab.address("binance_spot")
    for name, url in made.urls["api"].items():
        if isinstance(url, str):
            made.urls["api"][name] = url.replace("https://api.binance.com", address)
    return made


def test_it_reads_markets_tickers_books_trades_and_candles(lab: RunningLab, client: Any) -> None:
    told = {"instrument": SPOT_BTC.text(), "price": "84120", "amount": "0.25", "taker": "sell"}
    lab.tell("binance_spot/print", told)
    market = client.market("BTC/USDT")
    assert (market["precision"]["price"], market["precision"]["amount"]) == (0.01, 0.00001)
    assert (market["limits"]["cost"]["min"], market["spot"]) == (5.0, True)
    book = client.fetch_order_book("BTC/USDT")
    assert (book["bids"], book["asks"]) == ([[84119.99, 5.0]], [[84120.0, 0.004], [84120.01, 3.0]])
    assert client.fetch_ticker("BTC/USDT")["last"] == 84120.0
    assert client.fetch_tickers(["BTC/USDT", "ETH/USDT"]).keys() == {"BTC/USDT", "ETH/USDT"}
    assert client.fetch_bids_asks(["BTC/USDT"])["BTC/USDT"]["ask"] == 84120.0
    (trade,) = client.fetch_trades("BTC/USDT", limit=1)
    assert (trade["price"], trade["amount"], trade["side"]) == (84120.0, 0.25, "sell")
    candles = client.fetch_ohlcv("BTC/USDT", "5m", limit=20)
    starts = [start for start, *_ in candles]
    assert starts == sorted(starts)
    assert all(start % 300_000 == 0 for start in starts)
    assert client.fetch_time() > 0


def test_it_places_finds_lists_and_cancels_an_order_that_fills_in_part(lab: RunningLab, client: Any) -> None:
    placed = client.create_order("BTC/USDT", "limit", "buy", 0.01, 84120, {"clientOrderId": "bot-000001"})
    assert (placed["status"], placed["clientOrderId"], placed["filled"]) == ("open", "bot-000001", 0.004)
    assert (placed["fee"]["cost"], placed["fee"]["currency"]) == (0.000004, "BTC"), "out of what it bought"
    found = client.fetch_order(placed["id"], "BTC/USDT")
    assert (found["filled"], found["remaining"], found["cost"]) == (0.004, 0.006, 336.48)
    assert [order["id"] for order in client.fetch_open_orders("BTC/USDT")] == [placed["id"]]
    balance = client.fetch_balance()
    assert (balance["USDT"]["used"], balance["BTC"]["free"]) == (504.72, 0.253996)
    gone = client.cancel_order(placed["id"], "BTC/USDT")
    assert (gone["status"], gone["id"]) == ("canceled", placed["id"])
    assert client.fetch_open_orders("BTC/USDT") == []
    (fill,) = client.fetch_my_trades("BTC/USDT")
    assert (fill["amount"], fill["price"], fill["takerOrMaker"], fill["fee"]["currency"]) == (
        0.004,
        84120.0,
        "taker",
        "BTC",
    )
    assert lab.books("binance_spot")["balances"]["USDT"] == {"free": "30663.52", "locked": "0"}


def test_a_sale_pays_in_quote_and_a_purchase_may_be_told_by_its_cost(lab: RunningLab, client: Any) -> None:
    sold = client.create_order("BTC/USDT", "market", "sell", 0.1)
    assert (sold["status"], sold["average"], sold["fee"]["cost"]) == ("closed", 84119.99, 8.411999)
    bought = client.create_market_buy_order_with_cost("BTC/USDT", 100)
    assert (bought["status"], bought["filled"], bought["info"]["origQuoteOrderQty"]) == (
        "closed",
        0.00118,
        "100.00000000",
    )
    assert bought["info"]["cummulativeQuoteQty"] == "99.26160000"
    assert bought["info"]["fills"][0]["commission"] == "0.00000118"


def test_an_order_is_changed_by_a_new_one_in_its_place(client: Any) -> None:
    placed = client.create_order("BTC/USDT", "limit", "buy", 0.001, 84000)
    changed = client.edit_order(placed["id"], "BTC/USDT", "limit", "buy", 0.002, 84001)
    assert client.fetch_order(placed["id"], "BTC/USDT")["status"] == "canceled"
    (fresh,) = client.fetch_open_orders("BTC/USDT")
    assert (fresh["id"], fresh["amount"], fresh["price"]) == (changed["id"], 0.002, 84001.0)


def test_weeks_begin_on_mondays(client: Any) -> None:
    starts = [start for start, *_ in client.fetch_ohlcv("BTC/USDT", "1w", limit=2)]
    assert starts
    assert {datetime.fromtimestamp(start / 1000, UTC).strftime("%a %H:%M") for start in starts} == {"Mon 00:00"}


@pytest.mark.parametrize(("force", "status", "filled"), [("IOC", "expired", 0.004), ("FOK", "expired", 0.0)])
def test_what_must_go_at_once_expires(client: Any, force: str, status: str, filled: float) -> None:
    placed = client.create_order("BTC/USDT", "limit", "buy", 0.01, 84120, {"timeInForce": force})
    assert (placed["status"], placed["filled"]) == (status, filled)


@pytest.mark.parametrize(
    ("order", "error"),
    [
        (("BTC/USDT", "limit", "buy", 1, 84120), ccxt.InsufficientFunds),
        (("BTC/USDT", "limit", "sell", 1, 84120), ccxt.InsufficientFunds),
        (("BTC/USDT", "limit", "buy", 0.00002, 84120), ccxt.BadRequest),
        (("BTC/USDT", "limit", "buy", 0.01, 84121, {"postOnly": True}), ccxt.OrderImmediatelyFillable),
    ],
)
def test_a_refusal_is_of_the_class_that_it_has_at_binance(
    lab: RunningLab, client: Any, order: Any, error: type[Exception]
) -> None:
    before = lab.books("binance_spot")
    with pytest.raises(error):
        client.create_order(*order)
    assert lab.books("binance_spot") == before


def test_an_order_nobody_has_another_secret_and_a_test_order(lab: RunningLab, client: Any) -> None:
    for asks in (client.fetch_order, client.cancel_order):
        with pytest.raises(ccxt.OrderNotFound):
            asks("1", "BTC/USDT")
    with pytest.raises(ccxt.AuthenticationError):
        pointed(lab, ccxt.binance, "another").fetch_balance()
    client.create_order("BTC/USDT", "limit", "buy", 0.01, 84000, {"test": True})
    assert client.fetch_open_orders("BTC/USDT") == []


def test_its_sums_are_the_venues_own_to_the_last_digit(lab: RunningLab, client: Any) -> None:
    client.create_order("BTC/USDT", "limit", "buy", 0.02, 84120.01)
    client.create_order("BTC/USDT", "market", "sell", 0.007)
    books = lab.books("binance_spot")
    told = {row["asset"]: Decimal(row["free"]) for row in client.fetch_balance()["info"]["balances"]}
    assert told == {asset: Decimal(balance["free"]) for asset, balance in books["balances"].items()}
    moved = {"BTC": Decimal("0.25"), "USDT": Decimal(31_000)}
    for fill in books["fills"]:
        sign = 1 if fill["side"] == "buy" else -1
        fee, _, asset = fill["fee"].partition(" ")
        moved["BTC"] += sign * Decimal(fill["amount"])
        moved["USDT"] -= sign * Decimal(fill["amount"]) * Decimal(fill["price"])
        moved[asset] -= Decimal(fee)
    assert told == moved


def test_ccxt_watches_books_trades_candles_orders_and_balances(lab: RunningLab) -> None:
    async def scene() -> None:
        client = pointed(lab, ccxt.pro.binance)
        address = lab.address("binance_spot").replace("http", "ws")
        client.urls["api"]["ws"]["spot"] = address + "/ws"
        client.urls["api"]["ws"]["ws-api"]["spot"] = address + "/ws-api/v3"
        at = {"instrument": SPOT_BTC.text()}
        try:
            await client.load_markets()
            watches = {
                "book": lambda: client.watch_order_book("BTC/USDT"),
                "trades": lambda: client.watch_trades("BTC/USDT"),
                "ticker": lambda: client.watch_ticker("BTC/USDT"),
                "candles": lambda: client.watch_ohlcv("BTC/USDT", "1m"),
                "orders": lambda: client.watch_orders("BTC/USDT"),
                "fills": lambda: client.watch_my_trades("BTC/USDT"),
                "balance": client.watch_balance,
            }
            told = {}
            for name, watch in watches.items():
                watching = asyncio.ensure_future(watch())
                for turn in range(100):
                    if watching.done():
                        break
                    price = str(84100 + turn % 7)
                    await asyncio.to_thread(lab.tell, "binance_spot/price", {**at, "price": price})
                    await asyncio.to_thread(
                        lab.tell, "binance_spot/print", {**at, "price": price, "amount": "0.1", "taker": "buy"}
                    )
                    if name in ("orders", "fills", "balance"):
                        await client.create_order("BTC/USDT", "market", "buy", 0.0001)
                    await asyncio.wait([watching], timeout=0.2)
                assert watching.done(), name
                told[name] = watching.result()
            assert 84000 < told["book"]["bids"][0][0] < told["book"]["asks"][0][0] < 84200
            assert told["trades"][-1]["price"] > 0
            assert told["ticker"]["last"] > 0
            assert told["candles"][-1][4] > 0
            assert told["orders"][-1]["symbol"] == "BTC/USDT"
            assert told["fills"][-1]["fee"]["currency"] == "BTC"
            assert told["balance"]["BTC"]["free"] > 0.25
        finally:
            await client.close()

    asyncio.run(scene())
