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

    Even is a lot whose legs have the same part of what they entered with. Edge: nothing below a step, and nothing from
    two steps on: that much is no remainder of several plans but a leg that stands alone, of which the ladder has said
    what is done. A lot of which a leg never entered is such a one.
    """
    total: dict[Instrument, Fraction] = {}
    for lot in lots:
        if all(leg.entered.value for leg in lot.legs):
            parts = [Fraction(leg.open.value) / Fraction(leg.entered.value) for leg in lot.legs]
            for leg, part in zip(lot.legs, parts, strict=True):
                ahead = (part - min(parts)) * Fraction(leg.entered.value)
                total[leg.instrument] = total.get(leg.instrument, Fraction(0)) + ahead
    out = {}
    for instrument, base in total.items():
        step = Fraction(facts[instrument].amount_step)
        if step <= abs(base) < 2 * step:  # karb: constant because of two remainders each is less than one step
            out[instrument] = exact.mul(facts[instrument].amount_step, Decimal(1 if base > 0 else -1))
    return out
