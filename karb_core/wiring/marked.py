"""A lot as if what is open of it had been brought back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot


def marked(lot: Lot, last: Callable[[Instrument], Decimal]) -> Lot:
    """At the last prices, free of fees. Errors: LookupError where something open has no price."""
    legs = tuple(
        leg.moved(-leg.open, -leg.open.at(leg.instrument.price(last(leg.instrument)))) if leg.open.value else leg
        for leg in lot.legs
    )
    return replace(lot, legs=legs)
