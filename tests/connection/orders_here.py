"""One order of ours at a venue that there is not, and what the venue asks of it."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain.amount import Amount
from karb_core.domain.approved import Approved
from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, TickBand
from karb_core.domain.orders import Filled, Order, Side, TimeInForce

BTC = Instrument("somewhere", "BTC", "KRW")
COST = Amount(Decimal(49_740), "KRW")
FACTS = InstrumentFacts(
    instrument=BTC,
    kind=InstrumentKind.SPOT,
    ticks=(TickBand(Decimal(0), Decimal(1000)),),
    amount_step=Decimal("1e-8"),
    min_amount=None,
    max_amount=None,
    min_notional=Decimal(5000),
    margin_asset=None,
    multiplier=Decimal(1),
    maintenance=(),
    taker_fee=Decimal("0.0005"),
    maker_fee=Decimal("0.0005"),
    valid_from_ns=0,
)


def order(name: str = "bot-000001", amount: str = "0.001") -> Order:
    return Order(
        id=name,
        intent_id="intent",
        leg=0,
        instrument=BTC,
        side=Side.BUY,
        amount=BTC.amount(Decimal(amount)),
        limit=BTC.price(Decimal(124_350_000)),
        cost=None,
        time_in_force=TimeInForce.IOC,
        reduce_only=False,
    )


def approved(of: Order | None = None) -> Approved[Order]:
    return Approved.by_gates(of or order(), ())


def filled(of: Order | None = None, *, final: bool = True) -> Filled:
    """0.0004 of it, for 49 740 won."""
    return Filled(of or order(), BTC.amount(Decimal("0.0004")), COST, final=final)
