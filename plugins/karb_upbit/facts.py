"""What Upbit asks of orders: read from it, with its table of price steps where that agrees with what it says now."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, TickBand
from karb_upbit.wire import SeenChance, Unreadable

#: Source: Upbit's page on price steps in won markets, in force since 2025-07-31. From a price on, the step.
_WON_STEPS = (
    # karb: constant because Upbit publishes it as a table only; it is used where Upbit's own answer agrees with it
    ("0", "1e-8"), ("1e-5", "1e-7"), ("1e-4", "1e-6"), ("1e-3", "1e-5"), ("1e-2", "1e-4"), ("0.1", "1e-3"),
    # karb: constant because as above
    ("1", "1e-2"), ("10", "0.1"), ("100", "1"), ("1000", "1"), ("5000", "5"), ("10000", "10"), ("50000", "50"),
    # karb: constant because as above
    ("100000", "100"), ("500000", "500"), ("1000000", "1000"),
)  # fmt: skip
_WON_TICKS = tuple(TickBand(Decimal(price), Decimal(step)) for price, step in _WON_STEPS)

_AMOUNT_STEP = Decimal("1e-8")  # karb: constant because Upbit takes eight decimals of every coin and tells it nowhere


def facts_of(instrument: Instrument, chance: SeenChance, tick: Decimal, price: Decimal, now_ns: int) -> InstrumentFacts:
    """`tick`: the step that Upbit states for this market now; `price`: its last price.

    Edge: where the table gives another step at this price (a market with an exception, or a new table), Upbit's word is
    the step at every price: at prices where Upbit's is finer an order is on its grid, and where it is coarser Upbit
    refuses. Fees: the larger of both sides. Errors: `Unreadable`.
    """
    try:
        return InstrumentFacts(
            instrument=instrument,
            kind=InstrumentKind.SPOT,
            ticks=_ticks(instrument, tick, price),
            amount_step=_AMOUNT_STEP,
            min_amount=None,
            max_amount=None,
            min_notional=max(chance.market.bid.min_total, chance.market.ask.min_total),
            margin_asset=None,
            multiplier=Decimal(1),
            maintenance=(),
            taker_fee=max(chance.bid_fee, chance.ask_fee),
            maker_fee=max(chance.maker_bid_fee, chance.maker_ask_fee),
            valid_from_ns=now_ns,
        )
    except ValueError as e:
        raise Unreadable(f"{instrument.text()}: {e}") from None


def _ticks(instrument: Instrument, tick: Decimal, price: Decimal) -> tuple[TickBand, ...]:
    if price <= 0:
        raise ValueError(f"a price of {price}")
    if instrument.quote == "KRW" and _step_at(price) == tick:
        return _WON_TICKS
    return (TickBand(Decimal(0), tick),)


def _step_at(price: Decimal) -> Decimal:
    return next(band.tick for band in reversed(_WON_TICKS) if band.from_price <= price)
