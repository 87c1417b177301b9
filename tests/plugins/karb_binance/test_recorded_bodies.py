"""Every recorded body that karb has a reader for is read to the values that it holds; the rest is quarantined, not guessed.

rest_ws_messages_nautilus.json, usdm_messages_binancenet.json, errors.json
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from karb_binance.candles import Row
from karb_binance.market_wire import read as frame_of
from karb_binance.past import _INTERVALS, _SETTLED
from karb_binance.said import said
from karb_binance.spot.market_wire import spot_snapshot
from karb_binance.wire import SeenOrder, SeenPosition, SeenTime, SeenTrade
from karb_core.connection.failures import VenueRejected
from karb_core.connection.request import Answer
from karb_core.connection.typed_body import Unreadable, read
from tests.plugins.karb_binance.market_told import recorded, wire_file

D = Decimal
FIXTURES, BODIES = "rest_ws_messages_nautilus.json", "usdm_messages_binancenet.json"
ORDERS = [
    "PlaceOrder", "CancelOrder", "EditOrder", "GetOrder", "GetOpenOrder", "GetOpenOrders", "GetOrders", "GetForcedOrders",
]  # fmt: skip
#: Several at once, of which one was refused; positions of an older version of the call.
QUARANTINED: list[tuple[str, str, type[Any]]] = [
    (BODIES, "CancelMultipleOrders", SeenOrder),
    (BODIES, "PlaceMultipleOrders", SeenOrder),
    (BODIES, "EditMultipleOrders", SeenOrder),
    (BODIES, "GetPositions", SeenPosition),
    (FIXTURES, "position_risk", SeenPosition),
]


def named(file: str, name: str) -> dict[str, Any]:
    """Edge: of futures where spot has one of the same name."""
    found = [record for record in recorded(file) if record["name"].rpartition("/")[2] == name]
    return min(found, key=lambda record: "/spot/" in record.get("path", ""))


def raw(body: object) -> bytes:
    return json.dumps(body).encode()


def rows(body: Any) -> list[dict[str, Any]]:
    return body if isinstance(body, list) else [body]


def is_told(seen: Any, row: dict[str, Any]) -> bool:
    """Whether each field holds what is written under its name."""
    for each in msgspec.structs.fields(seen):
        value, told = getattr(seen, each.name), row.get(each.encode_name)
        if (D(str(told)) if isinstance(value, Decimal) else told) != value:
            return False
    return True


@pytest.mark.parametrize(("file", "name"), [(FIXTURES, "order_response"), *((BODIES, name) for name in ORDERS)])
def test_an_order_however_it_was_asked_for(file: str, name: str) -> None:
    """rest_ws_messages_nautilus.json, usdm_messages_binancenet.json"""
    found = [(read(raw(row), SeenOrder), row) for row in rows(named(file, name)["body"])]
    assert found
    assert all(is_told(seen, row) for seen, row in found)


def test_trades_and_times() -> None:
    """usdm_messages_binancenet.json, rest_ws_messages_nautilus.json"""
    assert all(is_told(read(raw(row), SeenTrade), row) for row in named(BODIES, "GetUserTrades")["body"])
    for file, name in ((BODIES, "GetServerTime"), (FIXTURES, "server_time_response")):
        assert read(raw(named(file, name)["body"]), SeenTime).server_time == 1499827319559


def test_settlements_and_their_intervals() -> None:
    """usdm_messages_binancenet.json"""
    settled = _SETTLED.decode(raw(named(BODIES, "GetFundingRates")["body"]))
    assert [(each.at_ms, each.rate, each.mark) for each in settled] == [
        (1698768000000, D("0.00010000"), "34287.54619963"),
        (1698796800000, D("0.00010000"), "34651.40000000"),
    ]
    (interval,) = _INTERVALS.decode(raw(named(BODIES, "GetFundingInfo")["body"]))
    assert (interval.symbol, interval.hours) == ("BLZUSDT", 8)


@pytest.mark.parametrize(
    ("file", "name", "shape"), QUARANTINED, ids=[f"{file}:{name}" for file, name, _ in QUARANTINED]
)
def test_what_lacks_a_field_that_is_needed_is_quarantined(file: str, name: str, shape: type[Any]) -> None:
    """rest_ws_messages_nautilus.json, usdm_messages_binancenet.json"""
    body = named(file, name)["body"]
    with pytest.raises(Unreadable):
        read(raw(body), tuple[shape, ...] if isinstance(body, list) else shape)  # type: ignore[valid-type]


def test_every_frame_of_the_subscriptions() -> None:
    """usdm_messages_binancenet.json: the name and the symbol of each; a list, or a key of another kind, is quarantined."""
    read_well, quarantined = set(), set()
    for record in recorded(BODIES):
        for frame in record.get("frames", []):
            body = frame.get("body", {})
            values = body.get("data", body) if isinstance(body, dict) else body
            if frame["dir"] != "in":
                continue
            name = record["name"].rpartition("/")[2]
            try:
                seen = frame_of(raw(values))
            except Unreadable:
                quarantined.add(name)
                continue
            read_well.add(name)
            assert (seen.event, seen.symbol) == (values.get("e", ""), values.get("s", ""))
    assert quarantined == {"AssetIndex", "Concurrent", "MarginUpdate"}
    assert {"AggTrades", "Book", "BookTicker", "Klines", "MarkPrice", "PartialBook"} <= read_well


def test_a_book_and_candles_of_spot() -> None:
    """rest_ws_messages_nautilus.json"""
    book = spot_snapshot(raw(named(FIXTURES, "depth_response")["body"]), 100)
    assert (book.last, book.bids, book.asks) == (
        1027024,
        ((D("4.00000000"), D("431.00000000")),),
        ((D("4.00000200"), D("12.00000000")),),
    )
    (row,) = msgspec.json.decode(raw(named(FIXTURES, "klines_response")["body"]), type=list[Row])
    assert (row.start_ms, row.open, row.close, row.volume) == (
        1499040000000,
        D("0.01634790"),
        D("0.01577100"),
        D("148976.11427815"),
    )


def test_refusals_have_their_codes() -> None:
    """errors.json"""
    told = json.loads((wire_file(BODIES).parents[1] / "errors.json").read_text("utf-8"))
    refusals = [one for one in told if one["exchange"] == "binance_usdm"]
    assert [one["body"]["code"] for one in refusals] == [-1021, -2019, -4164, -1106]
    for one in refusals:
        with pytest.raises(VenueRejected) as no:
            said(Answer(one["http_status"], {}, raw(one["body"])), SeenOrder)
        assert (no.value.code, no.value.message) == (str(one["body"]["code"]), one["body"]["msg"])
