"""What Upbit asks of orders: read from it, with its table of price steps where that agrees with what it says now."""

from __future__ import annotations

from decimal import Decimal

from karb_core.connection.spot_facts import spot_facts
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_upbit.ticks import AMOUNT_STEP, ticks_of
from karb_upbit.wire import SeenChance


def facts_of(instrument: Instrument, chance: SeenChance, tick: Decimal, price: Decimal, now_ns: int) -> InstrumentFacts:
    """`tick`: the step that Upbit states for this market now; `price`: its last price.

    Fees: the larger of both sides. Errors: `Unreadable`.
    """
    try:
        ticks = ticks_of(instrument.quote, tick, price)
        least = max(chance.market.bid.min_total, chance.market.ask.min_total)
        fees = max(chance.bid_fee, chance.ask_fee), max(chance.maker_bid_fee, chance.maker_ask_fee)
        return spot_facts(instrument, ticks, AMOUNT_STEP, least, now_ns, fees)
    except ValueError as e:
        raise Unreadable(f"{instrument.text()}: {e}") from None
