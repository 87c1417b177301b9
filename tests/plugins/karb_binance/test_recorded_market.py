"""Every recorded message about Binance's futures is read to the values that it holds; each test names its file."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from karb_binance.book_building import BookBuilding
from karb_binance.candles import Row, bar, unit_of
from karb_binance.market_wire import change, funding, mark, read, snapshot
from karb_binance.public_facts import facts_of, read_information
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument
from tests.plugins.karb_binance.market_told import BTC, MS, recorded, wire_file

D = Decimal
SYNC = "binance_usdm_depth_sync_sushiusdt_akrousdt.jsonl"
BODIES = "usdm_messages_binancenet.json"
FRAMES = "rest_ws_messages_nautilus.json"
INFORMATION = "usdm_exchangeInfo_2021-07-22.json.gz"


def levels(told: list[list[str]]) -> tuple[tuple[Decimal, Decimal], ...]:
    return tuple((D(price), D(amount)) for price, amount in told)


def body(file: str, name: str) -> Any:
    return next(record for record in recorded(file) if record["name"].endswith(name))


def test_books_of_two_markets_are_built_and_agree_with_every_top_that_was_told() -> None:
    """binance_usdm_depth_sync_sushiusdt_akrousdt.jsonl: snapshots by REST amid changes, and `bookTicker` beside them."""
    names = {"SUSHIUSDT": "SUSHI", "AKROUSDT": "AKRO"}
    books = {name: BookBuilding(Instrument("binance_usdm", base, "USDT")) for name, base in names.items()}
    tops: dict[tuple[str, int], tuple[str, str, str, str]] = {}
    built: dict[tuple[str, int], Any] = {}
    changes = 0
    for record in recorded(SYNC):
        if record["dir"] == "http":
            name = record["url"].partition("symbol=")[2].partition("&")[0]
            values = json.loads(record["raw"])
            found = snapshot(record["raw"].encode(), 1000)
            assert (found.last, found.bids, found.asks) == (
                values["lastUpdateId"], levels(values["bids"]), levels(values["asks"]),
            )  # fmt: skip
            books[name].begin_from(found)
        elif record["dir"] == "in":
            values = json.loads(record["raw"]).get("data", {})
            frame = read(json.dumps(values).encode())
            assert (frame.event, frame.symbol, frame.told_ms) == (
                values.get("e", ""), values.get("s", ""), values.get("E", 0),
            )  # fmt: skip
            if frame.event == "bookTicker":
                tops[frame.symbol, frame.last] = (values["b"], values["B"], values["a"], values["A"])
            elif frame.event == "depthUpdate":
                told = change(frame)
                assert (told.bids, told.asks) == (levels(values["b"]), levels(values["a"]))
                changes += 1
                if frame.symbol in books:
                    assert books[frame.symbol].changed(told), "nothing was lost in this recording"
                    book = books[frame.symbol].told(1)
                    if book is not None:
                        built[frame.symbol, frame.last] = book.top()
            elif frame.candle is not None:
                found_bar = bar(frame.candle, BTC, unit_of(60_000 * MS), 1)
                assert (found_bar.close, found_bar.volume) == (D(values["k"]["c"]), D(values["k"]["v"]))
    assert changes > 100
    assert {name for name, _ in built} == set(names)
    both = set(tops) & set(built)
    assert all(
        (top.bid, top.bid_amount, top.ask, top.ask_amount) == tuple(map(D, tops[key]))
        for key in both
        if (top := built[key])
    )


def test_frames_of_the_streams() -> None:
    """rest_ws_messages_nautilus.json."""
    told = change(read(msgspec.json.encode(body(FRAMES, "depth_update_stream")["body"])))
    assert (told.last, told.before, told.bids, told.asks) == (
        160, 149, ((D("0.0024"), D(10)),), ((D("0.0026"), D(100)),),
    )  # fmt: skip
    marked = read(msgspec.json.encode(body(FRAMES, "mark_price_stream")["body"]))
    found = mark(marked, BTC, 1)
    assert (found.price, found.index, found.venue_at_ns) == (
        D("11794.15000000"), D("11784.62659091"), 1562305380000 * MS,
    )  # fmt: skip
    rate = funding(marked, BTC, None, 1)
    assert (rate.rate, rate.settles_at_ns) == (D("0.00038167"), 1562306400000 * MS)
    closed = read(msgspec.json.encode(body(FRAMES, "kline_stream_closed")["body"])).candle
    assert closed is not None
    assert closed.closed
    assert bar(closed, BTC, unit_of(60_000 * MS), 1).high == D("0.0025")


def test_a_made_up_candle_whose_low_is_above_its_open_is_unreadable() -> None:
    """rest_ws_messages_nautilus.json: it opens at 0.0010, and its low is 0.0015."""
    candle = read(msgspec.json.encode(body(FRAMES, "kline_stream_open")["body"])).candle
    assert candle is not None
    assert not candle.closed
    with pytest.raises(Unreadable, match="contradict"):
        bar(candle, BTC, unit_of(60_000 * MS), 1)


def test_every_frame_of_the_public_streams_is_read() -> None:
    """rest_ws_messages_nautilus.json: all that are of the futures' market data."""
    frames = [each for each in recorded(FRAMES) if "futures/market_data_json" in each.get("path", "")]
    assert len(frames) >= 9
    for each in frames:
        if isinstance(each["body"], dict):
            assert read(msgspec.json.encode(each["body"])).event == each["body"]["e"]


def test_answers_of_rest() -> None:
    """usdm_messages_binancenet.json."""
    book = snapshot(msgspec.json.encode(body(BODIES, "ExchangeData/GetOrderBook")["body"]), 1000)
    assert (book.last, book.bids) == (1027024, ((D("4.00000000"), D("431.00000000")),))
    (row,) = msgspec.json.decode(
        msgspec.json.encode(body(BODIES, "UsdFutures/ExchangeData/GetKlines")["body"]), type=list[Row]
    )
    assert (row.open, row.close, row.volume) == (D("0.01634790"), D("0.01577100"), D("148976.11427815"))
    blz = Instrument("binance_usdm", "BLZ", "USDT")
    told = read_information(msgspec.json.encode(body(BODIES, "ExchangeData/GetExchangeInfo")["body"]))
    facts = facts_of([blz], told)[blz]
    assert (facts.tick_at(D(1)), facts.amount_step, facts.min_notional) == (D("0.0001"), D(1), D("5.0"))


def test_rules_of_2021() -> None:
    """usdm_exchangeInfo_2021-07-22.json.gz."""
    told = read_information(gzip.decompress(wire_file(INFORMATION).read_bytes()))
    facts = facts_of([BTC], told)[BTC]
    assert (facts.tick_at(D(30_000)), facts.amount_step, facts.max_amount, facts.min_notional) == (
        D("0.01"), D("0.001"), D(1000), D(5),
    )  # fmt: skip
    assert (facts.maintenance_of(D(1000)), facts.maintenance_of(D(1_000_000))) == (D(25), D(25_000)), "2.5 %, as stated"
