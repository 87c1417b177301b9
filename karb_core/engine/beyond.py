"""What the lots of a pair have beyond even, once several plans each left less than a step of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from karb_core.domain import exact
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.lots import Lot


def beyond(lots: Iterable[Lot], facts: Mapping[Instrument, InstrumentFacts]) -> dict[Instrument, Decimal]:
    """By instrument, signed base in whole steps of it, that all legs would be even without.

    Even is a lot whose legs have as much open, where they are of one coin, and the same part of what they entered with
    where they are not. Edge: nothing below a step, and nothing from two steps on: that much is no remainder of several
    plans but a leg that stands alone, of which the ladder has said what is done, or was meant so. A lot of which a leg
    never entered is such a one.
    """
    total: dict[Instrument, Fraction] = {}
    for lot in lots:
        if all(leg.entered.value for leg in lot.legs):
            for leg, base in zip(lot.legs, _ahead(lot), strict=True):
                total[leg.instrument] = total.get(leg.instrument, Fraction(0)) + base
    out = {}
    for instrument, base in total.items():
        step = Fraction(facts[instrument].amount_step)
        if step <= abs(base) < 2 * step:  # karb: constant because of two remainders each is less than one step
            out[instrument] = exact.mul(facts[instrument].amount_step, Decimal(1 if base > 0 else -1))
    return out


def _ahead(lot: Lot) -> list[Fraction]:
    """By leg, signed base that it has beyond the leg that has least.

    Legs of one coin are even when as much is open: what entered is asked only where nothing else can be.
    """
    if len({leg.instrument.base for leg in lot.legs}) == 1:
        if len({exact.mul(leg.open.value, leg.side.sign) for leg in lot.legs}) == 1:
            return [Fraction(0)] * len(lot.legs)
        sizes = [Fraction(leg.open.value) * Fraction(leg.side.sign) for leg in lot.legs]
        return [(size - min(sizes)) * Fraction(leg.side.sign) for leg, size in zip(lot.legs, sizes, strict=True)]
    parts = [Fraction(leg.open.value) / Fraction(leg.entered.value) for leg in lot.legs]
    return [(part - min(parts)) * Fraction(leg.entered.value) for leg, part in zip(lot.legs, parts, strict=True)]
