from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.sharing import share_out
from tests.domain.draws import decimals, signed, steps

weights = st.lists(decimals(0, 1000), min_size=1, max_size=6).filter(any)


@given(signed, weights, steps)
def test_the_parts_sum_to_the_whole_and_are_within_a_step_of_their_due(
    total: Decimal, by: list[Decimal], step: Decimal
) -> None:
    parts = share_out(total, by, step)
    assert sum(map(Fraction, parts)) == Fraction(total)
    whole, size = sum(map(Fraction, by)), Fraction(step)
    odd = Fraction(total) - int(Fraction(total) / size) * size
    largest = by.index(max(by))
    for at, (part, weight) in enumerate(zip(parts, by, strict=True)):
        in_steps = Fraction(part) - (odd if at == largest else 0)
        assert (in_steps / size).denominator == 1
        assert abs(in_steps - (Fraction(total) - odd) * Fraction(weight) / whole) < size
        assert part * total >= 0


@given(weights, st.integers(0, 10**6))
def test_a_part_follows_the_largest_remainder(by: list[Decimal], total: int) -> None:
    whole = sum(map(Fraction, by))
    quotas = [total * Fraction(weight) / whole for weight in by]
    counts = [int(quota) for quota in quotas]
    order = sorted(range(len(by)), key=lambda at: (counts[at] - quotas[at], at))
    for at in order[: total - sum(counts)]:
        counts[at] += 1
    assert list(share_out(Decimal(total), by, Decimal(1))) == counts


def test_a_share_in_figures() -> None:
    three = [Decimal(1)] * 3
    assert share_out(Decimal("0.010"), three, Decimal("0.001")) == (
        Decimal("0.004"),
        Decimal("0.003"),
        Decimal("0.003"),
    )
    assert share_out(Decimal("-1"), [Decimal(1), Decimal(3)], Decimal("0.5")) == (Decimal("-0.5"), Decimal("-0.5"))
    assert share_out(Decimal("1.05"), [Decimal(1), Decimal(1)], Decimal("0.1")) == (Decimal("0.55"), Decimal("0.5"))
    assert share_out(Decimal("0.15"), [Decimal(1), Decimal(1)], Decimal("0.1")) == (Decimal("0.15"), Decimal(0))


@pytest.mark.parametrize(("by", "step"), [([], "1"), (["0", "0"], "1"), (["-1", "2"], "1"), (["1"], "0")])
def test_what_cannot_be_shared_is_refused(by: list[str], step: str) -> None:
    with pytest.raises(ValueError, match=r"nothing can be shared|above zero"):
        share_out(Decimal(1), [Decimal(weight) for weight in by], Decimal(step))
