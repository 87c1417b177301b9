from collections.abc import Callable
from decimal import Decimal, DivisionByZero, FloatOperation, Inexact, Overflow, getcontext
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from tests.domain.draws import scaled, signed, steps


@given(signed, signed)
def test_sums_differences_and_products_are_those_of_fractions(a: Decimal, b: Decimal) -> None:
    assert Fraction(exact.add(a, b)) == Fraction(a) + Fraction(b)
    assert Fraction(exact.sub(a, b)) == Fraction(a) - Fraction(b)
    assert Fraction(exact.mul(a, b)) == Fraction(a) * Fraction(b)
    assert Fraction(exact.negate(a)) == -Fraction(a)
    assert Fraction(exact.absolute(a)) == abs(Fraction(a))


def test_the_ambient_context_is_one_that_would_have_rounded() -> None:
    assert getcontext().prec == 3
    assert Decimal("1234") + Decimal(0) != Decimal("1234")


def test_what_does_not_fit_in_sixty_digits_raises_and_sixty_do() -> None:
    assert exact.add(Decimal(10**60 - 2), Decimal(1)) == Decimal(10**60 - 1)
    with pytest.raises(Inexact):
        exact.add(Decimal(10**60), Decimal(1))
    with pytest.raises(Inexact):
        exact.mul(Decimal(10**40 + 1), Decimal(10**40 + 1))


def test_what_is_far_too_small_or_large_to_be_money_raises_and_never_becomes_zero_or_infinite() -> None:
    smallest, largest = Decimal("1E-1000058"), Decimal("1E+999999")
    assert exact.mul(Decimal("1E-500058"), Decimal("1E-500000")) == smallest
    with pytest.raises(Inexact):
        exact.mul(smallest, Decimal("0.1"))
    assert str(exact.mul(Decimal("1E+500000"), Decimal("1E+499999"))) == "1E+999999"
    with pytest.raises(Overflow):
        exact.mul(largest, Decimal(10))


def test_a_float_never_enters() -> None:
    with pytest.raises(TypeError):
        exact.add(Decimal(1), 0.5)  # type: ignore[arg-type]
    with pytest.raises(FloatOperation):
        exact.EXACT.create_decimal(0.5)
    with pytest.raises(TypeError):
        exact.finite(0.5)  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+60", "1E+61", "1E-61", "1E-62"])
def test_what_is_no_number_of_money_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        exact.finite(Decimal(written))


@pytest.mark.parametrize("written", ["0", "-0", "0E-999", "0E+999", "9E+59", "1E-60"])
def test_the_smallest_and_largest_sizes_are_numbers(written: str) -> None:
    assert exact.finite(Decimal(written)) == Decimal(written)


ORACLE: dict[Rounding, Callable[[Fraction], int]] = {
    Rounding.FLOOR: floor,
    Rounding.CEIL: ceil,
    Rounding.HALF_EVEN: round,
    Rounding.TOWARDS_ZERO: int,
}


@given(signed, signed.filter(bool), steps, st.sampled_from(Rounding))
def test_a_quotient_is_rounded_once_to_a_step(a: Decimal, b: Decimal, step: Decimal, rounding: Rounding) -> None:
    count = ORACLE[rounding](Fraction(a) / Fraction(b) / Fraction(step))
    assert exact.steps_in(a, b, step, rounding) == count
    assert Fraction(exact.divide(a, b, step, rounding)) == count * Fraction(step)


@pytest.mark.parametrize(
    ("a", "b", "rounding", "quotient"),
    [
        ("5", "2", Rounding.HALF_EVEN, 2),
        ("7", "2", Rounding.HALF_EVEN, 4),
        ("-5", "2", Rounding.HALF_EVEN, -2),
        ("5", "-2", Rounding.FLOOR, -3),
        ("-5", "2", Rounding.TOWARDS_ZERO, -2),
        ("-5", "2", Rounding.CEIL, -2),
        ("6", "2", Rounding.CEIL, 3),
        ("-6", "-2", Rounding.FLOOR, 3),
        ("6", "-1", Rounding.HALF_EVEN, -6),
        ("1", "2", Rounding.TOWARDS_ZERO, 0),
        ("-1", "2", Rounding.TOWARDS_ZERO, 0),
        ("-6", "2", Rounding.TOWARDS_ZERO, -3),
        ("5", "1", Rounding.HALF_EVEN, 5),
    ],
)
def test_an_exact_half_goes_where_the_rounding_says(a: str, b: str, rounding: Rounding, quotient: int) -> None:
    assert exact.divide(Decimal(a), Decimal(b), Decimal(1), rounding) == quotient


