"""The rules of Binance's spot as they are told. Source: Binance's page Exchange Information, spot."""

from __future__ import annotations

from collections.abc import Iterable

from karb_core.domain.instrument import InstrumentFacts
from karb_lab.binance.limits import Limits
from karb_lab.binance.quotation import Body
from karb_lab.binance.words import MS, sum_text, symbol

_TYPES = ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT"]
_PREVENTIONS = ["EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "DECREMENT"]


def exchange_info(facts: Iterable[InstrumentFacts], limits: Limits, now_ns: int) -> Body:
    return {
        "timezone": "UTC",
        "serverTime": now_ns // MS,
        "rateLimits": list(limits.rows()),
        "exchangeFilters": [],
        "symbols": [_symbol(one) for one in facts],
    }


def _symbol(facts: InstrumentFacts) -> Body:
    tick, step = str(facts.ticks[0].tick), str(facts.amount_step)
    assert facts.max_amount is not None
    assert facts.min_notional is not None
    lot: Body = {"minQty": step, "maxQty": sum_text(facts.max_amount)}
    return {
        "symbol": symbol(facts.instrument),
        "status": "TRADING",
        "baseAsset": facts.instrument.base,
        "baseAssetPrecision": 8,  # karb: constant because Binance's assets have eight digits
        "quoteAsset": facts.instrument.quote,
        "quotePrecision": 8,  # karb: constant because Binance's assets have eight digits
        "quoteAssetPrecision": 8,  # karb: constant because Binance's assets have eight digits
        "baseCommissionPrecision": 8,  # karb: constant because Binance's assets have eight digits
        "quoteCommissionPrecision": 8,  # karb: constant because Binance's assets have eight digits
        "orderTypes": list(_TYPES),
        "icebergAllowed": False,
        "ocoAllowed": False,
        "otoAllowed": False,
        "quoteOrderQtyMarketAllowed": True,
        "allowTrailingStop": False,
        "cancelReplaceAllowed": False,
        "amendAllowed": False,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": tick, "maxPrice": "1000000.00000000", "tickSize": tick},
            {"filterType": "LOT_SIZE", **lot, "stepSize": step},
            {"filterType": "ICEBERG_PARTS", "limit": 10},  # karb: constant because Binance's exchangeInfo states it
            {
                "filterType": "MARKET_LOT_SIZE",
                "minQty": "0.00000000",
                "maxQty": lot["maxQty"],
                "stepSize": "0.00000000",
            },
            {
                "filterType": "PERCENT_PRICE_BY_SIDE",
                "bidMultiplierUp": "5",
                "bidMultiplierDown": "0.2",
                "askMultiplierUp": "5",
                "askMultiplierDown": "0.2",
                "avgPriceMins": 5,  # karb: constant because Binance's exchangeInfo states it
            },
            {
                "filterType": "NOTIONAL",
                "minNotional": sum_text(facts.min_notional),
                "applyMinToMarket": True,
                "maxNotional": "9000000.00000000",
                "applyMaxToMarket": False,
                "avgPriceMins": 5,  # karb: constant because Binance's exchangeInfo states it
            },
            {
                "filterType": "MAX_NUM_ORDERS",
                "maxNumOrders": 200,  # karb: constant because Binance's exchangeInfo states it
            },
        ],
        "permissions": [],
        "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": "EXPIRE_MAKER",
        "allowedSelfTradePreventionModes": list(_PREVENTIONS),
    }
