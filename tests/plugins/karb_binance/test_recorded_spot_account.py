"""Recorded bodies about an account at Binance's spot are read to the values that they hold; each test names its file."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from karb_binance.order_words import order_of
from karb_binance.spot.facts import Information, facts_of
from karb_binance.spot.wire import SeenAccount, SeenCancelled, SeenSpotOrder, SeenSpotTrade
from karb_core.connection.typed_body import Unreadable, read
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Side, TimeInForce
from tests.plugins.karb_binance.market_told import recorded

D = Decimal
FILE = "rest_ws_messages_nautilus.json"


def body(name: str) -> Any:
    """Of spot, where futures have one of the same name."""
    (found,) = [one["body"] for one in recorded(FILE) if one["name"] == name and "/spot/" in one["path"]]
    return found


def typed(told: Any, shape: Any) -> Any:
    return read(json.dumps(told).encode(), shape)


@pytest.mark.parametrize("name", ["order_response", "new_order_full_response"])
def test_an_order(name: str) -> None:
    """rest_ws_messages_nautilus.json"""
    told = body(name)
    seen = typed(told, SeenSpotOrder)
    assert (seen.symbol, seen.order_id, seen.client_order_id) == (
        told["symbol"],
        told["orderId"],
        told["clientOrderId"],
    )
    assert (seen.status, seen.side, seen.time_in_force) == (told["status"], told["side"], told["timeInForce"])
    assert (seen.price, seen.orig_qty, seen.executed_qty, seen.cum_quote) == tuple(
        D(told[key]) for key in ("price", "origQty", "executedQty", "cummulativeQuoteQty")
    )
    assert seen.reduce_only is False


@pytest.mark.parametrize("name", ["open_orders_response", "all_orders_response"])
def test_orders_that_rest(name: str) -> None:
    """rest_ws_messages_nautilus.json"""
    (seen,) = typed(body(name), tuple[SeenSpotOrder, ...])
    there = order_of(Instrument("binance_spot", "LTC", "BTC"), seen)
    assert there is not None
    assert (there.id, there.side, there.amount.text()) == ("myOrder1", Side.BUY, "1 LTC")
    assert (there.limit, there.time_in_force) == (there.instrument.price(D("0.1")), TimeInForce.GTC)


def test_a_cancel_names_its_own_request() -> None:
    """rest_ws_messages_nautilus.json"""
    told = body("cancel_order_response")
    assert typed(told, SeenCancelled).order_id == told["orderId"] == 4


def test_trades() -> None:
    """rest_ws_messages_nautilus.json"""
    (told,) = body("account_trades_response")
    (seen,) = typed([told], tuple[SeenSpotTrade, ...])
    assert (seen.symbol, seen.id, seen.order_id, seen.side, seen.time) == (
        "BNBBTC", 28457, 100234, "BUY", 1_499_865_549_590,
    )  # fmt: skip
    assert (seen.price, seen.qty, seen.commission) == (D("4.00000100"), D(12), D("10.1"))
    assert seen.commission_asset == "BNB"


def test_an_account() -> None:
    """rest_ws_messages_nautilus.json"""
    told = body("account_response")
    seen = typed(told, SeenAccount)
    assert seen.can_trade is True
    assert [(one.asset, one.free, one.locked) for one in seen.balances] == [
        (one["asset"], D(one["free"]), D(one["locked"])) for one in told["balances"]
    ]


def test_a_market_without_its_filters_has_no_facts() -> None:
    """rest_ws_messages_nautilus.json: a sample of the pages, with an empty list of filters."""
    seen = typed(body("exchange_info_response"), Information)
    (market,) = seen.symbols
    assert (seen.server_time, market.symbol, market.status) == (1_565_246_363_776, "ETHBTC", "TRADING")
    with pytest.raises(Unreadable, match="ETHBTC has no PRICE_FILTER"):
        facts_of(Instrument("binance_spot", "ETH", "BTC"), market, 5)
