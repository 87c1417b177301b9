"""Upbit's public messages become exact values, in both of its formats; what says nothing sure is refused."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, Level, Top
from karb_upbit.codes import code_of, instrument_of
from karb_upbit.market_wire import depth, read, subscription, top
from tests.plugins.karb_upbit.payloads import AT_MS, BOOK, CANDLE, SHORT_BOOK, SHORT_CANDLE, ns

BTC = Instrument("upbit", "BTC", "KRW")
RECEIVED = ns(AT_MS + 150)


@pytest.mark.parametrize("raw", [BOOK, SHORT_BOOK], ids=["DEFAULT", "SIMPLE"])
def test_a_book_is_read_to_the_last_digit(raw: bytes) -> None:
    assert depth(read(raw), BTC, RECEIVED) == Depth(
        BTC,
        (Level(Decimal("124349000.0"), Decimal("0.00512")), Level(Decimal("124340000.0"), Decimal("0.11"))),
        (Level(Decimal("124350000.0"), Decimal("0.2184")), Level(Decimal("124351000.0"), Decimal("0.0000674"))),
        ns(AT_MS + 110),
        RECEIVED,
    )


@pytest.mark.parametrize("raw", [BOOK, SHORT_BOOK], ids=["DEFAULT", "SIMPLE"])
def test_the_top_alone_is_the_top_of_the_whole_book(raw: bytes) -> None:
    found = top(read(raw), BTC, RECEIVED)
    assert found == depth(read(raw), BTC, RECEIVED).top()
    assert found is not None
    assert isinstance(found, Top)


@pytest.mark.parametrize("raw", [CANDLE, SHORT_CANDLE], ids=["DEFAULT", "SIMPLE"])
def test_a_candle_is_read_in_both_formats(raw: bytes) -> None:
    frame = read(raw)
    assert (frame.type, frame.code, frame.venue_at_ns) == ("candle.1m", "KRW-BTC", ns(AT_MS + 1003))
    assert frame.trade_price == Decimal("124351000.0")


def book(units: str) -> bytes:
    return f'{{"ty":"orderbook","cd":"KRW-BTC","tms":{AT_MS},"obu":[{units}]}}'.encode()


def unit(ap: object, bp: object, as_: object = 1, bs: object = 1) -> str:
    return f'{{"ap":{ap},"bp":{bp},"as":{as_},"bs":{bs}}}'


def test_a_level_that_only_fills_a_row_is_left_out() -> None:
    found = depth(read(book(f"{unit(11, 10)},{unit(12, 0, 1, 0)}")), BTC, RECEIVED)
    assert (len(found.asks), len(found.bids)) == (2, 1)


@pytest.mark.parametrize("units", ["", unit(11, 0, 1, 0), unit(0, 10, 0, 1)], ids=["none", "no bids", "no asks"])
def test_a_book_with_an_empty_side_has_no_top(units: str) -> None:
    assert top(read(book(units)), BTC, RECEIVED) is None
    assert depth(read(book(units)), BTC, RECEIVED).top() is None


def test_a_crossed_book_is_read_as_it_is_told() -> None:
    """What follows from it is not for the reader to say."""
    found = top(read(book(unit(10, 11))), BTC, RECEIVED)
    assert found is not None
    assert not found.sound


@pytest.mark.parametrize(
    "raw",
    [
        book(f"{unit(11, 10)},{unit(11, 9)}"),
        book(f"{unit(11, 10)},{unit(10.5, 9)}"),
        book(f"{unit(11, 9)},{unit(12, 10)}"),
        book(unit(-11, 10)),
        book(unit(11, 10, -1)),
        book(unit("1e999", 10)),
        book(unit("1" * 61, 10)),
        book(unit("null", 10)),
        book(unit('"eleven"', 10)),
        book('{"ap":11}'),
        b'{"ty":"orderbook","cd":"KRW-BTC","obu":[]}',
        b'{"ty":"orderbook","cd":"KRW-BTC","tms":1795237200110}',
    ],
    ids=[
        "same price twice", "asks fall", "bids rise", "price below zero", "amount below zero", "too large", "too long",
        "null", "words", "a side missing", "no time", "no levels",
    ],
)  # fmt: skip
def test_a_book_that_cannot_be_one_is_refused(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        depth(read(raw), BTC, RECEIVED)


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b"PONG", b'{"ty":1}', b'{"ty":"orderbook","tms":"late"}', b"[" * 99_999],
)
def test_what_is_no_message_is_refused(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read(raw)


def test_the_answer_to_a_ping_and_a_refusal_are_no_market_data() -> None:
    assert read(b'{"status":"UP"}').status == "UP"
    refusal = read('{"error":{"name":"WRONG_FORMAT","message":"Format이 맞지 않습니다."}}'.encode()).error
    assert refusal is not None
    assert refusal.name == "WRONG_FORMAT"


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    try:
        frame = read(raw)
        depth(frame, BTC, RECEIVED)
    except Unreadable:
        pass


_NUMBER = st.decimals("0.00000001", "999999999", places=8, allow_nan=False, allow_infinity=False)


@given(
    st.lists(_NUMBER, min_size=2, max_size=30, unique=True),
    st.data(),
)
def test_whatever_is_in_a_book_comes_out_of_it(prices: list[Decimal], data: st.DataObject) -> None:
    levels = len(prices) // 2
    rising = sorted(prices)
    bids, asks = rising[:levels][::-1], rising[levels : 2 * levels]
    sizes = data.draw(st.lists(_NUMBER, min_size=2 * levels, max_size=2 * levels))
    rows = [
        unit(*(f"{number:f}" for number in row)) for row in zip(asks, bids, sizes[:levels], sizes[levels:], strict=True)
    ]
    found = depth(read(book(",".join(rows))), BTC, RECEIVED)
    assert [level.price for level in found.bids] == bids
    assert [level.price for level in found.asks] == asks
    assert [level.amount for level in (*found.asks, *found.bids)] == sizes
    assert top(read(book(",".join(rows))), BTC, RECEIVED) == found.top()


def test_one_message_asks_for_everything() -> None:
    """A new message would replace what was asked for before."""
    told = subscription("t", [("orderbook", ["KRW-BTC", "KRW-XRP"]), ("candle.5m", ["KRW-BTC"])])
    assert json.loads(told) == [
        {"ticket": "t"},
        {"type": "orderbook", "codes": ["KRW-BTC", "KRW-XRP"]},
        {"type": "candle.5m", "codes": ["KRW-BTC"]},
        {"format": "SIMPLE"},
    ]


def test_codes_name_what_is_paid_with_first() -> None:
    assert code_of(BTC) == "KRW-BTC"
    assert instrument_of("BTC-ETH") == Instrument("upbit", "ETH", "BTC")
    with pytest.raises(ValueError, match="not of upbit"):
        code_of(Instrument("bithumb", "BTC", "KRW"))
    for wrong in ("KRWBTC", "KRW-", "-BTC", "KRW-BTC-1"):
        with pytest.raises(ValueError):
            instrument_of(wrong)
