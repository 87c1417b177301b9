from decimal import Decimal, localcontext
from fractions import Fraction
from math import isnan, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.history import rolling
from karb_core.history.bad_data import BadData
from karb_core.history.rolling import Carried, column
from karb_core.history.statistics import Count, Deviation, Mean, ZScore
from karb_core.history.window import Window

extremes = st.sampled_from([2**31 - 1, 1 - 2**31, 0, 1, -1, 60_000_000, 17_900_000])
values = st.one_of(st.integers(1 - 2**31, 2**31 - 1), st.integers(-50, 50), extremes)
series = st.lists(st.one_of(values, st.none()), min_size=1, max_size=60)


@st.composite
def statistics(draw, longest=20):
    rows = draw(st.integers(1, longest))
    window = Window(rows, draw(st.integers(1, rows)))
    floor = draw(st.sampled_from([0, 1, 50_000, 2**31 - 1]))
    return draw(st.sampled_from([Count(window), Mean(window), Deviation(window), ZScore(window, floor)]))


def as_columns(series):
    # what stands in a row that is not present must not matter
    x = np.array([2**40 if value is None else value for value in series], dtype=np.int64)
    return x, np.array([value is not None for value in series], dtype=np.bool_)


def bits(column):
    return np.asarray(column, dtype=np.float64).view(np.int64).tolist()


@settings(max_examples=300)
@given(statistics(), series)
def test_column_and_push_are_equal_bit_for_bit(statistic, series):
    carried = Carried(statistic)
    assert bits(column(statistic, *as_columns(series))) == bits([carried.push(value) for value in series])


@settings(max_examples=200)
@given(statistics(), series, st.integers(0, 59))
def test_the_same_window_gives_the_same_bits_wherever_the_series_began(statistic, series, cut):
    rows = statistic.window.rows
    whole, cut_off = column(statistic, *as_columns(series)), column(statistic, *as_columns(series[cut:]))
    assert bits(whole[cut + rows - 1 :]) == bits(cut_off[rows - 1 :])


@settings(max_examples=100)
@given(statistics(), series, st.integers(1, 9))
def test_the_length_of_a_piece_changes_no_bit(statistic, series, piece):
    whole = column(statistic, *as_columns(series))
    ordinary = rolling._PIECE
    try:
        rolling._PIECE = piece
        assert bits(column(statistic, *as_columns(series))) == bits(whole)
    finally:
        rolling._PIECE = ordinary


def reference(window, floor, series, row):
    """count, mean, deviation and z of one row from fractions and 60-digit roots, None where undefined."""
    last = series[max(0, row - window.rows + 1) : row + 1]
    there = [Fraction(value) for value in last if value is not None]
    if row < window.rows - 1 or len(there) < window.min_present:
        return len(there), None, None, None
    mean = sum(there) / len(there)
    variance = sum((value - mean) ** 2 for value in there) / len(there)
    with localcontext(prec=60):
        deviation = (Decimal(variance.numerator) / variance.denominator).sqrt()
        least = max(deviation, Decimal(floor))
        if series[row] is None or not least:
            return len(there), mean, deviation, None
        above = Fraction(series[row]) - mean
        return len(there), mean, deviation, Decimal(above.numerator) / above.denominator / least


@settings(max_examples=200)
@given(st.integers(1, 8), st.integers(1, 8), st.sampled_from([0, 3, 50_000]), series)
def test_each_statistic_is_what_fractions_say(rows, least_present, floor, series):
    window = Window(rows, min(rows, least_present))
    columns = as_columns(series)
    found = [column(s, *columns) for s in (Count(window), Mean(window), Deviation(window), ZScore(window, floor))]
    for row in range(len(series)):
        for value, exact in zip((c[row] for c in found), reference(window, floor, series, row), strict=True):
            assert isnan(value) == (exact is None)
            if exact is not None:
                assert value == pytest.approx(float(exact), rel=1e-15, abs=0)


def test_z_of_a_few_rows_by_hand():
    z = column(ZScore(Window(4, 3), 0), *as_columns([1, None, 2, 3, 10, None]))
    assert np.isnan(z[:3]).all()
    assert z[3] == 3 / sqrt(6)  # mean 2, variance 2/3
    assert z[4] == (30 - 15) / sqrt(3 * 113 - 15**2)
    assert isnan(z[5])


