"""Binance's signatures, by vectors of its own page and of clients, and what is wrong with others."""

from __future__ import annotations

import hmac
from decimal import Decimal
from http import HTTPStatus

import pytest

from karb_core.ports import Clock
from karb_lab.account import Account
from karb_lab.binance.asked import Asked, holder, need_signed
from karb_lab.binance.refused import BinanceRefused
from karb_lab.binance_futures.account import futures_account
from tests.plugins.karb_lab.running import Still

KEY = "binance-test-api-key-000000000000000000000000000000000000000001"
SECRET = "binance-test-secret-key-000000000000000000000000000000000000001"
SAMPLE = "2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9"
SPOT = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
AT_MS = 1_795_237_200_000


def owned(secret: str) -> Account:
    return futures_account("owner", KEY, secret, {}, ("BTC",), Decimal(1))


def at(ms: int) -> Clock:
    return Still(ms * 1_000_000)


def signed(text: str, secret: str = SECRET) -> Asked:
    return Asked.read(f"{text}&signature={hmac.digest(secret.encode(), text.encode(), 'sha256').hex()}", "")


def code(asked: Asked, ms: int = AT_MS) -> int:
    with pytest.raises(BinanceRefused) as told:
        need_signed(owned(SECRET), asked, at(ms))
    return told.value.code


@pytest.mark.parametrize(
    ("secret", "query", "body", "signature"),
    [
        (
            SAMPLE,
            "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=9000&timeInForce=GTC&recvWindow=5000"
            "&timestamp=1591702613943",
            "",
            "3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9",
        ),
        (
            SECRET,
            "",
            "timestamp=1795237200000&symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.010&price=95000.0"
            "&newClientOrderId=bot-000001&reduceOnly=true&recvWindow=5000",
            "903bb4ba8888abf090f0c327c0f2e76440aed65313f5601a805c17b207bdcd50",
        ),
        (
            SECRET,
            "timestamp=1795237200000&symbol=BTCUSDT&origClientOrderId=bot-000001&recvWindow=5000",
            "",
            "174902e8126ef2dd6920597e2852f83c2ceae959168f7de0b8030b108719a7d6",
        ),
        (
            SECRET,
            "",
            "newClientOrderId=bot-000001&price=95000.0&quantity=0.010&recvWindow=10000&reduceOnly=true&side=SELL"
            "&symbol=BTCUSDT&timeInForce=GTC&timestamp=1795237200000&type=LIMIT",
            "113be6c46a6bbd62a25c2d2c8b2e416f3e022d23449b9b8c0ad7a80ad91a13a3",
        ),
        (
            SECRET,
            "",
            "origClientOrderId=bot-000001&recvWindow=10000&symbol=BTCUSDT&timestamp=1795237200000",
            "b977f3c9f5e1b7b08f431717fc475992fc5ca11c18a4b116e63218355bed73b1",
        ),
        (
            SECRET,
            "",
            "timestamp=1795237200000&symbol=BTCUSDT&side=BUY&type=MARKET&quoteOrderQty=100&newClientOrderId=bot-000002"
            "&recvWindow=5000",
            "391f09c9116abe1ae0f9abdbb87dab14ecfcbb255f5d8055af7e439cdad7344f",
        ),
        (
            SPOT,
            "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000"
            "&timestamp=1499827319559",
            "",
            "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71",
        ),
        (
            SPOT,
            "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC",
            "quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559",
            "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77",
        ),
    ],
    ids=["F0", "F1", "F2", "F3", "F4", "S1", "S3", "S4"],
)
def test_the_vectors_are_taken(secret: str, query: str, body: str, signature: str) -> None:
    """Query and body with nothing between, as they were sent; the signature at the end of either."""
    bearing = (query, f"{body}&signature={signature}") if body else (f"{query}&signature={signature}", body)
    asked = Asked.read(*bearing)
    assert asked.text == query + body
    stamp = asked.whole("timestamp")
    assert stamp is not None
    need_signed(owned(secret), asked, at(stamp))


def test_the_vector_of_a_request_over_a_websocket_is_taken_whatever_its_order() -> None:
    """S2: sorted by name."""
    asked = Asked.of_params(
        {
            "signature": "dce1784243f7e8014057e0cff7d50ef401a9454096e185616357f3506beefa4a",
            "timestamp": AT_MS,
            "recvWindow": 5000,
            "apiKey": KEY,
        }
    )
    assert holder({KEY: owned(SECRET)}, asked.one("apiKey")).key == KEY
    need_signed(owned(SECRET), asked, at(AT_MS))


@pytest.mark.parametrize(
    ("late_ms", "window", "taken"),
    [
        (5000, "", True),
        (5001, "", False),
        (-999, "", True),
        (-1000, "", False),
        (60000, "60000", True),
        (10, "9", False),
    ],
)
def test_a_request_is_taken_within_its_window_and_not_beyond(late_ms: int, window: str, taken: bool) -> None:
    asked = signed(f"timestamp={AT_MS}" + (f"&recvWindow={window}" if window else ""))
    if taken:
        need_signed(owned(SECRET), asked, at(AT_MS + late_ms))
    else:
        assert code(asked, AT_MS + late_ms) == -1021


def test_what_is_wrong_with_a_request_is_told_by_its_code() -> None:
    assert code(signed(f"timestamp={AT_MS}", "another")) == -1022
    assert code(Asked.read(f"timestamp={AT_MS}", "")) == -1102
    assert code(signed("symbol=BTCUSDT")) == -1102
    assert code(signed(f"timestamp={AT_MS}&recvWindow=60001")) == -1130


@pytest.mark.parametrize(("key", "wanted"), [(None, -2014), ("", -2014), ("nobody", -2015)])
def test_a_key_of_nobody_is_refused_before_anything_is_looked_at(key: str | None, wanted: int) -> None:
    with pytest.raises(BinanceRefused) as told:
        holder({KEY: owned(SECRET)}, key)
    assert (told.value.code, told.value.status) == (wanted, HTTPStatus.UNAUTHORIZED)


def test_the_query_wins_over_the_body() -> None:
    asked = Asked.read("price=1&symbol=BTCUSDT", "price=2&quantity=3")
    assert (asked.one("price"), asked.one("quantity")) == ("1", "3")
