"""Every recorded message about Upbit's markets is read to the values that it holds; each test names its file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from karb_core.connection.bars_made import opens_ns
from karb_core.domain.market import Depth, Level
from karb_upbit import public_facts
from karb_upbit.candles import Unit, bar
from karb_upbit.codes import instrument_of
from karb_upbit.market_wire import Frame, depth, read, top
from tests.plugins.karb_upbit.payloads import exactly, ns, recorded

FRAMES = "ws_trade_orderbook_simple_2021-04-17.jsonl"
BODIES = "rest_ws_messages_upbitnet.json"
USDT_BODIES = "rest_usdt_btc_ccxt_2024-03-13.json"
MARKETS = "rest_market_all_2021-04-17.jsonl"


def told(units: list[dict[str, Decimal]], price: str, size: str) -> tuple[Level, ...]:
    return tuple(Level(unit[price], unit[size]) for unit in units if unit[price] and unit[size])


def test_frames_of_2021_in_short_keys() -> None:
    """ws_trade_orderbook_simple_2021-04-17.jsonl: 85 books of 15 levels and 137 trades, two markets."""
    seen = {"orderbook": 0, "trade": 0}
    newest: dict[str, int] = {}
    for record in recorded(FRAMES):
        if record["dir"] != "in":
            continue
        raw, values = record["raw"].encode(), exactly(record["raw"])
        frame = read(raw)
        assert (frame.type, frame.code, frame.timestamp) == (values["ty"], values["cd"], int(values["tms"]))
        seen[frame.type] += 1
        if frame.type == "trade":
            assert frame.trade_price == values["tp"]
            continue
        instrument, received = instrument_of(frame.code), int(record["t"] * 1e9)
        found = depth(frame, instrument, received)
        bids, asks = told(values["obu"], "bp", "bs"), told(values["obu"], "ap", "as")
        assert found == Depth(instrument, bids, asks, ns(int(values["tms"])), received)
        best = found.top()
        assert best is not None
        assert best == top(frame, instrument, received)
        assert best.sound
        assert found.venue_at_ns >= newest.get(frame.code, 0), "books of one market come in order"
        newest[frame.code] = found.venue_at_ns
    assert seen == {"orderbook": 85, "trade": 137}
    assert set(newest) == {"KRW-LAMB", "KRW-WAVES"}


def body(file: str, name: str) -> Any:
    return next(record for record in recorded(file) if record["name"].endswith(name))


def encoded(values: object) -> bytes:
    return msgspec.json.encode(values)


def test_books_in_long_keys() -> None:
    """rest_ws_messages_upbitnet.json: a REST book of 30 levels and a stream's book of five."""
    (rest,) = body(BODIES, "ExchangeData/GetOrderBook")["body"]
    stream = body(BODIES, "Subscriptions/Spot/OrderBook")["frames"][1]["body"]
    for values, code, levels in ((rest, rest["market"], 30), (stream, stream["code"], 5)):
        found = depth(read(encoded({"type": "orderbook", "code": code} | values)), instrument_of(code), 1)
        exact = exactly(encoded(values))
        assert found.asks == told(exact["orderbook_units"], "ask_price", "ask_size")
        assert found.bids == told(exact["orderbook_units"], "bid_price", "bid_size")
        assert (len(found.asks), found.venue_at_ns) == (levels, ns(values["timestamp"]))


def test_the_candle_of_a_second() -> None:
    """rest_ws_messages_upbitnet.json: /v1/candles/seconds."""
    raw = encoded(body(BODIES, "ExchangeData/GetKlines")["body"])
    (frame,) = msgspec.json.decode(raw, type=list[Frame])
    found = bar(frame, instrument_of("KRW-BTC"), Unit(ns(1000), "candle.1s", ""), 5)
    assert (found.start_ns, found.end_ns) == (ns(1_751_327_999_000), ns(1_751_328_000_000))
    assert (found.open, found.high, found.low, found.close) == (145794000, 145794000, 145759000, 145759000)
    assert found.volume == Decimal("0.0013")


