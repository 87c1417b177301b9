"""What Binance's spot asks of orders in one market, as `GET /api/v3/exchangeInfo` states it. Pure.

    {"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT","filters":[
     {"filterType":"PRICE_FILTER","minPrice":"0.01000000","maxPrice":"1000000.00000000","tickSize":"0.01000000"},
     {"filterType":"LOT_SIZE","minQty":"0.00001000","maxQty":"9000.00000000","stepSize":"0.00001000"},
     {"filterType":"NOTIONAL","minNotional":"5.00000000","applyMinToMarket":true,"maxNotional":"9000000.00000000",
      "applyMaxToMarket":false,"avgPriceMins":5}]}

Digits come from the filters alone, and filters come in no order. Source: Binance spot, filters.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import msgspec

from karb_binance.market_wire import number, positive
from karb_core.connection.spot_facts import spot_facts
from karb_core.connection.typed_body import Unreadable
from karb_core.domain import exact
from karb_core.domain.instrument import Instrument, InstrumentFacts, TickBand

#: What a market's smallest order is worth stands in either; markets that were listed long ago may have the older one.
_NOTIONALS = ("NOTIONAL", "MIN_NOTIONAL")


class Filter(msgspec.Struct, frozen=True, rename="camel"):
    """Any filter; what a type does not have stays empty."""

    filter_type: str
    tick_size: Decimal | None = None
    min_price: Decimal | None = None
    step_size: Decimal | None = None
    min_qty: Decimal | None = None
    max_qty: Decimal | None = None
    min_notional: Decimal | None = None


class Listed(msgspec.Struct, frozen=True, rename="camel"):
    """One market. `status` is TRADING while it can be traded."""

    symbol: str
    status: str
    base_asset: str
    quote_asset: str
    filters: tuple[Filter, ...]


class Information(msgspec.Struct, frozen=True, rename="camel"):
    """The answer, as far as it is read. Unit: ms."""

    server_time: int
    symbols: tuple[Listed, ...]


def facts_of(
    instrument: Instrument, listed: Listed, now_ns: int, fees: tuple[Decimal, Decimal] | None = None
) -> InstrumentFacts:
    """`fees`: taker's and maker's, None where nobody is asked for an account. Edge: an order at a limit keeps to LOT_SIZE;
    a bound that is told as zero is none. Errors: `Unreadable`, also for prices whose steps do not begin at zero."""
    name = listed.symbol
    if (listed.base_asset, listed.quote_asset) != (instrument.base, instrument.quote):
        raise Unreadable(f"{name} is {listed.base_asset} in {listed.quote_asset}, not {instrument.text()}")
    price, lot, least = _rule(listed, "PRICE_FILTER"), _rule(listed, "LOT_SIZE"), _rule(listed, *_NOTIONALS)
    tick, lowest = positive(name, price.tick_size), number(name, price.min_price)
    if lowest and exact.floor_to(lowest, tick) != lowest:
        raise Unreadable(f"{name}: steps of {tick} from {lowest}")
    try:
        # karb: constant because Binance has one step of prices for all of them
        ticks = (TickBand(Decimal(0), tick),)
        found = spot_facts(
            instrument, ticks, positive(name, lot.step_size), number(name, least.min_notional) or None, now_ns, fees
        )
        least_amount, most = number(name, lot.min_qty), number(name, lot.max_qty)
        return replace(found, min_amount=least_amount or None, max_amount=most or None)
    except (ValueError, ArithmeticError) as e:
        raise Unreadable(f"{instrument.text()}: {e}") from None


def _rule(listed: Listed, *names: str) -> Filter:
    found = next((one for one in listed.filters if one.filter_type in names), None)
    if found is None:
        raise Unreadable(f"{listed.symbol} has no {' or '.join(names)}")
    return found
