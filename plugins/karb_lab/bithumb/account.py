"""An account at a local Bithumb: what is traded there, and by which rules. Source: Bithumb's order policy of KRW markets."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, TickBand
from karb_core.venue.book import VenueBook
from karb_core.venue.terms import VenueTerms
from karb_lab.account import Account

VENUE = "bithumb"
FEE = Decimal("0.0025")  # karb: constant because Bithumb's fee is 0.25 % where no coupon is registered
COUPON_FEE = Decimal("0.0004")  # karb: constant because Bithumb's fee is 0.04 % with the coupon that it gives away
_MIN_TOTAL = Decimal("5000")  # karb: constant because Bithumb's least order is 5000 KRW
_AMOUNT_STEP = Decimal("0.00000001")  # karb: constant because Bithumb's amounts have eight digits
_TICKS = (
    ("0", "0.0001"),  # karb: constant because Bithumb's table states it
    ("1", "0.001"),  # karb: constant because Bithumb's table states it
    ("10", "0.01"),  # karb: constant because Bithumb's table states it
    ("100", "1"),
    ("5000", "5"),  # karb: constant because Bithumb's table states it
    ("10000", "10"),  # karb: constant because Bithumb's table states it
    ("50000", "50"),  # karb: constant because Bithumb's table states it
    ("100000", "100"),  # karb: constant because Bithumb's table states it
    ("500000", "500"),  # karb: constant because Bithumb's table states it
    ("1000000", "1000"),  # karb: constant because Bithumb's table states it
)


def bithumb_facts(base: str, fee: Decimal, valid_from_ns: int) -> InstrumentFacts:
    """What Bithumb asks of orders for a coin in won. `fee`: of either side, as a ratio."""
    return InstrumentFacts(
        instrument=Instrument(VENUE, base, "KRW"),
        kind=InstrumentKind.SPOT,
        ticks=tuple(TickBand(Decimal(since), Decimal(tick)) for since, tick in _TICKS),
        amount_step=_AMOUNT_STEP,
        min_amount=None,
        max_amount=None,
        min_notional=_MIN_TOTAL,
        margin_asset=None,
        multiplier=Decimal(1),
        maintenance=(),
        taker_fee=fee,
        maker_fee=fee,
        valid_from_ns=valid_from_ns,
    )


def bithumb_account(
    name: str, key: str, secret: str, opening: Mapping[str, Decimal], bases: tuple[str, ...], fee: Decimal
) -> Account:
    """Opens with these amounts of each asset. Unit: whole units of the asset."""
    # karb: constant because what is made up was always so
    facts = [bithumb_facts(base, fee, 0) for base in bases]
    terms = VenueTerms(
        venue=VENUE,
        opening=opening,
        facts={one.instrument: one for one in facts},
        # karb: constant because a spot venue lends nothing
        leverage=Decimal(1),
        taker_fee=fee,
    )
    return Account(name, key, secret, VenueBook(terms))