def test_the_candle_of_an_hour_in_usdt() -> None:
    """rest_usdt_btc_ccxt_2024-03-13.json: its client had made text of every number."""
    raw = encoded(body(USDT_BODIES, "candles_60")["body"])
    (frame,) = msgspec.json.decode(raw, type=list[Frame], strict=False)
    found = bar(frame, instrument_of("USDT-BTC"), Unit(ns(3_600_000), "candle.60m", ""), 5)
    assert found.start_ns == opens_ns("2024-03-13T11:00:00") == ns(1_710_327_600_000)
    assert (found.open, found.high, found.low, found.close, found.volume) == tuple(
        map(Decimal, ("72738.58583492", "73578.65700000", "72738.58583492", "73578.65500000", "0.02284923"))
    )


@pytest.mark.parametrize(
    ("name", "kind", "code", "price", "at_ms"),
    [
        ("Subscriptions/Spot/Kline", "candle.1m", "KRW-ETH", "142009000", 1_735_792_085_824),
        ("Subscriptions/Spot/Tickers", "ticker", "KRW-ETH", "36929", 1_693_383_665_888),
        ("Subscriptions/Spot/Trades", "trade", "KRW-ETH", "37625", 1_696_585_056_910),
    ],
)
def test_frames_in_long_keys(name: str, kind: str, code: str, price: str, at_ms: int) -> None:
    """rest_ws_messages_upbitnet.json: the stream's other types."""
    values = body(BODIES, name)["frames"][1]["body"]
    frame = read(encoded(values))
    assert (frame.type, frame.code, frame.trade_price, frame.timestamp) == (
        kind,
        code,
        Decimal(price),
        values["timestamp"],
    )
    assert kind == "ticker" or frame.timestamp == at_ms
    assert kind != "ticker" or frame.market_state == "ACTIVE"


def test_an_empty_candle_is_one_that_lacks_its_numbers() -> None:
    """rest_ws_messages_upbitnet.json: frames that were made up and have nothing but their type."""
    frames = [each for each in body(BODIES, "Spot/Concurrent")["frames"] if each["dir"] == "in"]
    assert [read(encoded(each["body"])).type for each in frames] == ["candle.5m", "candle.60m"]


def test_ticks_and_tickers() -> None:
    """rest_ws_messages_upbitnet.json and rest_usdt_btc_ccxt_2024-03-13.json."""
    stated = public_facts.read_stated(encoded(body(BODIES, "ExchangeData/GetSymbolConfig")["body"]))
    assert [(each.market, each.tick_size) for each in stated] == [("KRW-BTC", 1000), ("KRW-ETH", 1000)]
    for file, name, price in (
        (BODIES, "ExchangeData/GetTickers", "148601000.00000000"),
        (USDT_BODIES, "ticker", "73578.65500000"),
    ):
        priced = public_facts.read_priced(encoded(body(file, name)["body"]))
        assert priced[0].trade_price == Decimal(price)


def test_which_markets_are_listed() -> None:
    """rest_market_all_2021-04-17.jsonl and rest_ws_messages_upbitnet.json."""
    (record,) = recorded(MARKETS)
    listed = public_facts.read_listed(record["raw"].encode())
    assert len(listed) == len(exactly(record["raw"]))
    assert {"KRW-BTC", "BTC-ETH", "KRW-LAMB"} <= listed
    assert public_facts.read_listed(encoded(body(BODIES, "ExchangeData/GetSymbols")["body"])) == {"KRW-BTC", "KRW-ETH"}


def test_a_refusal_on_the_line() -> None:
    """errors.json: INVALID_AUTH, as the documentation shows it."""
    import json

    from tests.plugins.karb_upbit.payloads import wire_file

    told = json.loads((wire_file(FRAMES).parents[1] / "errors.json").read_text("utf-8"))
    raw = encoded(next(each["body"] for each in told if each["exchange"] == "upbit_ws"))
    error = read(raw).error
    assert error is not None
    assert error.name == "INVALID_AUTH"