def test_z_needs_so_many_rows_and_so_many_values():
    enough = [None, None, 5, 6, 7]
    assert not isnan(column(ZScore(Window(5, 3), 0), *as_columns(enough))[4])
    assert isnan(column(ZScore(Window(5, 4), 0), *as_columns(enough))[4])
    assert isnan(column(ZScore(Window(6, 3), 0), *as_columns(enough))[4])


def test_the_floor_is_the_least_deviation():
    x = as_columns([0, 2])  # deviation 1
    assert column(ZScore(Window(2, 2), 0), *x)[1] == 1.0
    assert column(ZScore(Window(2, 2), 1), *x)[1] == 1.0
    assert column(ZScore(Window(2, 2), 4), *x)[1] == 0.25


def test_a_premium_that_never_moves_has_no_z_without_a_floor_and_zero_with_one():
    flat = as_columns([7, 7, 7])
    assert isnan(column(ZScore(Window(3, 3), 0), *flat)[2])
    assert column(ZScore(Window(3, 3), 1), *flat)[2] == 0.0


def test_count_is_told_during_warm_up():
    assert column(Count(Window(4, 4)), *as_columns([1, None, 3])).tolist() == [1.0, 1.0, 2.0]


def plain_z(x, row, rows, floor):
    """z in Python integers, correctly rounded at the end of each of three steps."""
    last = x[row - rows + 1 : row + 1].tolist()
    total = sum(last)
    spread = rows * sum(value * value for value in last) - total * total
    return float(rows * last[-1] - total) / max(sqrt(float(spread)), float(rows * floor))


@pytest.mark.parametrize(("rows", "level"), [(1_728_000, 60_000_000), (28_800, 17_900_000), (28_800, 2**31 - 1000)])
def test_long_windows_at_wide_premiums_do_not_overflow(rows, level):
    x = level + np.random.default_rng(3).integers(-900, 900, rows + 200)
    z = column(ZScore(Window(rows, rows), 1), x, np.ones(len(x), np.bool_))
    assert np.isnan(z[: rows - 1]).all()
    for row in (rows - 1, rows, len(x) - 1):
        assert z[row] == plain_z(x, row, rows, 1)


def test_the_longest_window_holds_the_widest_swings():
    rows = 2**22
    x = np.full(rows + 1, 2**31 - 1, dtype=np.int64)
    x[::2] = 1 - 2**31
    x[: rows // 3] = 1 - 2**31
    z = column(ZScore(Window(rows, 1), 0), x, np.ones(len(x), np.bool_))
    assert z[rows] == plain_z(x, rows, rows, 0)


@pytest.mark.parametrize("value", [2**31, -(2**31), 2**62])
def test_a_value_the_sums_could_not_hold_is_refused_in_both_forms(value):
    with pytest.raises(BadData, match="row 1"):
        column(Mean(Window(2, 1)), *as_columns([1, value]))
    carried = Carried(Mean(Window(2, 1)))
    carried.push(1)
    with pytest.raises(BadData, match="row 1"):
        carried.push(value)
    assert carried.push(3) == 2.0


def test_integers_of_numpy_are_pushed_as_exactly_as_ours():
    x = np.array([2**31 - 1] * 9, dtype=np.int64)
    x[4] = 5
    carried = Carried(Deviation(Window(9, 9)))
    assert [carried.push(value) for value in x][-1] == column(Deviation(Window(9, 9)), x, np.ones(9, np.bool_))[-1]
    with pytest.raises(TypeError):
        carried.push(1.0)


@pytest.mark.parametrize(("rows", "least"), [(0, 1), (2**22 + 1, 1), (5, 0), (5, 6)])
def test_a_window_that_cannot_be_is_refused(rows, least):
    with pytest.raises(ValueError, match="rows"):
        Window(rows, least)


@pytest.mark.parametrize("floor", [-1, 2**31])
def test_a_floor_that_cannot_be_is_refused(floor):
    with pytest.raises(ValueError, match="least deviation"):
        ZScore(Window(2, 2), floor)


def test_no_rows_give_no_rows():
    assert len(column(Mean(Window(3, 3)), *as_columns([]))) == 0
    assert isnan(Carried(Mean(Window(3, 3))).push(None))
