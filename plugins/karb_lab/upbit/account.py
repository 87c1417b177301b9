"""An account at a local Upbit: what is traded there, and by which rules. Source: Upbit's pages of August 2026."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, TickBand
from karb_core.venue.book import VenueBook
from karb_core.venue.terms import VenueTerms
from karb_lab.account import Account

VENUE = "upbit"
_FEE = Decimal("0.0005")  # karb: constant because Upbit's fee in KRW markets is 0.05 %
_MIN_TOTAL = Decimal("5000")  # karb: constant because Upbit's least order is 5000 KRW
_AMOUNT_STEP = Decimal("0.00000001")  # karb: constant because Upbit's amounts have eight digits
_TICKS = (
    ("0", "0.00000001"),  # karb: constant because Upbit's table of 2025-07-31 states it
    ("0.00001", "0.0000001"),  # karb: constant because Upbit's table of 2025-07-31 states it
    ("0.0001", "0.000001"),  # karb: constant because Upbit's table of 2025-07-31 states it
    ("0.001", "0.00001"),  # karb: constant because Upbit's table of 2025-07-31 states it
    ("0.01", "0.0001"),  # karb: constant because Upbit's table of 2025-07-31 states it
    ("0.1", "0.001"),  # karb: constant because Upbit's table of 2025-07-31 states it
    ("1", "0.01"),  # karb: constant because Upbit's table of 2025-07-31 states it
    ("10", "0.1"),  # karb: constant because Upbit's table of 2025-07-31 states it
    ("100", "1"),
    ("5000", "5"),  # karb: constant because Upbit's table of 2025-07-31 states it
    ("10000", "10"),  # karb: constant because Upbit's table of 2025-07-31 states it
    ("50000", "50"),  # karb: constant because Upbit's table of 2025-07-31 states it
    ("100000", "100"),  # karb: constant because Upbit's table of 2025-07-31 states it
    ("500000", "500"),  # karb: constant because Upbit's table of 2025-07-31 states it
    ("1000000", "1000"),  # karb: constant because Upbit's table of 2025-07-31 states it
)


def upbit_facts(base: str, valid_from_ns: int) -> InstrumentFacts:
    """What Upbit asks of orders for a coin in won."""
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
        taker_fee=_FEE,
        maker_fee=_FEE,
        valid_from_ns=valid_from_ns,
    )


def upbit_account(name: str, key: str, secret: str, opening: Mapping[str, Decimal], bases: tuple[str, ...]) -> Account:
    """Opens with these amounts of each asset. Unit: whole units of the asset."""
    facts = [upbit_facts(base, 0) for base in bases]
    terms = VenueTerms(
        venue=VENUE,
        opening=opening,
        facts={one.instrument: one for one in facts},
        # karb: constant because a spot venue lends nothing
        leverage=Decimal(1),
        taker_fee=_FEE,
    )
    return Account(name, key, secret, VenueBook(terms))
