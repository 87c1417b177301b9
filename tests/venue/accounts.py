"""Two accounts to trade with: one that trades spot, one that trades a perpetual on margin."""

from decimal import Decimal
from itertools import count

from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, MaintenanceTier, TickBand
from karb_core.domain.orders import Order, Side, TimeInForce
from karb_core.venue.book import VenueBook
from karb_core.venue.terms import VenueTerms

SPOT = Instrument("upbit", "BTC", "KRW")
PERPETUAL = Instrument("binance_usdm", "BTC", "USDT")
TIERS = (
    MaintenanceTier(Decimal(0), Decimal("0.004"), Decimal(0)),
    MaintenanceTier(Decimal(50_000), Decimal("0.005"), Decimal(50)),
    MaintenanceTier(Decimal(500_000), Decimal("0.01"), Decimal(2550)),
)
_ids = count()


def facts(instrument: Instrument, tiers: tuple[MaintenanceTier, ...] = TIERS) -> InstrumentFacts:
    perpetual = instrument == PERPETUAL
    return InstrumentFacts(
        instrument=instrument,
        kind=InstrumentKind.PERPETUAL if perpetual else InstrumentKind.SPOT,
        ticks=(TickBand(Decimal(0), Decimal("0.1") if perpetual else Decimal(1000)),),
        amount_step=Decimal("0.001") if perpetual else Decimal("0.00000001"),
        min_amount=None,
        max_amount=Decimal(1000),
        min_notional=Decimal(50) if perpetual else Decimal(5000),
        margin_asset="USDT" if perpetual else None,
        multiplier=Decimal(1),
        maintenance=tiers if perpetual else (),
        taker_fee=None,
        maker_fee=None,
        valid_from_ns=0,
    )


def spot(opening: dict[str, str] | None = None, fee: str = "0.0005") -> VenueBook:
    given = {"KRW": "45000000", "BTC": "0.25"} if opening is None else opening
    return VenueBook(_terms(SPOT, given, "1", fee))


def margined(usdt: str = "31000", leverage: str = "1", fee: str = "0.0005") -> VenueBook:
    return VenueBook(_terms(PERPETUAL, {"USDT": usdt}, leverage, fee))


def _terms(instrument: Instrument, opening: dict[str, str], leverage: str, fee: str) -> VenueTerms:
    return VenueTerms(
        venue=instrument.venue,
        opening={asset: Decimal(value) for asset, value in opening.items()},
        facts={instrument: facts(instrument)},
        leverage=Decimal(leverage),
        taker_fee=Decimal(fee),
    )


def order(
    instrument: Instrument,
    side: Side,
    amount: str | Decimal,
    limit: str | Decimal | None,
    *,
    cost: str | None = None,
    id: str = "",  # noqa: A002 - the order's own word
    leg: int = 0,
    reduce_only: bool = False,
    time_in_force: TimeInForce = TimeInForce.IOC,
) -> Order:
    return Order(
        id=id or f"o{next(_ids)}",
        intent_id="abcdefghij234567",
        leg=leg,
        instrument=instrument,
        side=side,
        amount=instrument.amount(Decimal(amount)),
        limit=None if limit is None else instrument.price(Decimal(limit)),
        cost=None if cost is None else Amount(Decimal(cost), instrument.quote),
        time_in_force=time_in_force,
        reduce_only=reduce_only,
    )
