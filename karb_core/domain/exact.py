"""Exact decimal arithmetic: karb's own context, and the only places where a number is rounded.

Nothing here reads or sets the ambient decimal context of the thread, so another library cannot change what karb
calculates. Operators on `Decimal` (`a + b`, `-a`) do read it: money goes through these functions instead.
"""

from collections.abc import Callable, Iterable
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    FloatOperation,
    Inexact,
    InvalidOperation,
    Overflow,
)
from enum import Enum
from functools import lru_cache, reduce
from math import lcm

DIGITS = 60

EXACT = Context(
    prec=DIGITS,
    rounding=ROUND_HALF_EVEN,
    Emin=-999_999,
    Emax=999_999,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[Inexact, InvalidOperation, DivisionByZero, Overflow, FloatOperation],
)

_NAMED_ROUNDING = EXACT.copy()
_NAMED_ROUNDING.traps[Inexact] = False


class Rounding(Enum):
    """Where a number between two steps goes."""

    FLOOR = "floor"
    CEIL = "ceil"
    HALF_EVEN = "half_even"
    TOWARDS_ZERO = "towards_zero"


def finite(value: Decimal) -> Decimal:
    """The value itself, if karb can calculate with it.

    Errors: TypeError for anything but a Decimal (a float is never money), ValueError for NaN, infinity and sizes
    outside 1e-60 to 1e60, which no venue books, decimal.Inexact for more than 60 digits.
    """
    if not isinstance(value, Decimal):
        raise TypeError(f"{value!r} is a {type(value).__name__}, not a Decimal")
    if not value.is_finite() or (value and not -DIGITS <= value.adjusted() < DIGITS):
        raise ValueError(f"{value} is not a number that karb calculates with")
    EXACT.plus(value)
    return value


# The context's own methods: a function of ours around each would take longer than what it asks for.
_Of = Callable[[Decimal], Decimal]
_OfTwo = Callable[[Decimal, Decimal], Decimal]

#: a + b. Errors: decimal.Inexact if the sum needs more than 60 digits.
add: _OfTwo = EXACT.add
#: a - b. Errors: decimal.Inexact if the difference needs more than 60 digits.
sub: _OfTwo = EXACT.subtract
#: a * b. Errors: decimal.Inexact if the product needs more than 60 digits.
mul: _OfTwo = EXACT.multiply
#: -a, and 0 for 0. Errors: decimal.Inexact if a itself has more than 60 digits.
negate: _Of = EXACT.minus
#: |a|. Errors: decimal.Inexact if a itself has more than 60 digits.
absolute: _Of = EXACT.abs


def total(values: Iterable[Decimal]) -> Decimal:
    """Their sum, 0 for none. Errors: as `add`."""
    return reduce(add, values, Decimal(0))


def divide(a: Decimal, b: Decimal, step: Decimal, rounding: Rounding) -> Decimal:
    """a / b as a multiple of step, rounded once: the only way to round a quotient.

    Unit: that of step. Edge: an exact multiple stays itself under every rounding; half_even takes the even multiple
    at an exact half. Errors: decimal.DivisionByZero for b = 0, ValueError for a step that is not above zero.
    """
    return EXACT.multiply(Decimal(steps_in(a, b, step, rounding)), step)


def steps_in(a: Decimal, b: Decimal, step: Decimal, rounding: Rounding) -> int:
    """How many steps a / b holds, rounded once, in integers only. Errors: as `divide`."""
    _need_step(step)
    if not b:
        raise DivisionByZero(f"{a} / 0")
    a_over, a_under = a.as_integer_ratio()
    b_over, b_under = b.as_integer_ratio()
    step_over, step_under = step.as_integer_ratio()
    return divide_ints(a_over * b_under * step_under, a_under * b_over * step_over, rounding)


def divide_ints(over: int, under: int, rounding: Rounding) -> int:
    """over / under as an integer. Errors: ZeroDivisionError for under = 0."""
    if under < 0:
        over, under = -over, -under
    floor, rest = divmod(over, under)
    match rounding:
        case Rounding.FLOOR:
            up = False
        case Rounding.CEIL:
            up = rest > 0
        case Rounding.TOWARDS_ZERO:
            up = rest > 0 and floor < 0
        case Rounding.HALF_EVEN:
            up = 2 * rest + floor % 2 > under  # an exact half goes up from an odd floor, and from no other
    return floor + up


def floor_to(value: Decimal, step: Decimal) -> Decimal:
    """The greatest multiple of step that is not above value. Errors: ValueError for a step not above zero."""
    _need_step(step)
    count = EXACT.divide_int(value, step)
    multiple = EXACT.multiply(count, step)
    return multiple if multiple <= value else EXACT.subtract(multiple, step)


def ceil_to(value: Decimal, step: Decimal) -> Decimal:
    """The least multiple of step that is not below value. Errors: ValueError for a step not above zero."""
    _need_step(step)
    count = EXACT.divide_int(value, step)
    multiple = EXACT.multiply(count, step)
    return multiple if multiple >= value else EXACT.add(multiple, step)


def half_even(value: Decimal, places: int) -> Decimal:
    """The value with so many decimal places, an exact half to the even digit."""
    return value.quantize(Decimal((0, (1,), -places)), ROUND_HALF_EVEN, _NAMED_ROUNDING)


@lru_cache(maxsize=256)
def common_step(*steps: Decimal) -> Decimal:
    """The smallest step of which every given step is a divisor: what both legs of a plan can be cut to.

    Edge: 0.001 and 0.0004 give 0.002. Errors: ValueError for none, or for one that is not above zero.
    """
    if not steps:
        raise ValueError("no step given")
    for step in steps:
        _need_step(step)
    places = max(-int(step.as_tuple().exponent) for step in steps)
    whole = lcm(*(int(step.scaleb(places, EXACT)) for step in steps))
    return Decimal(whole).scaleb(-places, EXACT)


def text(value: Decimal) -> str:
    """The one way to write a number: no exponent, no trailing zeros, never `-0`.

    Shape: `40000000`, `0.25`, `-0.00000001`. Equal numbers give equal text. Errors: ValueError for NaN and infinity.
    """
    if not value.is_finite():
        raise ValueError(f"{value} has no digits to write")
    if not value:
        return "0"
    digits = format(value, "f")
    if "." in digits:
        return digits.rstrip("0").rstrip(".")
    return digits


def _need_step(step: Decimal) -> None:
    if not step > 0:
        raise ValueError(f"a step must be above zero, not {step}")
