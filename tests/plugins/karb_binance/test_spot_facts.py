"""What spot asks of orders, read from the filters alone: by their names, in any order, or not at all."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from karb_binance.spot.facts import Information, facts_of
from karb_core.connection.typed_body import Unreadable, read
from karb_core.domain.instrument import InstrumentKind
from tests.plugins.karb_binance.market_told import SPOT_BTC

D = Decimal
PRICE = {"filterType": "PRICE_FILTER", "minPrice": "0.01000000", "maxPrice": "1000000.00", "tickSize": "0.01000000"}
LOT = {"filterType": "LOT_SIZE", "minQty": "0.00001000", "maxQty": "9000.00000000", "stepSize": "0.00001000"}
MARKET_LOT = {"filterType": "MARKET_LOT_SIZE", "minQty": "0.00000000", "maxQty": "75.1", "stepSize": "0.00000000"}
NOTIONAL = {
    "filterType": "NOTIONAL", "minNotional": "5.00000000", "applyMinToMarket": True, "maxNotional": "9000000.00000000",
    "applyMaxToMarket": False, "avgPriceMins": 5,
}  # fmt: skip


def told(*filters: dict[str, Any], **more: Any) -> Information:
    symbol = {"symbol": "BTCUSDT", "status": "TRADING", "baseAsset": "BTC", "quoteAsset": "USDT", "filters": filters}
    return read(json.dumps({"serverTime": 1_795_237_200_000, "symbols": [symbol | more]}).encode(), Information)


def facts(*filters: dict[str, Any], **more: Any) -> Any:
    return facts_of(SPOT_BTC, told(*filters, **more).symbols[0], 5)


def test_they_are_the_filters_whatever_their_order() -> None:
    for filters in ([PRICE, LOT, MARKET_LOT, NOTIONAL], [NOTIONAL, MARKET_LOT, LOT, PRICE]):
        found = facts(*filters)
        assert (found.kind, found.margin_asset, found.maintenance) == (InstrumentKind.SPOT, None, ())
        assert (found.tick_at(D(84_120)), found.amount_step) == (D("0.01"), D("0.00001"))
        assert (found.min_amount, found.max_amount, found.min_notional) == (D("0.00001"), D(9000), D(5))
        assert (found.taker_fee, found.valid_from_ns) == (None, 5)


def test_at_the_bound_an_order_is_taken_and_a_step_below_it_is_not() -> None:
    found = facts(PRICE, LOT, NOTIONAL)
    assert found.unfit(D("0.0001"), D(50_000)) is None
    assert found.unfit(D("0.00009"), D(50_000)) == "min_notional"
    assert found.unfit(D("0.000105"), D(50_000)) == "amount_step"
    assert found.unfit(D("0.0001"), D("50000.005")) == "ticks"


def test_the_older_filter_of_the_smallest_order_is_read_too() -> None:
    assert facts(PRICE, LOT, {"filterType": "MIN_NOTIONAL", "minNotional": "10"}).min_notional == D(10)


@pytest.mark.parametrize(
    "filters",
    [
        [LOT, NOTIONAL],
        [PRICE, NOTIONAL],
        [PRICE, LOT],
        [PRICE | {"tickSize": "0"}, LOT, NOTIONAL],
        [PRICE | {"minPrice": "0.005"}, LOT, NOTIONAL],
        [PRICE, LOT | {"stepSize": "0"}, NOTIONAL],
        [PRICE, LOT, NOTIONAL | {"minNotional": "NaN"}],
    ],
    ids=["no price", "no lot", "no notional", "no tick", "steps from elsewhere", "no step", "no number"],
)
def test_what_is_missing_or_is_no_number_is_never_guessed(filters: list[dict[str, Any]]) -> None:
    with pytest.raises(Unreadable):
        facts(*filters)


def test_another_market_under_the_same_name_is_refused() -> None:
    with pytest.raises(Unreadable):
        facts(PRICE, LOT, NOTIONAL, quoteAsset="USDC")
