"""Amounts counted in steps are the amounts."""

from __future__ import annotations

from decimal import Decimal, Inexact

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.amount import Amount, MixedAssets
from karb_core.domain.in_steps import InSteps, counted, places_of

MONEY = st.decimals(-(10**12), 10**12, allow_nan=False, places=9).map(lambda value: value.normalize())


def won(*values: str) -> list[Amount]:
    return [Amount(Decimal(value), "KRW") for value in values]


@given(st.lists(MONEY, max_size=9))
def test_they_come_back_as_they_were(values: list[Decimal]) -> None:
    amounts = [Amount(value, "KRW") for value in values]
    steps = InSteps.of(amounts, "KRW")
    assert steps.amounts() == tuple(amounts)
    assert len(steps) == len(values)
    assert steps.places == max(map(places_of, values), default=0)


def test_they_are_equal_whatever_the_step() -> None:
    fine = InSteps("KRW", 3, (1500, -20, 0))
    assert InSteps.of(won("1.5", "-0.02", "0"), "KRW") == fine
    assert hash(InSteps.of(won("1.5", "-0.02", "0"), "KRW")) == hash(fine)
    assert InSteps.of(won("1.5", "-0.021", "0"), "KRW") != fine
    assert InSteps("USDT", 3, (1500, -20, 0)) != fine


def test_a_part_begins_and_ends_where_it_is_told() -> None:
    whole = InSteps.of(won("1", "2.5", "3"), "KRW")
    assert whole.part(1, 3).amounts() == tuple(won("2.5", "3"))
    assert (whole.amount(0), whole.amount(-1)) == tuple(won("1", "3"))


def test_another_asset_is_refused_and_so_is_a_step_too_large() -> None:
    with pytest.raises(MixedAssets):
        InSteps.of([Amount(Decimal(1), "USDT")], "KRW")
    assert counted(Decimal("1.50"), 1) == 15
    with pytest.raises(Inexact):
        counted(Decimal("1.55"), 1)