def test_a_quotient_that_a_first_rounding_would_make_a_tie_is_not_rounded_twice() -> None:
    # cut to fewer digits first, this becomes 3.5 and then 4
    below = exact.sub(Decimal("3.5"), Decimal("1E-58"))
    assert exact.divide(below, Decimal(1), Decimal(1), Rounding.HALF_EVEN) == 3
    assert exact.divide(Decimal("3.5"), Decimal(1), Decimal(1), Rounding.HALF_EVEN) == 4


def test_nothing_divides_by_zero_and_no_step_is_zero() -> None:
    with pytest.raises(DivisionByZero):
        exact.divide(Decimal(1), Decimal(0), Decimal(1), Rounding.FLOOR)
    for step in (Decimal(0), Decimal(-1), Decimal("NaN")):
        with pytest.raises(ValueError, match="above zero"):
            exact.floor_to(Decimal(1), step)
        with pytest.raises(ValueError, match="above zero"):
            exact.divide(Decimal(1), Decimal(1), step, Rounding.FLOOR)


@given(signed, steps)
def test_floor_and_ceil_are_the_multiples_on_either_hand(value: Decimal, step: Decimal) -> None:
    ratio = Fraction(value) / Fraction(step)
    assert Fraction(exact.floor_to(value, step)) == floor(ratio) * Fraction(step)
    assert Fraction(exact.ceil_to(value, step)) == ceil(ratio) * Fraction(step)


@given(signed, st.integers(0, 6))
def test_half_even_is_that_of_fractions(value: Decimal, places: int) -> None:
    assert Fraction(exact.half_even(value, places)) == Fraction(round(Fraction(value) * 10**places), 10**places)


@given(st.lists(steps, min_size=1, max_size=3))
def test_the_common_step_is_the_smallest_that_all_steps_divide(given_steps: list[Decimal]) -> None:
    common = Fraction(exact.common_step(*given_steps))
    assert all((common / Fraction(step)).denominator == 1 for step in given_steps)
    smaller = (common / n for n in range(2, 6))
    assert not any(all((less / Fraction(step)).denominator == 1 for step in given_steps) for less in smaller)


def test_the_common_step_of_two_venues() -> None:
    assert exact.common_step(Decimal("0.001"), Decimal("0.00000001")) == Decimal("0.001")
    assert exact.common_step(Decimal("0.001"), Decimal("0.0004")) == Decimal("0.002")
    assert exact.common_step(Decimal("1E+3"), Decimal("0.3")) == Decimal(3000)
    assert exact.common_step(Decimal("1E+3"), Decimal("4E+2")) == Decimal(2000)
    with pytest.raises(ValueError, match="no step"):
        exact.common_step()


@pytest.mark.parametrize("step", ["0", "-0.1", "NaN"])
def test_a_common_step_is_found_of_steps_above_zero_only(step: str) -> None:
    with pytest.raises(ValueError, match="above zero"):
        exact.common_step(Decimal("0.1"), Decimal(step))


@given(st.integers(-(10**40), 10**40), st.integers(-20, 40))
def test_text_is_one_writing_for_one_number(units: int, places: int) -> None:
    value = scaled(units, places)
    written = exact.text(value)
    assert Fraction(Decimal(written)) == Fraction(value)
    assert "E" not in written
    assert not written.startswith("-0") or "." in written
    assert "." not in written or not written.endswith(("0", "."))
    assert exact.text(exact.EXACT.multiply(value, Decimal("1.000"))) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [("-0", "0"), ("0E+5", "0"), ("-0.00", "0"), ("4E+7", "40000000"), ("1E-8", "0.00000001"), ("-1.50", "-1.5")],
)
def test_text_of_what_has_many_writings(value: str, written: str) -> None:
    assert exact.text(Decimal(value)) == written


def test_what_is_no_number_is_not_written() -> None:
    with pytest.raises(ValueError, match="no digits"):
        exact.text(Decimal("NaN"))


def test_a_sum_is_exact_and_of_nothing_it_is_zero() -> None:
    assert exact.total([Decimal("0.1"), Decimal("1e40"), Decimal("-0.3")]) == Decimal("9" * 40 + ".8")
    assert exact.total([]) == 0
    with pytest.raises(Inexact):
        exact.total([Decimal("1e60"), Decimal("0.1")])
