"""What Bithumb asks of orders: read from it, with its table of price steps where that agrees with what it says now."""

from __future__ import annotations

from decimal import Decimal

from karb_bithumb.ticks import AMOUNT_STEP, ticks_of
from karb_bithumb.wire import SeenChance
from karb_core.connection.spot_facts import spot_facts
from karb_core.connection.told_order import market_of
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument, InstrumentFacts


def facts_of(instrument: Instrument, chance: SeenChance, price: Decimal, now_ns: int) -> InstrumentFacts:
    """`price`: its last price. Fees and the least total: the larger of both sides. Unit: fees as ratios, the coupon of the
    account in them. Errors: `Unreadable`, also where both sides have steps of their own: an order would be on one's grid.
    """
    market = chance.market
    if market.id != market_of(instrument) or market.bid.price_unit != market.ask.price_unit:
        raise Unreadable(f"{market.id}: steps of {market.bid.price_unit} and {market.ask.price_unit}")
    try:
        ticks = ticks_of(instrument.quote, market.bid.price_unit, price)
        least = max(market.bid.min_total, market.ask.min_total)
        fees = max(chance.bid_fee, chance.ask_fee), max(chance.maker_bid_fee, chance.maker_ask_fee)
        return spot_facts(instrument, ticks, AMOUNT_STEP, least, now_ns, fees)
    except ValueError as e:
        raise Unreadable(f"{instrument.text()}: {e}") from None
