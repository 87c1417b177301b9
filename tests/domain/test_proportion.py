from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.amount import Amount
from karb_core.domain.proportion import in_proportion
from tests.domain.draws import decimals, signed

weights = st.dictionaries(st.text("abc", min_size=1, max_size=3), decimals(1, 10**6), min_size=1, max_size=5)


@given(signed, weights)
def test_the_parts_are_proportional_in_order_and_add_up(value: Decimal, by: dict[str, Decimal]) -> None:
    parts = in_proportion(Amount(value, "EUR"), by)
    assert [name for name, _ in parts] == list(by)
    assert sum(Fraction(part.value) for _, part in parts) == Fraction(value)
    total = sum(Fraction(weight) for weight in by.values())
    for name, part in parts:
        assert abs(Fraction(part.value) - Fraction(value) * Fraction(by[name]) / total) <= Fraction(len(by), 10**18)


def test_one_third_is_rounded_and_the_last_takes_the_rest() -> None:
    thirds = in_proportion(Amount(Decimal(1), "EUR"), dict.fromkeys("abc", Decimal(1)))
    assert [part.text() for _, part in thirds] == [
        "0.333333333333333333 EUR",
        "0.333333333333333333 EUR",
        "0.333333333333333334 EUR",
    ]


def test_two_thirds_are_rounded_to_the_nearer_and_the_last_takes_the_rest() -> None:
    thirds = in_proportion(Amount(Decimal(2), "EUR"), dict.fromkeys("abc", Decimal(1)))
    assert [part.text() for _, part in thirds] == [
        "0.666666666666666667 EUR",
        "0.666666666666666667 EUR",
        "0.666666666666666666 EUR",
    ]


def test_a_part_too_small_to_be_money_is_nothing_and_the_last_takes_it() -> None:
    least = Amount(Decimal("1E-60"), "EUR")
    assert in_proportion(least, {"a": Decimal(1), "b": Decimal(9)}) == (("a", Amount.zero("EUR")), ("b", least))


def test_weights_that_cancel_out_have_no_part_and_one_of_the_other_sign_has_its_part_with_it() -> None:
    assert in_proportion(Amount(Decimal(1), "EUR"), {"a": Decimal(1), "b": Decimal(-1)}) == ()
    parts = in_proportion(Amount(Decimal(-1), "EUR"), {"a": Decimal(3), "b": Decimal(-1)})
    assert [part.text() for _, part in parts] == ["-1.5 EUR", "0.5 EUR"]


def test_nobody_to_share_with_is_no_part() -> None:
    assert in_proportion(Amount(Decimal(1), "EUR"), {}) == ()
