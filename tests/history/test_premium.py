from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.history.bad_data import BadData
from karb_core.history.premium import premium_of
from karb_core.history.premium_column import premium_column
from karb_core.history.prices import held


def decimals(low, high, places):
    return st.integers(low * 10**places, high * 10**places).map(lambda units: Decimal(units).scaleb(-places))


near = decimals(1, 200_000_000, 2)
far = decimals(1, 200_000, 4)
fx = st.one_of(st.none(), decimals(900, 2000, 2), st.floats(900, 2000).map(lambda x: Decimal(repr(x))))


@st.composite
def a_tie(draw):
    """Prices whose quotient lies exactly on a half: near has nine decimals and ends in 5, far is 1."""
    units = 10**8 + draw(st.integers(-(10**7), 10**8))
    return Decimal(10 * units + 5).scaleb(-9), Decimal(1), draw(st.sampled_from([None, Decimal(1)]))


@st.composite
def beside_a_tie(draw):
    """A tie of the quotient, with near moved by the least a float can be moved."""
    base, one, rate = draw(a_tie())
    return Decimal(repr(float(np.nextafter(float(base), draw(st.sampled_from([0.0, 9.0])))))), one, rate


def rounded(near, far, fx):
    """Python's round of a Fraction goes half to even."""
    return round((Fraction(near) / Fraction(far) / Fraction(1 if fx is None else fx) - 1) * 10**8)


def column_of(near, far, fx):
    rate = None if fx is None else np.array([held(fx)])
    return int(premium_column(np.array([held(near)]), np.array([held(far)]), rate, np.array([True]))[0])


@settings(max_examples=300)
@given(st.one_of(st.tuples(near, far, fx), a_tie(), beside_a_tie()))
def test_moment_and_column_are_the_exact_quotient_rounded_once(prices):
    expected = rounded(*prices)
    if expected >= 2**31:
        with pytest.raises(BadData, match="cannot be"):
            premium_of(*prices)
        with pytest.raises(BadData, match="cannot be"):
            column_of(*prices)
    else:
        assert premium_of(*prices) == expected
        assert column_of(*prices) == expected


def test_a_year_of_ticks_rounds_as_exactly_as_a_single_row():
    rng = np.random.default_rng(7)
    abroad = np.round(rng.uniform(90_000, 110_000, 3000), 1)
    rate = np.round(rng.uniform(1350, 1500, 3000), 2)
    korea = np.round(abroad * rate * rng.uniform(0.9, 1.6, 3000) / 1000) * 1000
    column = premium_column(korea, abroad, rate, np.ones(3000, np.bool_))
    rows = zip(korea.tolist(), abroad.tolist(), rate.tolist(), strict=True)
    assert column.tolist() == [rounded(*(Decimal(repr(price)) for price in row)) for row in rows]


@pytest.mark.parametrize(
    ("near", "units"),
    [("1.000000005", 0), ("1.000000015", 2), ("0.999999995", 0), ("0.999999985", -2), ("1.0000000050000002", 1)],
)
def test_a_half_goes_to_the_even_unit(near, units):
    assert premium_of(Decimal(near), Decimal(1)) == units
    assert column_of(Decimal(near), Decimal(1), None) == units


def test_a_row_that_is_not_present_is_zero_whatever_its_prices():
    prices = np.array([np.nan, 1.5, 0.0, 1e300])
    one = np.ones(4)
    column = premium_column(prices, one, one, np.array([False, True, False, False]))
    assert column.tolist() == [0, 50_000_000, 0, 0]
    assert not column.flags.writeable


def test_a_bad_price_is_named_by_column_and_row():
    good, bad = np.ones(3), np.array([1.0, 1.0, -2.0])
    with pytest.raises(BadData, match=r"^column `fx`, row 2: -2\.0 is not a price"):
        premium_column(good, good, bad, np.ones(3, np.bool_))


@pytest.mark.parametrize(("near", "units"), [("22.47483647", 2**31 - 1), ("22.474836474", 2**31 - 1)])
def test_the_widest_premium_is_still_taken(near, units):
    assert premium_of(Decimal(near), Decimal(1)) == units
    assert column_of(Decimal(near), Decimal(1), None) == units


@pytest.mark.parametrize("near", ["22.474836475", "22.47483648", "90", "1000000000000000"])
def test_a_premium_no_market_shows_is_refused_with_its_row(near):
    with pytest.raises(BadData, match=r"cannot be: are both prices"):
        premium_of(Decimal(near), Decimal(1))
    with pytest.raises(BadData, match=r"^row 1: a premium of .* cannot be"):
        premium_column(np.array([1.0, float(near)]), np.ones(2), None, np.ones(2, np.bool_))


def test_columns_of_different_lengths_or_types_are_refused():
    present = np.ones(2, np.bool_)
    with pytest.raises(ValueError, match="different lengths"):
        premium_column(np.ones(2), np.ones(3), None, present)
    with pytest.raises(TypeError, match="float32"):
        premium_column(np.ones(2), np.ones(2, np.float32), None, present)


def test_no_rows_give_no_rows():
    none = np.ones(0)
    assert len(premium_column(none, none, none, np.ones(0, np.bool_))) == 0
