"""The rules of Binance's futures as they are told. Source: Binance's page Exchange Information, USD-M futures."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.instrument import InstrumentFacts
from karb_lab.binance.limits import Limits
from karb_lab.binance.quotation import Body
from karb_lab.binance.words import MS, symbol

_FOREVER_MS = 4_133_404_800_000  # karb: constant because a perpetual is delivered in the year 2100
_ONBOARD_MS = 1_567_965_300_000  # karb: constant because a contract began some time ago
_TYPES = ["LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET"]
_FORCES = ["GTC", "IOC", "FOK", "GTX", "GTD"]


def exchange_info(facts: list[InstrumentFacts], limits: Limits, now_ns: int) -> Body:
    return {
        "timezone": "UTC",
        "serverTime": now_ns // MS,
        "futuresType": "U_MARGINED",
        "rateLimits": list(limits.rows()),
        "exchangeFilters": [],
        "assets": [{"asset": "USDT", "marginAvailable": True, "autoAssetExchange": "-10000"}],
        "symbols": [_symbol(one) for one in facts],
    }


def _symbol(facts: InstrumentFacts) -> Body:
    tick, step = facts.ticks[0].tick, facts.amount_step
    lot: Body = {"minQty": str(facts.min_amount), "maxQty": str(facts.max_amount), "stepSize": str(step)}
    return {
        "symbol": symbol(facts.instrument),
        "pair": symbol(facts.instrument),
        "contractType": "PERPETUAL",
        "deliveryDate": _FOREVER_MS,
        "onboardDate": _ONBOARD_MS,
        "status": "TRADING",
        "maintMarginPercent": "2.5000",
        "requiredMarginPercent": "5.0000",
        "baseAsset": facts.instrument.base,
        "quoteAsset": facts.instrument.quote,
        "marginAsset": facts.margin_asset,
        "pricePrecision": -int(tick.as_tuple().exponent),
        "quantityPrecision": -int(step.as_tuple().exponent),
        "baseAssetPrecision": 8,  # karb: constant because Binance's assets have eight digits
        "quotePrecision": 8,  # karb: constant because Binance's assets have eight digits
        "underlyingType": "COIN",
        "underlyingSubType": ["PoW"],
        "triggerProtect": "0.0500",
        "liquidationFee": "0.012500",
        "marketTakeBound": "0.05",
        "maxMoveOrderLimit": 10000,
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": str(tick), "maxPrice": "10000000", "tickSize": str(tick)},
            {"filterType": "LOT_SIZE", **lot},
            {"filterType": "MARKET_LOT_SIZE", **lot},
            {"filterType": "MAX_NUM_ORDERS", "limit": 200},  # karb: constant because Binance's page states it
            # karb: constant because a venue without a least order states zero
            {"filterType": "MIN_NOTIONAL", "notional": exact.text(facts.min_notional or Decimal(0))},
            {
                "filterType": "PERCENT_PRICE",
                "multiplierUp": "1.0500",
                "multiplierDown": "0.9500",
                "multiplierDecimal": "4",
            },
            {"filterType": "POSITION_RISK_CONTROL", "positionControlSide": "NONE"},
        ],
        "orderTypes": list(_TYPES),
        "timeInForce": list(_FORCES),
    }
