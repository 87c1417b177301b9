from decimal import Decimal
from math import inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.history.bad_data import BadData
from karb_core.history.price_column import need_prices
from karb_core.history.prices import exact, held

#: Up to 15 significant digits, as venues write prices.
written = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places), st.integers(1, 10**15 - 1), st.integers(0, 15)
)


@given(written)
def test_a_price_of_15_digits_comes_back_as_it_was_written(price):
    assert exact(held(price)) == price


@given(st.floats(1e-18, 1e18))
def test_every_float_stands_for_exactly_one_decimal_that_reads_back_as_it(price):
    assert float(exact(price)) == price
    assert held(exact(price)) == price


def test_a_float_of_numpy_stands_for_the_same_price():
    assert exact(np.float64(0.1)) == Decimal("0.1")


def test_a_price_a_column_would_change_is_refused():
    with pytest.raises(BadData, match=r"0\.1000000000000000055 has too many digits: a price column would hold 0\.1$"):
        held(Decimal("0.1000000000000000055"))


@pytest.mark.parametrize("price", [0.0, -1.0, nan, inf, -inf, 1e-19, 1e19])
def test_what_is_no_price_is_refused_alone_and_in_a_column(price):
    with pytest.raises(BadData):
        exact(price)
    column = np.array([1.0, price])
    with pytest.raises(BadData, match="btc, column `near`, row 1"):
        need_prices(column, series="btc", name="near")
    need_prices(column, np.array([True, False]))
