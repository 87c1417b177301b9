"""Bithumb's API 1.x: its signature, its envelope, and ccxt's first generation."""

from __future__ import annotations

import asyncio
from typing import Any

import ccxt
import ccxt.pro
import pytest

from karb_bithumb.legacy_signing import legacy_body, legacy_headers
from karb_core.connection.keys import Keys
from karb_lab.bithumb.account import FEE, bithumb_account
from karb_lab.bithumb.legacy.refused import LegacyRefused
from karb_lab.bithumb.legacy.signatures import Signatures
from tests.plugins.karb_lab.running import BITHUMB_BTC, KEY, SECRET, RunningLab

ACCESS, LEGACY_SECRET = "legacy-connect-key-0001", "legacy-secret-key-0001"
BODY, PATH = "endpoint=%2Finfo%2Fbalance&currency=BTC", "/info/balance"
#: L1 of the exchange reference, which ccxt and pybithumb sign alike.
L1 = (
    "ZmQ2MzBmYzBlMmUwYWUxOGI1ZDg3Y2NiOGQ1MGJmNGZiNjc5MDEyNTZlNTQ5ODBjZTM4YzYwZTQ4N2IxZjI1ZjIyNDAyY2NiYWNiOGEyOTNlMDYwNmRk"
    "MTEzMjM1NTdlMGUzYWZhMTUwMzg2MGZlZmZhYWQ3NGI4NDM5MjMxYjQ="
)


def test_the_vector_is_verified_once_and_no_other_form() -> None:
    account = bithumb_account("owner", ACCESS, LEGACY_SECRET, {}, ("BTC",), FEE)
    headers = {"Api-Key": ACCESS, "Api-Sign": L1, "Api-Nonce": "1795237200000"}
    signatures = Signatures({ACCESS: account})
    with pytest.raises(LegacyRefused):
        signatures.verified(headers, PATH, "currency=BTC&endpoint=%2Finfo%2Fbalance")
    assert signatures.verified(headers, PATH, BODY) is account
    with pytest.raises(LegacyRefused):
        signatures.verified(headers, PATH, BODY)


def test_karb_signs_it_as_the_lab_reads_it() -> None:
    account = bithumb_account("owner", ACCESS, LEGACY_SECRET, {}, ("BTC",), FEE)
    body = legacy_body("/trade/place", [("order_currency", "BTC"), ("units", "0.001")])
    headers = legacy_headers(Keys(ACCESS, LEGACY_SECRET), "/trade/place", body, 1_795_237_200_000)
    assert Signatures({ACCESS: account}).verified(headers, "/trade/place", body) is account


def pointed(lab: RunningLab, kind: Any = ccxt.bithumb) -> Any:
    made = kind({"apiKey": KEY, "secret": SECRET})
    address = lab.address("bithumb")
    made.urls["api"]["public"] = made.urls["api"]["private"] = address
    if kind is ccxt.pro.bithumb:
        made.urls["api"]["ws"]["public"] = address.replace("http", "ws") + "/pub/ws"
    return made


FIRST = {"generation": 1}


def test_ccxt_trades_by_its_first_generation(lab: RunningLab) -> None:
    lab.book([("124300000", "0.1")], [("124400000", "0.0004"), ("124500000", "1")], BITHUMB_BTC)
    client = pointed(lab)
    client.load_markets()
    assert client.fetch_ticker("BTC/KRW", FIRST)["last"] > 0
    assert client.fetch_order_book("BTC/KRW", None, FIRST)["asks"][0] == [124400000.0, 0.0004]
    assert client.fetch_trades("BTC/KRW", None, 5, FIRST)
    assert client.fetch_ohlcv("BTC/KRW", "1m", None, 5, FIRST)
    placed = client.create_order("BTC/KRW", "limit", "buy", 0.001, 124400000, FIRST)
    (listed,) = client.fetch_open_orders("BTC/KRW", None, None, FIRST)
    assert (listed["id"], listed["remaining"]) == (placed["id"], 0.0006)
    assert client.fetch_balance(FIRST)["KRW"]["used"] == 74826.6
    client.cancel_order(placed["id"], "BTC/KRW", {**FIRST, "side": "buy"})
    found = client.fetch_order(placed["id"], "BTC/KRW", FIRST)
    assert (found["status"], found["filled"]) == ("canceled", 0.0004)
    assert client.fetch_open_orders("BTC/KRW", None, None, FIRST) == []


def test_ccxt_watches_by_its_first_generation(lab: RunningLab) -> None:
    async def scene() -> None:
        client = pointed(lab, ccxt.pro.bithumb)
        try:
            await client.load_markets()
            for watch in (client.watch_ticker, client.watch_order_book):
                watching = asyncio.ensure_future(watch("BTC/KRW", params=FIRST))
                for price in ("124000000", "124330000") * 50:
                    if watching.done():
                        break
                    told = {"instrument": BITHUMB_BTC.text(), "price": price}
                    await asyncio.to_thread(lab.tell, "bithumb/price", told)
                    await asyncio.to_thread(lab.tell, "bithumb/print", {**told, "amount": "0.1", "taker": "buy"})
                    await asyncio.wait([watching], timeout=0.2)
                assert watching.result()["symbol"] == "BTC/KRW"
        finally:
            await client.close()

    asyncio.run(scene())
