"""Columns that grow at their end hold what a window looks back on, however long they have grown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from karb_core.history.growing import GrowingBars, GrowingPoints

MINUTE = 60_000
START = 1_735_689_600_000  # 2025-01-01 00:00 UTC


def row(minute: int, price: float = 1.0) -> tuple[int, float, float, float, float, float]:
    return (START + minute * MINUTE, price, price, price, price, 2.0)


@given(st.lists(st.integers(0, 40), max_size=40), st.integers(1, 7))
def test_the_last_bars_are_there_each_as_it_came_first(minutes: list[int], most: int) -> None:
    grown, kept = GrowingBars("upbit BTC/KRW", MINUTE, most), dict[int, float]()
    for n, minute in enumerate(minutes):
        assert grown.add(row(minute, 1.0 + n)) is (not kept or minute > max(kept))
        told = {minute: 1.0 + n} | kept
        kept = {each: told[each] for each in sorted(told)[-most:]}
        assert grown.closed_at_ms == START + (max(kept) + 1) * MINUTE
    bars = grown.bars()
    assert len(grown) == len(bars) == len(kept)
    found = zip(bars.opened_at.tolist(), bars.close.tolist(), strict=True)
    assert list(found) == [(START + minute * MINUTE, price) for minute, price in kept.items()]


@given(st.sets(st.integers(0, 12)), st.sets(st.integers(0, 12)), st.integers(1, 5))
def test_what_is_filled_in_lies_where_it_belongs(before: set[int], known: set[int], most: int) -> None:
    grown = GrowingBars("upbit BTC/KRW", MINUTE, most)
    for minute in sorted(known):
        grown.add(row(minute, 2.0))
    there = sorted(known)[-most:]
    grown.fill(row(minute, 1.0) for minute in before)
    whole = dict.fromkeys(before, 1.0) | dict.fromkeys(there, 2.0)
    bars = grown.bars()
    told = zip(bars.opened_at.tolist(), bars.close.tolist(), strict=True)
    assert list(told) == [(START + minute * MINUTE, whole[minute]) for minute in sorted(whole)[-most:]]


def test_columns_that_were_handed_out_stay_as_they_were() -> None:
    grown = GrowingBars("upbit BTC/KRW", MINUTE, 2)
    for minute in range(3):
        grown.add(row(minute, float(minute + 1)))
    bars = grown.bars()
    for minute in range(3, 9):
        grown.add(row(minute, float(minute + 1)))
    assert bars.close.tolist() == [2.0, 3.0]


@given(st.lists(st.integers(0, 8 * MINUTE), max_size=60), st.integers(1, 4))
def test_of_a_rate_what_was_in_force_at_each_close_and_the_newest(times: list[int], most: int) -> None:
    grown, kept = GrowingPoints("money", MINUTE, most), list[tuple[int, float]]()
    for n, at in enumerate(sorted(times)):
        assert grown.add(START + at, float(n))
        if kept and (kept[-1][0] == at or -(-kept[-1][0] // MINUTE) == -(-at // MINUTE)):
            kept.pop()
        kept.append((at, float(n)))
    points = grown.points()
    told = [] if points is None else list(zip(points.times.tolist(), points.values.tolist(), strict=True))
    assert told == [(START + at, value) for at, value in kept[-(2 * most + 1) :]]
    if kept:
        assert not grown.add(START + kept[-1][0] - 1, 0.0)
