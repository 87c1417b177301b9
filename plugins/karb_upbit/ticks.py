"""Upbit's steps of prices and amounts: its page, where its own answer agrees with it, and that answer where not.

Source: Upbit, order policy of KRW markets, price steps in force since 2025-07-31.
"""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain.instrument import TickBand

AMOUNT_STEP = Decimal("1e-8")  # karb: constant because Upbit takes eight decimals of every coin and tells it nowhere

#: From a price on, the step.
_WON_PAGE = (
    # karb: constant because Upbit publishes it as a table only; it is used where Upbit's own answer agrees with it
    ("0", "1e-8"), ("1e-5", "1e-7"), ("1e-4", "1e-6"), ("1e-3", "1e-5"), ("1e-2", "1e-4"), ("0.1", "1e-3"),
    # karb: constant because as above
    ("1", "1e-2"), ("10", "0.1"), ("100", "1"), ("1000", "1"), ("5000", "5"), ("10000", "10"), ("50000", "50"),
    # karb: constant because as above
    ("100000", "100"), ("500000", "500"), ("1000000", "1000"),
)  # fmt: skip
_WON = tuple(TickBand(Decimal(price), Decimal(step)) for price, step in _WON_PAGE)


def ticks_of(quote: str, stated: Decimal, price: Decimal) -> tuple[TickBand, ...]:
    """`stated`: the step that Upbit says this market has now; `price`: its last price.

    Edge: where the page gives another step at this price (a market with an exception, or a new page), Upbit's word is the
    step at every price: at prices where Upbit's is finer an order is on its grid, and where it is coarser Upbit refuses.
    Errors: ValueError for a price that is none.
    """
    if price <= 0:
        raise ValueError(f"a price of {price}")
    on_the_page = next(band.tick for band in reversed(_WON) if band.from_price <= price)
    return _WON if quote == "KRW" and on_the_page == stated else (TickBand(Decimal(0), stated),)
