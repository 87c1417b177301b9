"""Candles become bars when the venue's time has passed them, each once, and never a bar of which a part may be missing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest

from karb_core.connection.bars_made import made_longer, opens_ns
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar
from karb_upbit.candles import Unit, bar, unit_of
from karb_upbit.closing import Closing
from karb_upbit.market_wire import Frame, read
from tests.plugins.karb_upbit.payloads import AT_MS, CANDLE, S, ns

BTC, XRP = Instrument("upbit", "BTC", "KRW"), Instrument("upbit", "XRP", "KRW")
MINUTE = 60 * S
AT = ns(AT_MS)
ONE = Unit(MINUTE, "candle.1m", "/v1/candles/minutes/1")


def made(number: int, close: int = 100, instrument: Instrument = BTC) -> Bar:
    start = AT + number * MINUTE
    price = Decimal(close)
    return Bar(instrument, start, start + MINUTE, price, price, price, price, Decimal(1), start)


def closing() -> Closing:
    return Closing(S, AT, MINUTE)


def test_a_candle_is_a_bar_of_its_minute() -> None:
    found = bar(read(CANDLE), BTC, ONE, AT + S)
    assert found == Bar(
        BTC, AT, AT + MINUTE, Decimal("124350000.0"), Decimal("124352000.0"), Decimal("124349000.0"),
        Decimal("124351000.0"), Decimal("0.155"), AT + S,
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"high_price": Decimal(1)},
        {"low_price": Decimal(10**9)},
        {"low_price": Decimal(0), "opening_price": Decimal(0)},
        {"trade_price": None},
        {"candle_acc_trade_volume": Decimal(-1)},
        {"candle_date_time_utc": "2026-11-21T05:00:30"},
        {"candle_date_time_utc": "2026-11-21T25:00:00"},
        {"candle_date_time_utc": "soon"},
        {"candle_date_time_utc": ""},
        {"trade_price": Decimal("1e400")},
    ],
    ids=lambda wrong: ",".join(f"{k}={v}" for k, v in wrong.items()),
)
def test_a_candle_that_cannot_be_one_is_refused(wrong: dict[str, object]) -> None:
    frame = msgspec.structs.replace(msgspec.json.decode(CANDLE, type=Frame), **wrong)
    with pytest.raises(Unreadable):
        bar(frame, BTC, ONE, AT)


def test_a_time_without_a_zone_is_utc() -> None:
    assert opens_ns("2026-11-21T05:00:00") == AT


def test_the_longest_candles_that_make_up_a_bar() -> None:
    assert [unit_of(minutes * MINUTE).stream for minutes in (1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 120, 240, 1440)] == [
        f"candle.{unit}m" for unit in (1, 1, 3, 5, 10, 15, 10, 30, 15, 60, 60, 240, 240)
    ]
    assert (unit_of(S).path, unit_of(20 * S).stream) == ("/v1/candles/seconds", "candle.1s")
    for wrong in (0, S // 2, 90 * S // 60 + 1):
        with pytest.raises(ValueError, match="no candles"):
            unit_of(wrong)


def test_longer_bars_are_whole_on_the_grid_of_utc_and_an_empty_time_has_none() -> None:
    parts = [made(0, 100), made(1, 130), made(4, 90), made(15, 70)]
    found = made_longer(parts, 5 * MINUTE)
    assert [(b.start_ns, b.end_ns) for b in found] == [(AT, AT + 5 * MINUTE), (AT + 15 * MINUTE, AT + 20 * MINUTE)]
    assert (found[0].open, found[0].high, found[0].low, found[0].close, found[0].volume) == (100, 130, 90, 90, 3)


def test_a_bar_is_told_once_when_the_venues_time_is_past_its_end() -> None:
    keeps = closing()
    keeps.take(made(0))
    assert keeps.closed(AT + MINUTE + S - 1) == []
    assert keeps.closed(AT + MINUTE + S) == [made(0)]
    assert keeps.closed(AT + 2 * MINUTE) == []


def test_the_last_state_stands_even_when_it_comes_late() -> None:
    keeps = closing()
    keeps.take(made(0, 100))
    keeps.take(made(1, 101))
    assert keeps.take(made(0, 105))
    assert [b.close for b in keeps.closed(AT + MINUTE + S)] == [105]


def test_a_candle_that_changes_after_it_was_told_is_counted_and_not_told_again() -> None:
    keeps = closing()
    keeps.take(made(0, 100))
    keeps.closed(AT + MINUTE + S)
    assert keeps.take(replace(made(0, 100), received_at_ns=5))
    assert not keeps.take(made(0, 101))
    assert keeps.changed == 1
    assert keeps.closed(AT + 9 * MINUTE) == []


def test_a_new_line_forgets_what_was_open_and_holds_what_closes_until_older_bars_are_there() -> None:
    keeps = closing()
    keeps.take(made(0))
    keeps.begin([BTC, XRP])
    keeps.take(made(2))
    keeps.take(made(2, instrument=XRP))
    assert keeps.closed(AT + 3 * MINUTE + S) == []
    assert keeps.fetched(BTC, [made(0, 99), made(1, 98)]) == [made(0, 99), made(1, 98)]
    keeps.behind.discard(BTC)
    assert keeps.closed(AT + 3 * MINUTE + S) == [made(2)]
    keeps.behind.discard(XRP)
    assert keeps.closed(AT + 3 * MINUTE + S) == [made(2, instrument=XRP)]


def test_what_was_fetched_is_not_told_again_by_the_line_and_the_other_way_round() -> None:
    keeps = closing()
    keeps.take(made(0))
    assert keeps.fetched(BTC, [made(0)]) == [made(0)]
    assert keeps.closed(AT + 9 * MINUTE) == []
    keeps.take(made(1))
    keeps.closed(AT + 9 * MINUTE)
    assert keeps.fetched(BTC, [made(0), made(1), made(2)]) == [made(2)]


def test_what_closed_before_it_began_is_no_news() -> None:
    keeps = closing()
    keeps.take(made(-1))
    assert keeps.closed(AT + S) == []
    assert keeps.fetched(BTC, [made(-2), made(-1)]) == []
    assert keeps.since_ns(BTC) == AT


def test_it_remembers_no_more_than_it_needs() -> None:
    keeps = closing()
    for number in range(3000):
        keeps.take(made(number))
        assert len(keeps.closed(AT + (number + 1) * MINUTE + S)) == 1
    assert len(keeps._told[BTC]) == 1000
    assert keeps.fetched(BTC, [made(5)]) == [], "as old as that is no news"
