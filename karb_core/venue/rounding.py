"""The named points at which a simulated venue rounds what it books; everything else is exact."""

from __future__ import annotations

from decimal import Decimal

#: Margin that is locked, and the share of margin and cost that a partial close sets free. What one side of such a
#: cut loses the other keeps, so a rounding moves nothing out of the account.
MONEY_STEP = Decimal(1).scaleb(-8)  # karb: constant because venues keep margins to eight places

#: Prices that are told and never booked: an average entry, the price of a liquidation.
TOLD_STEP = Decimal(1).scaleb(-12)  # karb: constant because it only says how finely a told price is written
