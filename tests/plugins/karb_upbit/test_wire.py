"""Upbit's bodies are read exactly, and what is not what its pages say is not read at all."""

from __future__ import annotations

import contextlib
import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.connection.told_order import instrument_of, market_of
from karb_core.connection.typed_body import Unreadable, read
from karb_core.domain.instrument import Instrument
from karb_upbit.wire import (
    SeenBalance,
    SeenChance,
    SeenErrorBody,
    SeenOrder,
    SeenPrice,
    SeenTick,
)
from tests.plugins.karb_upbit.orders_told import ACCOUNTS, CHANCE, ENDED_MARKET_BUY, PRICES, TICKS, at_ns, told, trade

D = Decimal


def raw(body: object) -> bytes:
    return json.dumps(body).encode()


def test_an_order_with_a_trade() -> None:
    seen = read(raw(told("wait", trade(1, "0.0004"))), SeenOrder)
    assert (seen.state, seen.executed_volume, seen.paid_fee) == ("wait", D("0.0004"), D("24.87"))
    assert seen.trades is not None
    (one,) = seen.trades
    assert (one.price, one.volume, one.funds) == (D("124350000"), D("0.0004"), D("49740"))
    assert int(one.created_at.timestamp()) * 10**9 == at_ns("2026-11-21T14:00:02+09:00")


def test_keys_without_meaning_may_be_null_or_absent() -> None:
    without = {k: v for k, v in ENDED_MARKET_BUY.items() if k not in ("volume", "remaining_volume")}
    for body in (ENDED_MARKET_BUY, without):
        seen = read(raw(body), SeenOrder)
        assert (seen.volume, seen.identifier, seen.executed_volume) == (None, None, D("0.00080418"))


def test_balances_chance_ticks_and_prices() -> None:
    held = read(raw(ACCOUNTS), tuple[SeenBalance, ...])
    assert [(row.currency, row.balance, row.locked) for row in held] == [
        ("KRW", D("1500000.0"), D("124412.175")),
        ("BTC", D("0.0125"), D(0)),
    ]
    chance = read(raw(CHANCE), SeenChance)
    assert (chance.bid_fee, chance.market.ask.min_total) == (D("0.0005"), D(5000))
    assert read(raw(TICKS), tuple[SeenTick, ...])[0].tick_size == 1000
    assert read(raw(PRICES), tuple[SeenPrice, ...])[0].trade_price == 124350000


@pytest.mark.parametrize("written", ["5.485e-05", "91154000.00000000", "12345678901234567890.123456789012345678"])
def test_numbers_are_exact_however_they_are_written(written: str) -> None:
    body = f'{{"market":"KRW-BTC","trade_price":{written}}}'.encode()
    assert read(body, SeenPrice).trade_price == D(written)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (
            '{"error":{"name":"insufficient_funds_bid","message":"주문가능한 금액(KRW)이 부족합니다."}}',
            "insufficient_funds_bid",
        ),
        ('{"error":{"name":404,"message":"Code not found"}}', "404"),
    ],
)
def test_a_refusal_has_a_word_or_a_number_for_its_name(body: str, name: str) -> None:
    assert str(read(body.encode(), SeenErrorBody).error.name) == name


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"<html>502 Bad Gateway</html>", b"[]", b"null", b'{"uuid":"x"}',
        raw(told() | {"executed_volume": None}), raw(told() | {"executed_volume": "NaN"}),
        raw(told() | {"paid_fee": "Infinity"}), raw(told() | {"executed_volume": "1e400"}),
        raw(told() | {"executed_volume": True}), raw(told() | {"created_at": "yesterday"}), raw(told())[:-9],
    ],
)  # fmt: skip
def test_what_is_not_an_order_is_not_read(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(body, SeenOrder)


@given(st.binary(max_size=60))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(Unreadable):
        read(body, SeenErrorBody)


def test_markets_are_spelt_quote_first() -> None:
    assert market_of(Instrument("upbit", "BTC", "KRW")) == "KRW-BTC"
    assert instrument_of("upbit", "BTC-ETH") == Instrument("upbit", "ETH", "BTC")


@pytest.mark.parametrize("market", ["", "KRW", "KRW-", "-BTC", "KRW-B C", "원-BTC"])
def test_what_is_no_market_is_none(market: str) -> None:
    with pytest.raises(Unreadable):
        instrument_of("upbit", market)


def recorded(name: str) -> Path:
    """Skips the test where `KARB_WIRE_DATA` names no folder that has it."""
    path = Path(os.environ.get("KARB_WIRE_DATA", "") or "recorded-wire-data") / name
    if not path.is_file():
        pytest.skip(f"{name} is not there: KARB_WIRE_DATA names no folder that has it")
    return path


def test_a_recorded_list_of_markets() -> None:
    line = json.loads(recorded("upbit/rest_market_all_2021-04-17.jsonl").read_text(encoding="utf-8").splitlines()[0])
    markets = [row["market"] for row in json.loads(line["raw"])]
    assert len(markets) > 100
    assert [market_of(instrument_of("upbit", market)) for market in markets] == markets


def test_recorded_prices_and_steps() -> None:
    told = json.loads(recorded("upbit/rest_usdt_btc_ccxt_2024-03-13.json").read_text(encoding="utf-8"))
    told += json.loads(recorded("upbit/rest_ws_messages_upbitnet.json").read_text(encoding="utf-8"))
    bodies = [(one.get("path") or one["request"], one["body"]) for one in told if "body" in one]
    tickers = [body for place, body in bodies if "/v1/ticker" in place]
    (steps,) = [body for place, body in bodies if place == "/v1/orderbook/instruments"]
    assert len(tickers) == 2
    for body in tickers:
        prices = read(raw(body), tuple[SeenPrice, ...])
        assert [row.trade_price for row in prices] == [D(str(row["trade_price"])) for row in body]
    stated = read(raw(steps), tuple[SeenTick, ...])
    assert [row.tick_size for row in stated] == [D(str(row["tick_size"])) for row in steps]


def test_recorded_refusals() -> None:
    told = json.loads(recorded("errors.json").read_text(encoding="utf-8"))
    names = [read(raw(one["body"]), SeenErrorBody).error.name for one in told if one["exchange"] == "upbit"]
    assert "invalid_query_payload" in names
