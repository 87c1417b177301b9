"""Parts of a result add up to it, however they are added and taken away."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.amount import Amount, MixedAssets
from karb_core.domain.parts import Parts

WON = st.integers(-(10**21), 10**21).map(lambda value: Amount(Decimal(value).scaleb(-12), "KRW"))
PARTS = st.builds(Parts, WON, WON, WON, WON, WON)


@given(st.lists(PARTS, max_size=5))
def test_the_net_of_a_sum_is_the_sum_of_the_nets(parts: list[Parts]) -> None:
    assert Parts.total(parts, "KRW").net == Amount.total((each.net for each in parts), "KRW")


@given(PARTS, PARTS)
def test_what_is_added_can_be_taken_away(a: Parts, b: Parts) -> None:
    assert a + b - b == a


def test_parts_of_two_assets_do_not_add() -> None:
    with pytest.raises(MixedAssets):
        Parts.none("KRW") + Parts.none("USDT")


def test_a_part_counts_in_full() -> None:
    one = Amount(Decimal("0.000000000001"), "KRW")
    assert Parts(one, one, one, one, one).net == one.times(Decimal(5))
