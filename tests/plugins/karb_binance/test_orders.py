"""The light component: which account it is, and what its key must look like."""

from __future__ import annotations

import pytest

from karb_binance.orders import Orders, OrdersParams
from karb_core.errors import StrategyInvalid
from karb_core.wiring.wall_clock import WallClock

STATED = {"keys": "secret:binance", "leverage": 1, "margin": "isolated"}


def test_the_same_key_on_another_network_is_another_account() -> None:
    told = [Orders(OrdersParams(network=network, **STATED)).account() for network in ("production", "demo")]
    assert told == ["binance_usdm production secret:binance", "binance_usdm demo secret:binance"]


def test_a_value_that_is_no_key_is_refused_without_a_part_of_it() -> None:
    orders = Orders(OrdersParams(network="demo", **STATED))
    with pytest.raises(StrategyInvalid) as refused:
        orders.open_account([], lambda _: "planted without a colon", WallClock())
    assert "secret:binance" in str(refused.value)
    assert "planted" not in f"{refused.value!r} {refused.value}"
