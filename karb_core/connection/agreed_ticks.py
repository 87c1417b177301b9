"""Steps of prices, where a venue publishes a table of them and states besides which one a market has now."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from karb_core.domain.instrument import TickBand


def agreed_ticks(page: Sequence[TickBand], stated: Decimal, price: Decimal) -> tuple[TickBand, ...]:
    """`stated`: the step that the venue says this market has now; `price`: its last price.

    Edge: where the page gives another step at this price (a market with an exception, or a new page), the venue's word is
    the step at every price: at prices where the venue's is finer an order is on its grid, and where it is coarser the venue
    refuses. Errors: ValueError for a price that is none.
    """
    if price <= 0:
        raise ValueError(f"a price of {price}")
    on_the_page = next((band.tick for band in reversed(page) if band.from_price <= price), None)
    return tuple(page) if on_the_page == stated else (TickBand(Decimal(0), stated),)
