"""Binance's public messages are read to exactly what they hold, or not at all."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from karb_binance.candles import Row, bar, joined, unit_of
from karb_binance.market_wire import change, funding, mark, read, snapshot
from karb_binance.public_facts import facts_of, read_information
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument, InstrumentKind
from karb_core.domain.market import FundingRate, Mark
from tests.plugins.karb_binance.market_told import BTC, DIFF, INFORMATION, KLINE, MARK, MS, ROWS, SNAPSHOT

D = Decimal
MINUTE = 60_000_000_000


def test_a_change_of_a_book() -> None:
    found = change(read(DIFF))
    assert (found.last, found.before, found.venue_at_ns) == (11563384769499, 11563384769463, 1795237200105 * MS)
    assert found.bids == ((D("84119.90"), D("6.010")), (D("84110.00"), D("0.000")))
    assert found.asks == ((D("84120.00"), D("1.900")),)


def test_a_snapshot() -> None:
    found = snapshot(SNAPSHOT, 1000)
    assert (found.last, found.venue_at_ns) == (11563384769463, 1795237200105 * MS)
    assert (found.bids, found.asks) == (((D("84119.90"), D("5.878")),), ((D("84120.00"), D("2.149")),))


def test_a_mark_and_the_funding_to_come() -> None:
    frame, at_ns = read(MARK), 1795237203000 * MS
    assert mark(frame, BTC, 7) == Mark(BTC, D("84118.95122464"), D("84140.67847826"), at_ns, 7)
    settles_ns = 1795248000000 * MS
    assert funding(frame, BTC, None, 7) == FundingRate(BTC, D("0.00008972"), settles_ns, False, None, at_ns, 7)


def test_a_candle_of_the_stream_and_one_of_rest() -> None:
    told = read(KLINE).candle
    assert told is not None
    assert told.closed is False
    found = bar(told, BTC, unit_of(MINUTE), 7)
    assert (found.open, found.high, found.low, found.close, found.volume) == (
        D("84120.00"), D("84121.00"), D("84119.90"), D("84120.10"), D("1.204"),
    )  # fmt: skip
    (row,) = msgspec.json.decode(ROWS, type=list[Row])
    before = bar(row, BTC, unit_of(MINUTE), 7)
    assert (before.end_ns, before.close, before.volume) == (found.start_ns, D("84120.00"), D("65.132"))
    both = joined([before, found], 2 * MINUTE)
    assert (both.open, both.high, both.low, both.close, both.volume) == (
        D("84100.00"), D("84125.50"), D("84098.10"), D("84120.10"), D("66.336"),
    )  # fmt: skip


@pytest.mark.parametrize(("minutes", "word"), [(1, "1m"), (2, "1m"), (7, "1m"), (10, "5m"), (240, "4h"), (2880, "1d")])
def test_bars_are_made_of_the_longest_candles_that_make_them_up(minutes: int, word: str) -> None:
    assert unit_of(minutes * MINUTE).word == word


@pytest.mark.parametrize("bars_ns", [0, -MINUTE, 1_000_000_000, MINUTE + 1])
def test_there_are_no_candles_for_other_lengths(bars_ns: int) -> None:
    with pytest.raises(ValueError, match="no candles"):
        unit_of(bars_ns)


def test_facts_are_the_filters_in_whatever_order() -> None:
    facts = facts_of([BTC, Instrument("binance_usdm", "NONE", "USDT")], read_information(INFORMATION))
    assert set(facts) == {BTC}
    told = facts[BTC]
    assert (told.kind, told.margin_asset) == (InstrumentKind.PERPETUAL, "USDT")
    assert (told.tick_at(D(84120)), told.amount_step, told.min_amount, told.max_amount, told.min_notional) == (
        D("0.10"), D("0.001"), D("0.001"), D(1000), D(50),
    )  # fmt: skip
    assert told.valid_from_ns == 1795237200000 * MS


@pytest.mark.parametrize("gone", [b"PRICE_FILTER", b'"LOT_SIZE', b"MIN_NOTIONAL"])
def test_a_rule_that_is_not_told_is_not_guessed(gone: bytes) -> None:
    with pytest.raises(Unreadable, match="no filter"):
        facts_of([BTC], read_information(INFORMATION.replace(gone, gone[:1] + b"X" + gone[1:])))


@pytest.mark.parametrize(
    "wrong", [b"", b"{", b"\xff", b"null", b'[{"e":"depthUpdate"}]', DIFF.replace(b'"U":1', b'"U":"1'), b"[" * 90_000]
)
def test_what_is_no_message_is_unreadable(wrong: bytes) -> None:
    with pytest.raises(Unreadable):
        read(wrong)


@pytest.mark.parametrize(
    ("told", "instead"),
    [
        (b'"6.010"', b'"-6.010"'),
        (b'"6.010"', b'"NaN"'),
        (b'"84119.90"', b'"0"'),
        (b'"84119.90"', b'"1e99"'),
        (b'"pu":11563384769463', b'"pu":11563384769471'),
        (b'"U":11563384769470', b'"U":11563384769500'),
        (b'"T":1795237200105', b'"T":0'),
        (b'"b":[[', b'"b":[[[1],'),
    ],
)
def test_a_change_that_contradicts_itself_is_unreadable(told: bytes, instead: bytes) -> None:
    assert told in DIFF
    with pytest.raises(Unreadable):
        change(read(DIFF.replace(told, instead)))


@pytest.mark.parametrize(
    ("told", "instead"), [(b'"84121.00"', b'"84119.00"'), (b"7200000", b"7200001"), (b"1.204", b"-1")]
)
def test_a_candle_that_contradicts_itself_is_unreadable(told: bytes, instead: bytes) -> None:
    frame = read(KLINE.replace(told, instead))
    assert frame.candle is not None
    with pytest.raises(Unreadable):
        bar(frame.candle, BTC, unit_of(MINUTE), 7)


@pytest.mark.parametrize(("stated", "at_1000"), [(b'"maintMarginPercent":"2.5000",', D(25)), (b"", None)])
def test_a_margin_is_what_is_stated_of_every_notional_and_where_nothing_is_it_is_unknown(
    stated: bytes, at_1000: D | None
) -> None:
    body = INFORMATION.replace(b'"maintMarginPercent":"2.5000",', b"").replace(
        b'"contractType"', stated + b'"contractType"'
    )
    facts = facts_of([BTC], read_information(body))[BTC]
    assert (facts.maintenance_of(D(1000)) if facts.maintenance else None) == at_1000
