"""What an account pays at spot for a trade: every kind of commission together."""

from __future__ import annotations

from decimal import Decimal

from karb_binance.spot.wire import SeenCommission
from karb_core.domain import exact


def fees_of(told: SeenCommission) -> tuple[Decimal, Decimal]:
    """Taker's and maker's, as ratios: of the side that pays more, and without a discount, which another coin would pay for."""
    kinds = [told.standard_commission, told.tax_commission]
    kinds += [] if told.special_commission is None else [told.special_commission]
    dearer = max(exact.total([one.buyer for one in kinds]), exact.total([one.seller for one in kinds]))
    takes, makes = exact.total([one.taker for one in kinds]), exact.total([one.maker for one in kinds])
    return exact.add(takes, dearer), exact.add(makes, dearer)
