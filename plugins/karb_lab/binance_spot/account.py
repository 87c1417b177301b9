"""An account at a local Binance spot: what is traded there, and by which rules. Source: Binance's pages of 2026."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, TickBand
from karb_core.venue.book import VenueBook
from karb_core.venue.terms import VenueTerms
from karb_lab.account import Account

VENUE = "binance_spot"
_FEE = Decimal("0.001")  # karb: constant because Binance's fee of the lowest grade is 0.1 % on either side
_MIN_NOTIONAL = Decimal("5")  # karb: constant because Binance's exchangeInfo states it of most pairs
#: Tick and step, written with eight digits as Binance writes every number of spot. Source: Binance's exchangeInfo of 2026.
_RULES = {
    "BTC": ("0.01000000", "0.00001000"),  # karb: constant because Binance's exchangeInfo states it
    "ETH": ("0.01000000", "0.00010000"),  # karb: constant because Binance's exchangeInfo states it
    "XRP": ("0.00010000", "0.10000000"),  # karb: constant because Binance's exchangeInfo states it
}
_OTHERS = ("0.00010000", "0.10000000")  # karb: constant because most coins of Binance's exchangeInfo are alike
_BOOKED = Decimal("0.00000001")  # karb: constant because Binance books eight digits
_MAX_AMOUNT = Decimal("9000000")  # karb: constant because a made-up account is too small for any bound on it


def spot_facts(base: str, valid_from_ns: int) -> InstrumentFacts:
    """What Binance asks of orders for a coin in USDT. Edge: of a coin whose rules are not here, what is common."""
    tick, step = _RULES.get(base, _OTHERS)
    return InstrumentFacts(
        instrument=Instrument(VENUE, base, "USDT"),
        kind=InstrumentKind.SPOT,
        # karb: constant because Binance has one step of prices for all of them
        ticks=(TickBand(Decimal(0), Decimal(tick)),),
        amount_step=Decimal(step),
        min_amount=Decimal(step),
        max_amount=_MAX_AMOUNT,
        min_notional=_MIN_NOTIONAL,
        margin_asset=None,
        multiplier=Decimal(1),
        maintenance=(),
        taker_fee=_FEE,
        maker_fee=_FEE,
        valid_from_ns=valid_from_ns,
    )


def spot_account(name: str, key: str, secret: str, opening: Mapping[str, Decimal], bases: tuple[str, ...]) -> Account:
    """A purchase pays its fee out of what it buys. Unit: opening in whole units of the asset."""
    # karb: constant because what is made up was always so
    facts = [spot_facts(base, 0) for base in bases]
    terms = VenueTerms(
        venue=VENUE,
        opening=opening,
        facts={one.instrument: one for one in facts},
        # karb: constant because a spot venue lends nothing
        leverage=Decimal(1),
        taker_fee=_FEE,
        fee_from_received=True,
        booked_step=_BOOKED,
    )
    return Account(name, key, secret, VenueBook(terms))
