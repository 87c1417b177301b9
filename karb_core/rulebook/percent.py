"""Ratios as people read them."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain.exact import mul, text

_HUNDRED = Decimal(100)


def percent(ratio: Decimal) -> str:
    """0.008 as `0.8%`."""
    return text(mul(ratio, _HUNDRED)) + "%"
