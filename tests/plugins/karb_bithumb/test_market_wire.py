"""Bithumb's books are read to the last digit, sorted, by a time in microseconds; what cannot be one is quarantined."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_bithumb.candles import unit_of
from karb_bithumb.market_wire import REST_TICK_NS, STREAM_TICK_NS, Book, depth, frame_of, subscription
from karb_core.connection.typed_body import Unreadable, read
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, Level

D = Decimal
BTC = Instrument("bithumb", "BTC", "KRW")
MINUTE = 60_000_000_000
#: As Bithumb's pages show them.
STREAM = b"""{"type":"orderbook","code":"KRW-BTC","total_ask_size":3.4039,"total_bid_size":0.0852,"orderbook_units":[
{"ask_price":124340000,"bid_price":124330000,"ask_size":0.1995,"bid_size":0.0289}],"level":1,
"timestamp":1795237200110054,"stream_type":"SNAPSHOT"}"""
REST = b"""[{"market":"KRW-BTC","timestamp":1795237200110,"total_ask_size":3.7055,"total_bid_size":5.622,
"orderbook_units":[{"ask_price":124340000,"bid_price":124330000,"ask_size":0.0469,"bid_size":0.0002},
{"ask_price":124345000,"bid_price":124321000,"ask_size":0,"bid_size":0.0496}]}]"""


def heard(body: bytes) -> Depth:
    frame = frame_of(body)
    return depth(BTC, frame.orderbook_units, frame.timestamp, STREAM_TICK_NS, 1)


def changed(**more: Any) -> bytes:
    return json.dumps(json.loads(STREAM) | more).encode()


def test_a_book_of_the_stream_and_its_time_in_microseconds() -> None:
    assert heard(STREAM) == Depth(
        BTC, (Level(D(124330000), D("0.0289")),), (Level(D(124340000), D("0.1995")),), 1795237200110054000, 1
    )


def test_a_book_of_rest_its_time_in_milliseconds_and_a_row_that_one_side_fills() -> None:
    (told,) = read(REST, tuple[Book, ...])
    made = depth(BTC, told.orderbook_units, told.timestamp, REST_TICK_NS, 1)
    assert made.venue_at_ns == 1795237200110000000
    assert made.asks == (Level(D(124340000), D("0.0469")),)
    assert made.bids == (Level(D(124330000), D("0.0002")), Level(D(124321000), D("0.0496")))


ROWS = st.lists(
    st.tuples(st.integers(1, 50), st.integers(51, 99), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=15,
    unique_by=(lambda row: row[0], lambda row: row[1]),
)  # fmt: skip


@given(ROWS)
def test_sides_are_sorted_each_by_itself_and_zero_sizes_left_out(told: list[tuple[int, int, int, int]]) -> None:
    units = [{"bid_price": b, "ask_price": a, "bid_size": m, "ask_size": n} for b, a, m, n in told]
    made = heard(changed(orderbook_units=units))
    assert [(int(p), int(n)) for p, n in made.bids] == sorted(((b, m) for b, _, m, _ in told if m), reverse=True)
    assert [(int(p), int(n)) for p, n in made.asks] == sorted((a, n) for _, a, _, n in told if n)


ROW = {"ask_price": 2, "bid_price": 1, "ask_size": 1, "bid_size": 1}


@pytest.mark.parametrize(
    "body",
    [
        changed(timestamp=0), changed(timestamp=-5), changed(orderbook_units=[]), changed(orderbook_units=None),
        changed(orderbook_units=[ROW, ROW]), changed(orderbook_units=[ROW | {"ask_size": -1}]),
        changed(orderbook_units=[ROW | {"bid_price": "x"}]), changed(orderbook_units=[{"ask_price": 2}]),
        changed(timestamp="now"), b"", b"[]", b"null", b"\xff", b"{",
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_a_book_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        heard(body)


def test_a_subscription_is_one_message_in_the_long_format() -> None:
    assert json.loads(subscription("karb", [("orderbook", ["KRW-BTC", "KRW-XRP"]), ("ticker", ["KRW-BTC"])])) == [
        {"ticket": "karb"}, {"type": "orderbook", "codes": ["KRW-BTC", "KRW-XRP"]},
        {"type": "ticker", "codes": ["KRW-BTC"]}, {"format": "DEFAULT"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "asked"), [(1, 1), (3, 3), (5, 5), (7, 1), (20, 10), (45, 15), (60, 60), (240, 60), (1440, 60)]
)
def test_bars_of_four_hours_and_days_are_made_of_hours_as_bithumbs_own_open_by_korean_time(
    minutes: int, asked: int
) -> None:
    assert unit_of(minutes * MINUTE).path == f"/v1/candles/minutes/{asked}"


@pytest.mark.parametrize("bars_ns", [0, -MINUTE, 1_000_000_000, MINUTE // 2])
def test_a_length_that_no_candles_make_up_is_an_error(bars_ns: int) -> None:
    with pytest.raises(ValueError, match="Bithumb has no candles"):
        unit_of(bars_ns)
