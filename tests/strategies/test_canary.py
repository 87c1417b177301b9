"""The canary: its one size is one that both venues take, at whatever price the coin has, and no order of it is larger."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.amount import Amount
from tests.rulebook.shipped import checked, shipped

#: What both venues took in 2026: won and USDT an order, and the step of the future.
LEAST_NEAR, LEAST_FAR, STEP = Decimal(5_000), Decimal(5), Decimal("0.1")


@cache
def seat(use: str) -> dict[str, object]:
    found = checked(shipped("canary")).rulebook
    assert found is not None
    return dict(next(s.params for s in found.all_seats() if s.use == use))


@given(st.integers(100, 10_000), st.integers(1_000, 1_600))
def test_both_venues_take_it_at_any_price_and_the_near_one_still_after_a_fall_by_half(price: int, rate: int) -> None:
    (size,) = seat("sizing.fixed")["amounts"]  # type: ignore[misc]
    assert isinstance(size, Amount)
    amount = size.value / price // STEP * STEP
    assert amount * price / rate >= LEAST_FAR
    assert amount * price / 2 >= LEAST_NEAR * Decimal("0.9")


def test_no_order_may_be_much_larger_and_a_day_may_lose_little() -> None:
    limits = {limit.asset: limit.value for limit in seat("gates.max_order")["most"]}  # type: ignore[attr-defined]
    assert limits == {"KRW": 15_000, "USDT": 15}
    loss = seat("gates.daily_loss")
    assert (loss["most"], loss["then"]) == (Decimal("0.01"), "stop_entries")
