"""The two venues of an episode: a spot venue near, a perpetual far, one coin, and what each account opens with."""

from __future__ import annotations

from decimal import Decimal

from karb_core.venue.terms import VenueTerms
from tests.chaos.market import Listing
from tests.venue.accounts import PERPETUAL, SPOT, facts

NEAR, FAR = SPOT, PERPETUAL
START = 1_735_689_600_000_000_000


def listings() -> tuple[Listing, Listing]:
    """At the start, near is a little dearer than far at 1500 KRW for a USDT."""
    return (
        Listing(facts(NEAR), Decimal(95_000_000), Decimal("0.2"), spread_ticks=3),
        Listing(facts(FAR), Decimal(63_000), Decimal("0.3"), spread_ticks=2),
    )


def accounts(krw: str = "45000000", btc: str = "0.25", usdt: str = "31000") -> tuple[VenueTerms, VenueTerms]:
    """Fees as both venues took them in 2025; the perpetual locks half of its notional."""
    near = {"KRW": Decimal(krw), "BTC": Decimal(btc)}
    return (
        VenueTerms(
            venue=NEAR.venue, opening=near, facts={NEAR: facts(NEAR)}, leverage=Decimal(1), taker_fee=Decimal("0.0005")
        ),
        VenueTerms(
            venue=FAR.venue,
            opening={"USDT": Decimal(usdt)},
            facts={FAR: facts(FAR)},
            leverage=Decimal(2),
            taker_fee=Decimal("0.0004"),
        ),
    )
