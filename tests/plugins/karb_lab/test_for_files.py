"""A market that a course leads: its past is there when it is asked for, and hangs together with what trades now."""

from __future__ import annotations

from decimal import Decimal

import pytest

from karb_core.domain.instrument import Instrument
from karb_core.errors import UsageMistake
from karb_core.ports import LabWanted, LocalAccount
from karb_lab.for_files import lab_for, reached
from karb_lab.kimchi import Kimchi
from karb_lab.lab import Lab
from karb_lab.tape import MINUTE_NS
from tests.plugins.karb_lab.running import BTC, PERPETUAL, Still

BAR_NS = 5 * MINUTE_NS
USDT = Instrument("upbit", "USDT", "KRW")
WANTED = LabWanted(
    (BTC, PERPETUAL),
    (LocalAccount("near", frozenset({"upbit"}), None), LocalAccount("far", frozenset({"binance_usdm"}), 3)),
    {"upbit": {"KRW": Decimal(45_000_000)}, "binance_usdm": {"USDT": Decimal(31_000)}},
    BAR_NS,
)


def stepped(minutes: int) -> tuple[Lab, Still]:
    clock = Still()
    lab = lab_for(WANTED, clock, seed="tests")
    for _ in range(minutes * 6):
        clock.at_ns += 10_000_000_000
        lab.step()
    return lab, clock


def test_twenty_days_of_bars_are_there_and_follow_each_other_without_a_hole() -> None:
    lab, clock = stepped(11)
    tape = lab.venues["upbit"].market[BTC].tape
    bars, until_ns = [], clock.now_ns()
    while len(bars) < 5760:
        page = tape.candles(BAR_NS, until_ns, 200)
        bars = [*page, *bars]
        until_ns = page[0].start_ns
    starts = [bar.start_ns for bar in bars]
    assert starts == list(range(starts[0], starts[-1] + BAR_NS, BAR_NS))
    assert all(bar.low <= min(bar.open, bar.close) and max(bar.open, bar.close) <= bar.high for bar in bars)


@pytest.mark.parametrize("minutes", [0, 3, 11])
def test_a_long_candle_is_its_minutes_joined_across_the_lab_s_beginning_too(minutes: int) -> None:
    lab, clock = stepped(minutes)
    tape = lab.venues["upbit"].market[BTC].tape
    for bar in tape.candles(BAR_NS, clock.now_ns() + 1, 5):
        parts = [
            one for one in tape.candles(MINUTE_NS, clock.now_ns() + 1, 60) if 0 <= one.start_ns - bar.start_ns < BAR_NS
        ]
        assert (bar.open, bar.close) == (parts[0].open, parts[-1].close)
        assert bar.high == max(one.high for one in parts)
        assert bar.low == min(one.low for one in parts)


def test_the_same_seed_has_the_same_past() -> None:
    bars = [stepped(0)[0].venues["binance_usdm"].market[PERPETUAL].tape.candles(BAR_NS, 2**62, 300) for _ in range(2)]
    assert bars[0][:-1] == bars[1][:-1]


def test_near_far_and_rate_are_as_the_premium_says_within_a_tick() -> None:
    clock = Still()
    course = Kimchi("tests", clock.now_ns(), 2 * BAR_NS)
    course.pin("BTC", Decimal("0.021"))
    near, far, rate = (course.price(one, clock.now_ns()) for one in (BTC, PERPETUAL, USDT))
    assert abs(near / (far * rate) - 1 - Decimal("0.021")) < Decimal("0.000001")
    course.pin("BTC", None)
    assert abs(course.price(BTC, clock.now_ns()) / (far * rate) - 1) < Decimal("0.006"), "calm at the beginning"


def test_it_swings_far_enough_both_ways_within_eight_bars_of_the_file() -> None:
    began_ns = Still().now_ns()
    course = Kimchi("tests", began_ns, 2 * BAR_NS)
    seen = []
    for minute in range(50):
        at_ns = began_ns + minute * MINUTE_NS
        near, far, rate = (course.pips(one, at_ns) for one in (BTC, PERPETUAL, USDT))
        seen.append(Decimal(near) * 10**8 / (far * rate) - 1)
    assert max(seen) > Decimal("0.011")
    assert min(seen) < Decimal("-0.011")


def test_the_accounts_are_the_files_with_keys_of_the_lab_s_own() -> None:
    lab, _ = stepped(0)
    told = reached(lab)
    assert set(told.keys) == {"near", "far"}
    (far,) = lab.venues["binance_usdm"].accounts.values()
    assert far.book.terms.leverage_of(PERPETUAL) == 3
    assert far.book.terms.opening == {"USDT": Decimal(31_000)}
    other, _ = stepped(0)
    assert reached(other).keys["near"] != told.keys["near"]
    assert reached(other).id != told.id


def test_what_no_local_venue_trades_is_named() -> None:
    strange = Instrument("okx", "BTC", "USDT")
    with pytest.raises(UsageMistake, match="no local venue trades okx BTC/USDT"):
        lab_for(LabWanted((BTC, strange), (), {}, None), Still())
