"""The row that comes from bars as they come in is, bit for bit, that of the whole series."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, FxKind, FxRate
from karb_core.history.bars import Bars
from karb_core.history.next_rows import row_of
from karb_core.history.pair_columns import pair_columns
from karb_core.history.points import Points
from karb_core.ports import PairTerms, Signal
from karb_core.wiring.pair_rows import series_of
from karb_core.wiring.pair_window import PairWindow, Row
from tests.plugins.karb_premium.signals import plain, tiered

NEAR, FAR = Instrument("upbit", "BTC", "KRW"), Instrument("binance_usdm", "BTC", "USDT")
PAIR = PairTerms("BTC", (NEAR, FAR), Decimal(1))
LENGTH = 300_000
#: When a day begins here, in ms.
SINCE = 5_800_000 * LENGTH
NS = 1_000_000
LEG = {"n": NEAR, "f": FAR}
SIGNALS = {"one": plain(), "tiers": tiered()}
#: What came: a bar or a rate, and the ms at which it did.
Came = tuple[int, Bar | FxRate]


def bar(leg: Instrument, number: int, price: float) -> Bar:
    value = Decimal(str(round(price, 2)))
    start = (SINCE + number * LENGTH) * NS
    return Bar(leg, start, start + LENGTH * NS, value, value, value, value, Decimal(1), start + LENGTH * NS)


def rate(at_ms: int, value: float) -> FxRate:
    return FxRate("USDT", "KRW", Decimal(str(round(value, 4))), "x", FxKind.MARKET, at_ms * NS - 7, at_ms * NS)


@dataclass
class Whole:
    """Everything that came, as a backtest would have it."""

    bars: dict[Instrument, dict[int, Bar]] = field(default_factory=lambda: {NEAR: {}, FAR: {}})
    rates: list[FxRate] = field(default_factory=list)

    def take(self, came: Bar | FxRate) -> None:
        if isinstance(came, FxRate):
            self.rates.append(came)
        else:
            self.bars[came.instrument].setdefault(came.start_ns // NS, came)

    def features(self, signal: Signal, end_ms: int) -> dict[str, float | int]:
        legs = [self._bars(leg, end_ms) for leg in PAIR.legs]
        points = Points(
            "rate",
            np.array([r.received_at_ns // NS for r in self.rates], dtype=np.int64),
            np.array([float(r.rate) for r in self.rates]),
        )
        known = points if self.rates else None
        columns = pair_columns(legs, LENGTH, (SINCE - 20 * LENGTH, end_ms), known, known)
        return row_of(signal.features(series_of(PAIR, columns)), -1)

    def _bars(self, leg: Instrument, end_ms: int) -> Bars:
        rows = [b for start, b in sorted(self.bars[leg].items()) if start < end_ms]
        closes = np.array([float(b.close) for b in rows])
        opened = np.array([b.start_ns // NS for b in rows], dtype=np.int64)
        return Bars(leg.text(), LENGTH, opened, closes, closes, closes, closes, np.ones(len(rows)))


def day(seed: int, bars: int = 30) -> list[Came]:
    """A market with gaps, whose bars come late and out of order, and rates that come whenever they like."""
    drawn = random.Random(seed)
    came: list[Came] = []
    for number in range(bars):
        far = 95_000 * (1 + 0.01 * math.sin(number / 3 + seed))
        near = far * 1400 * (1 + 0.02 * drawn.random())
        for leg, price in ((NEAR, near), (FAR, far)):
            if drawn.random() < 0.9:
                late = 0 if drawn.random() < 0.7 else drawn.randrange(3 * LENGTH)
                came.append((SINCE + (number + 1) * LENGTH + late, bar(leg, number, price)))
    for _ in range(40):
        at_ms = SINCE + drawn.randrange(bars * LENGTH)
        came.append((at_ms, rate(at_ms, 1380 + 40 * drawn.random())))
    drawn.shuffle(came)
    return sorted(came, key=lambda each: each[0])


def same(row: Row, features: dict[str, float | int]) -> bool:
    """Bit for bit, what is not a number included."""
    return {k: repr(v) for k, v in row.features.items()} == {k: repr(v) for k, v in features.items()}


@pytest.mark.parametrize("name", SIGNALS)
@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_a_pushed_row_is_that_of_the_whole_series(name: str, seed: int) -> None:
    signal = SIGNALS[name]
    window, whole, rows = PairWindow(PAIR, signal), Whole(), []
    for _, each in day(seed):
        whole.take(each)
        if isinstance(each, FxRate):
            window.rate("premium", each)
            window.rate("money", each)
            continue
        row = window.bar(each)
        if row is not None:
            assert same(row, whole.features(signal, row.at_ns // NS))
            last = window.last()
            assert last is not None
            assert same(row, dict(last.features))
            rows.append(row.at_ns)
    assert rows == sorted(set(rows))
    assert len(rows) > 5


@pytest.mark.parametrize("name", SIGNALS)
@given(st.integers(0, 10_000), st.integers(0, 30))
@settings(max_examples=25, deadline=None)
def test_a_window_that_was_warmed_up_goes_on_as_if_it_had_been_there(name: str, seed: int, begun: int) -> None:
    """Bars may come while the past is still asked for; what the past tells of them again changes nothing."""
    signal = SIGNALS[name]
    window, whole, before = PairWindow(PAIR, signal), Whole(), []
    for at_ms, each in day(seed):
        whole.take(each)
        if at_ms <= SINCE + begun * LENGTH:
            before.append(each)
        elif isinstance(each, FxRate):
            window.rate("premium", each)
            window.rate("money", each)
        elif (row := window.bar(each)) is not None and not before:
            assert same(row, whole.features(signal, row.at_ns // NS))
        if at_ms > SINCE + begun * LENGTH and before:
            told = sorted((r for r in before if isinstance(r, FxRate)), key=lambda r: r.received_at_ns)
            window.remember([b for b in before if isinstance(b, Bar)], {"premium": told, "money": told})
            before = []


def test_a_row_that_a_leg_lacks_never_comes_and_one_whose_leg_is_late_comes_once() -> None:
    window = PairWindow(PAIR, SIGNALS["one"])
    assert window.bar(bar(NEAR, 0, 1.0)) is None
    row = window.bar(bar(FAR, 0, 1.0))
    assert row is not None
    assert row.at_ns == (SINCE + LENGTH) * NS
    assert window.bar(bar(FAR, 0, 2.0)) is None
    assert window.bar(bar(NEAR, 1, 1.0)) is None
    assert window.bar(bar(NEAR, 2, 1.0)) is None
    assert window.bar(bar(FAR, 1, 1.0)) is None
    assert window.last() is None
    last = window.bar(bar(FAR, 2, 1.0))
    assert last is not None
    assert last.at_ns == (SINCE + 3 * LENGTH) * NS


LACKED = [
    ("nothing", "n0 f0 f1 n1", []),
    ("the other leg", "n0 f0 n1 n2 f2", [(2, "f")]),
    ("the leg that moves", "n0 f0 n1 f2 n2", [(2, "f")]),
    ("first one leg and then the other", "n0 f0 n1 f2 n3 f3", [(2, "f"), (3, "n")]),
    ("what came too late", "n0 f0 n1 n2 f1 f2", [(2, "f")]),
    ("what no leg has is no row", "n0 f0 n5 f5", []),
    ("a leg that is silent", "n0 f0 n1 n2 n4", [(2, "f"), (3, "f")]),
    ("a leg that never spoke", "n0 n1 n2", [(1, "f"), (2, "f")]),
    ("a leg that speaks late", "n0 n1 f3 n3", [(1, "f"), (2, "f")]),
    ("a leg that tells late of what the other never had", "n0 f0 n2 f1 f2", [(2, "n")]),
]


@pytest.mark.parametrize(("came", "lacked"), [case[1:] for case in LACKED], ids=[case[0] for case in LACKED])
def test_each_row_that_a_leg_lacks_is_named_once_when_the_next_bar_has_closed(
    came: str, lacked: list[tuple[int, str]]
) -> None:
    window, found = PairWindow(PAIR, SIGNALS["one"]), []
    for each in came.split():
        window.bar(bar(LEG[each[0]], int(each[1:]), 1.0))
        found += [((at // NS - SINCE) // LENGTH, legs) for at, legs in sorted(window.lacked.items())]
    assert found == [(closed, (LEG[leg],)) for closed, leg in lacked]


@given(st.lists(st.tuples(st.sampled_from("nf"), st.integers(0, 12)), max_size=60))
def test_a_row_is_whole_or_lacked_and_never_both(came: list[tuple[str, int]]) -> None:
    """Whatever comes in whatever order: of all that was left behind, each is told as one of the two, unless it came after
    a later one was lacked.
    """
    window, whole, lacked = PairWindow(PAIR, SIGNALS["one"]), [], []
    newest, told = {"n": -1, "f": -1}, set()
    for leg, number in came:
        if number > max([newest[leg], *lacked]):
            told.add(number)
        newest[leg] = max(newest[leg], number)
        row = window.bar(bar(LEG[leg], number, 1.0))
        lacked += [(at // NS - SINCE) // LENGTH - 1 for at in sorted(window.lacked)]
        whole += [] if row is None else [(row.at_ns // NS - SINCE) // LENGTH - 1]
    assert sorted(set(lacked)) == lacked
    assert not set(whole) & set(lacked)
    assert {number for number in told if number < min(newest.values())} <= {*whole, *lacked}


def test_it_says_how_much_of_what_it_looks_back_on_is_there() -> None:
    window = PairWindow(PAIR, SIGNALS["one"])
    assert (window.known, window.wanted) == (0, 8)
    window.remember([*(bar(NEAR, n, 1.0) for n in range(9)), *(bar(FAR, n, 1.0) for n in range(5))], {})
    assert (window.known, window.wanted) == (5, 8)


def test_a_bar_of_another_length_is_an_error_and_one_of_another_pair_is_none() -> None:
    window = PairWindow(PAIR, SIGNALS["one"])
    long = Bar(NEAR, 0, 2 * LENGTH * NS, *(Decimal(1),) * 5, 0)
    with pytest.raises(ValueError, match="upbit BTC/KRW"):
        window.bar(long)
    assert window.bar(Bar(Instrument("upbit", "ETH", "KRW"), 0, 2 * LENGTH * NS, *(Decimal(1),) * 5, 0)) is None
