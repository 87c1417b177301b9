"""An order as a wire understood it, before the venue says yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from karb_core.domain.orders import Order, TimeInForce


class How(Enum):
    """now: what does not trade at once ends. rest: it waits. whole: all of it at once, or nothing. maker: it waits, and
    ends where it would trade at once.
    """

    NOW = "now"
    REST = "rest"
    WHOLE = "whole"
    MAKER = "maker"

    @property
    def time_in_force(self) -> TimeInForce:
        """How a venue's books are asked for it."""
        return TimeInForce.GTC if self is How.REST else TimeInForce.IOC


@dataclass(frozen=True, slots=True)
class Wanted:
    """`client_id` and `said` as `Ticket` has them."""

    order: Order
    how: How
    client_id: str | None
    said: Mapping[str, str | None]
