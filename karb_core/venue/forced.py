"""The closes that nobody at the account ordered, told by the order ids that a venue gives them."""

from __future__ import annotations

from enum import StrEnum

from karb_core.domain.instrument import Instrument


class Forced(StrEnum):
    """Why a venue closed a position by itself; the value begins the order id.

    liquidation: its margin is used up. deleveraging: it was the other side of somebody's liquidation that nobody
    else took (ADL), which closes what is deepest in profit. settlement: its contract ended.
    """

    LIQUIDATION = "autoclose-"
    DELEVERAGING = "adl_autoclose-"
    SETTLEMENT = "settlement_autoclose-"

    @classmethod
    def read(cls, order_id: str) -> Forced | None:
        """Why this order was made; None for one that somebody ordered."""
        return next((why for why in cls if order_id.startswith(why)), None)

    def order_id(self, instrument: Instrument, at_ns: int) -> str:
        """Shape: `adl_autoclose-BTC-USDT-1735689600000000000`: one of a kind, instrument and moment."""
        return f"{self.value}{instrument.base}-{instrument.quote}-{at_ns}"
