"""A table of steps is believed where the venue's own answer agrees with it, and that answer where it does not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from karb_core.connection.agreed_ticks import agreed_ticks
from karb_core.domain.instrument import TickBand

D = Decimal
PAGE = (TickBand(D(0), D(1)), TickBand(D(1000), D(5)), TickBand(D(10_000), D(10)))


@pytest.mark.parametrize(("stated", "price"), [("1", "999"), ("5", "1000"), ("5", "9999"), ("10", "10000")])
def test_where_both_say_the_same_the_whole_table_counts(stated: str, price: str) -> None:
    assert agreed_ticks(PAGE, D(stated), D(price)) == PAGE


@pytest.mark.parametrize(("stated", "price"), [("5", "999"), ("1", "1000"), ("0.5", "123456")])
def test_where_they_differ_the_venues_word_counts_at_every_price(stated: str, price: str) -> None:
    assert agreed_ticks(PAGE, D(stated), D(price)) == (TickBand(D(0), D(stated)),)


def test_a_page_that_says_nothing_of_a_price_agrees_with_nothing() -> None:
    assert agreed_ticks(PAGE[1:], D(1), D(10)) == (TickBand(D(0), D(1)),)


@pytest.mark.parametrize("price", ["0", "-1"])
def test_a_price_that_is_none_is_an_error(price: str) -> None:
    with pytest.raises(ValueError, match="a price of"):
        agreed_ticks(PAGE, D(1), D(price))
