"""Numbers as a person reads them: rounded where they are shown, and nowhere else.

What is stored, compared and digested keeps its last digit; texts of it pass through here on their way to a screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from karb_core.domain.exact import DIGITS, half_even, text

#: `-629.37 KRW`, `5.001s`, `0.4%`, `0.0189`; no part of a name, a path, a time or a version.
_NUMBER = re.compile(r"(?<![\w.,:/-])(-?\d+(?:\.\d+)?)( [A-Z0-9]*[A-Z][A-Z0-9]*\b|s|%)?(?![\w:/-]|[.,]\d)")
_PLACES = {"KRW": 0, "USD": 2, "USDT": 2}  # karb: constant because these are steps of display
_COIN = 8  # karb: constant because it is a step of display
_SIGNIFICANT = 6  # karb: constant because it is so many digits of display


@dataclass(frozen=True, slots=True)
class _Number:
    value: Decimal
    unit: str

    def size(self, value: Decimal) -> Fraction:
        """Without its sign, for a bound may be written without one; 0.5% is 0.005."""
        return abs(Fraction(value)) / (100 if self.unit == "%" else 1)

    @property
    def kind(self) -> str:
        return "" if self.unit == "%" else self.unit


def shown(*texts: str, beside: Iterable[str] = ()) -> tuple[str, ...]:
    """The texts with their numbers rounded: won to 1, dollars to a cent, coins to 8 places, else 6 digits.

    Whole numbers stay; amounts are grouped. Edge: a number gets more digits until it looks like no other number of
    its unit that it is not, in these texts or those `beside` them, and until it no longer looks like zero.
    """
    others = [number for told in (*texts, *beside) for number in _numbers(told)]
    return tuple(_NUMBER.sub(lambda match: _rounded(match, others), told) for told in texts)


def _numbers(told: str) -> Iterator[_Number]:
    return (_number(match) for match in _NUMBER.finditer(told) if len(match[1]) <= DIGITS)


def _number(match: re.Match[str]) -> _Number:
    return _Number(Decimal(match[1]), (match[2] or "").strip())


def _rounded(match: re.Match[str], others: list[_Number]) -> str:
    if len(match[1]) > DIGITS:
        return match[0]
    number = _number(match)
    asset = bool(match[2]) and match[2].startswith(" ")
    nearest = _nearest(number, others)
    places = _places(number, asset)
    value = half_even(number.value, places)
    while _misleads(number, value, nearest):
        places += 1
        value = half_even(number.value, places)
    told = text(value)
    return (f"{Decimal(told):,f}" if asset else told) + (match[2] or "")


def _places(number: _Number, asset: bool) -> int:
    exponent = number.value.as_tuple().exponent
    assert isinstance(exponent, int)
    wanted = _PLACES.get(number.unit, _COIN) if asset else _SIGNIFICANT - 1 - number.value.adjusted()
    return max(0, min(wanted, -exponent))


def _nearest(number: _Number, others: list[_Number]) -> Fraction | None:
    """How far the nearest other number of this unit is."""
    size = number.size(number.value)
    sizes = (other.size(other.value) for other in others if other.kind == number.kind)
    return min((abs(other - size) for other in sizes if other != size), default=None)


def _misleads(number: _Number, value: Decimal, nearest: Fraction | None) -> bool:
    """Two numbers that are each moved by less than half of what is between them still look different."""
    moved = abs(number.size(value) - number.size(number.value))
    return bool(moved) and (not value or (nearest is not None and 2 * moved >= nearest))
