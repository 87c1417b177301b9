"""What Upbit asks of orders: read from it, with its table of price steps where that agrees with what it says now."""

from __future__ import annotations

from decimal import Decimal

from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind
from karb_upbit.ticks import AMOUNT_STEP, ticks_of
from karb_upbit.wire import SeenChance


def facts_of(instrument: Instrument, chance: SeenChance, tick: Decimal, price: Decimal, now_ns: int) -> InstrumentFacts:
    """`tick`: the step that Upbit states for this market now; `price`: its last price.

    Fees: the larger of both sides. Errors: `Unreadable`.
    """
    try:
        return InstrumentFacts(
            instrument=instrument,
            kind=InstrumentKind.SPOT,
            ticks=ticks_of(instrument.quote, tick, price),
            amount_step=AMOUNT_STEP,
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
