"""What a venue asks of orders in one spot market, where it states no bounds of an order's amount."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, TickBand


def spot_facts(
    instrument: Instrument,
    ticks: tuple[TickBand, ...],
    amount_step: Decimal,
    min_notional: Decimal | None,
    now_ns: int,
    fees: tuple[Decimal, Decimal] | None = None,
) -> InstrumentFacts:
    """`fees`: taker's and maker's as ratios, None where nobody is asked for an account. Errors: ValueError for what cannot
    be."""
    return InstrumentFacts(
        instrument=instrument,
        kind=InstrumentKind.SPOT,
        ticks=ticks,
        amount_step=amount_step,
        min_amount=None,
        max_amount=None,
        min_notional=min_notional,
        margin_asset=None,
        multiplier=Decimal(1),
        maintenance=(),
        taker_fee=fees[0] if fees else None,
        maker_fee=fees[1] if fees else None,
        valid_from_ns=now_ns,
    )
