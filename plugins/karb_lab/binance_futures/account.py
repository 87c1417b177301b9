"""An account at local futures of Binance: what is traded there, and by which rules. Source: Binance's pages of 2026."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, MaintenanceTier, TickBand
from karb_core.venue.book import VenueBook
from karb_core.venue.terms import VenueTerms
from karb_lab.account import Account

VENUE = "binance_usdm"
_TAKER = Decimal("0.0005")  # karb: constant because Binance's fee of the lowest grade is 0.05 % for takers
_MAKER = Decimal("0.0002")  # karb: constant because Binance's fee of the lowest grade is 0.02 % for makers
#: Tick, step, least notional. Source: Binance's exchangeInfo of 2026.
_RULES = {
    "BTC": ("0.10", "0.001", "50"),  # karb: constant because Binance's exchangeInfo states it
    "ETH": ("0.01", "0.001", "20"),  # karb: constant because Binance's exchangeInfo states it
    "XRP": ("0.0001", "0.1", "5"),  # karb: constant because Binance's exchangeInfo states it
}
_OTHERS = ("0.0001", "0.1", "5")  # karb: constant because most coins of Binance's exchangeInfo are alike
_BOOKED = Decimal("0.00000001")  # karb: constant because Binance tells fees and funding with eight digits
_MAX_AMOUNT = Decimal("1000000")  # karb: constant because a made-up account is too small for any bound on it
#: From a notional on: the rate, and what is deducted.
_BRACKETS = (
    ("0", "0.004", "0"),  # karb: constant because Binance's brackets of BTCUSDT state it
    ("50000", "0.005", "50"),  # karb: constant because Binance's brackets of BTCUSDT state it
    ("500000", "0.01", "2550"),  # karb: constant because Binance's brackets of BTCUSDT state it
    ("8000000", "0.025", "122550"),  # karb: constant because Binance's brackets of BTCUSDT state it
)


def futures_facts(base: str, valid_from_ns: int) -> InstrumentFacts:
    """What Binance asks of orders for a perpetual in USDT. Edge: of a coin whose rules are not here, what is common."""
    tick, step, notional = _RULES.get(base, _OTHERS)
    return InstrumentFacts(
        instrument=Instrument(VENUE, base, "USDT"),
        kind=InstrumentKind.PERPETUAL,
        ticks=(TickBand(Decimal(0), Decimal(tick)),),
        amount_step=Decimal(step),
        min_amount=Decimal(step),
        max_amount=_MAX_AMOUNT,
        min_notional=Decimal(notional),
        margin_asset="USDT",
        multiplier=Decimal(1),
        maintenance=tuple(MaintenanceTier(*map(Decimal, bracket)) for bracket in _BRACKETS),
        taker_fee=_TAKER,
        maker_fee=_MAKER,
        valid_from_ns=valid_from_ns,
    )


def futures_account(
    name: str, key: str, secret: str, opening: Mapping[str, Decimal], bases: tuple[str, ...], leverage: Decimal
) -> Account:
    """Margin is isolated, positions are one-way. Unit: opening in whole units; leverage a plain ratio."""
    facts = [futures_facts(base, 0) for base in bases]
    terms = VenueTerms(
        venue=VENUE,
        opening=opening,
        facts={one.instrument: one for one in facts},
        leverage=leverage,
        taker_fee=_TAKER,
        maker_fee=_MAKER,
        booked_step=_BOOKED,
    )
    return Account(name, key, secret, VenueBook(terms))
