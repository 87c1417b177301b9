from dataclasses import replace
from decimal import Decimal

import pytest

from karb_core.domain.instrument import Instrument, MaintenanceTier
from karb_core.venue.terms import VenueTerms
from tests.venue.accounts import PERPETUAL, SPOT, TIERS, facts

SOUND = VenueTerms(
    venue="binance_usdm",
    opening={"USDT": Decimal(31000)},
    facts={PERPETUAL: facts(PERPETUAL)},
    leverage=Decimal(1),
    taker_fee=Decimal("0.0005"),
)


@pytest.mark.parametrize(
    "change",
    [
        {"opening": {"USDT": Decimal(-1)}},
        {"leverage": Decimal(0)},
        {"taker_fee": Decimal("-0.0001")},
        {"facts": {SPOT: facts(SPOT)}},
        {"facts": {Instrument("binance_usdm", "ETH", "USDT"): facts(PERPETUAL)}},
        {"facts": {PERPETUAL: facts(PERPETUAL, ())}},
        {"facts": {PERPETUAL: facts(PERPETUAL, TIERS[1:])}},
        {"facts": {PERPETUAL: facts(PERPETUAL, (replace(TIERS[0], rate=Decimal(1)),))}},
        {"facts": {PERPETUAL: replace(facts(PERPETUAL), margin_asset="BTC")}},
    ],
)
def test_an_account_that_cannot_be_is_not_opened(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"binance_usdm|BTC/USDT|BTC/KRW"):
        replace(SOUND, **change)  # type: ignore[arg-type]


def test_one_tier_from_zero_is_enough() -> None:
    flat = (MaintenanceTier(Decimal(0), Decimal("0.004"), Decimal(0)),)
    assert replace(SOUND, facts={PERPETUAL: facts(PERPETUAL, flat)}).facts[PERPETUAL].maintenance == flat
