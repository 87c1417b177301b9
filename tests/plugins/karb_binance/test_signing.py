"""Binance's signature, against vectors that its documentation publishes and that two libraries sign alike."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from karb_binance.signing import signature, signed_query
from karb_core.connection.keys import Keys
from tests.plugins.karb_binance.binance_here import KEYS

SPOT = Keys("key", "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j")
PUBLISHED = Keys("key", "2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9")
VECTORS = [
    (
        PUBLISHED,
        "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=9000&timeInForce=GTC&recvWindow=5000&timestamp=1591702613943",
        "3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9",
    ),
    (
        KEYS,
        "timestamp=1795237200000&symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.010&price=95000.0"
        "&newClientOrderId=bot-000001&reduceOnly=true&recvWindow=5000",
        "903bb4ba8888abf090f0c327c0f2e76440aed65313f5601a805c17b207bdcd50",
    ),
    (
        KEYS,
        "timestamp=1795237200000&symbol=BTCUSDT&origClientOrderId=bot-000001&recvWindow=5000",
        "174902e8126ef2dd6920597e2852f83c2ceae959168f7de0b8030b108719a7d6",
    ),
    (
        KEYS,
        "newClientOrderId=bot-000001&price=95000.0&quantity=0.010&recvWindow=10000&reduceOnly=true&side=SELL"
        "&symbol=BTCUSDT&timeInForce=GTC&timestamp=1795237200000&type=LIMIT",
        "113be6c46a6bbd62a25c2d2c8b2e416f3e022d23449b9b8c0ad7a80ad91a13a3",
    ),
    (
        KEYS,
        "origClientOrderId=bot-000001&recvWindow=10000&symbol=BTCUSDT&timestamp=1795237200000",
        "b977f3c9f5e1b7b08f431717fc475992fc5ca11c18a4b116e63218355bed73b1",
    ),
    (
        KEYS,
        "timestamp=1795237200000&symbol=BTCUSDT&side=BUY&type=MARKET&quoteOrderQty=100&newClientOrderId=bot-000002"
        "&recvWindow=5000",
        "391f09c9116abe1ae0f9abdbb87dab14ecfcbb255f5d8055af7e439cdad7344f",
    ),
    (
        KEYS,
        "apiKey=binance-test-api-key-000000000000000000000000000000000000000001&recvWindow=5000&timestamp=1795237200000",
        "dce1784243f7e8014057e0cff7d50ef401a9454096e185616357f3506beefa4a",
    ),
    (
        SPOT,
        "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559",
        "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71",
    ),
]


@pytest.mark.parametrize(("keys", "sent", "signed"), VECTORS, ids=["F0", "F1", "F2", "F3", "F4", "S1", "S2", "S3"])
def test_signs_as_the_vector_says(keys: Keys, sent: str, signed: str) -> None:
    assert signature(keys, sent) == signed
    assert signed_query(keys, parse_qsl(sent)) == f"{sent}&signature={signed}"


def test_a_key_shows_neither_half() -> None:
    assert repr(KEYS) == "Keys()"


@pytest.mark.parametrize("value", ["", "alone", ":", "key:", ":secret", "a:b:c", "a b:c"])
def test_what_cannot_be_a_key_is_none(value: str) -> None:
    assert Keys.read(value) is None


def test_a_key_is_read_with_space_around_it() -> None:
    assert Keys.read(" key:secret\n") == Keys("key", "secret")
