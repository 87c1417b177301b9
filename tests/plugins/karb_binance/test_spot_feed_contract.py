"""`binance_spot.stream` keeps the contract that any author's feed keeps, over sockets of this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

pytest.importorskip("aiohttp", reason="needs karb[live]")

from karb_binance.spot.stream import SpotStream
from karb_core.ports import Wants
from karb_core.testing.feed_contract import FeedContract, Source
from karb_core.testing.scene import NOW
from tests.plugins.karb_binance.life import MINUTE
from tests.plugins.karb_binance.market_told import SPOT_BTC
from tests.plugins.karb_binance.spot_on_sockets import SpotOnSockets


class TestStream(FeedContract):
    component = SpotStream
    params = "network: demo\nback_off: 10ms"
    unshown = {"network": "each has hosts of its own, and both are led to one machine here"}  # noqa: RUF012

    @asynccontextmanager
    async def source(self, component: Any) -> AsyncIterator[Source]:
        async with SpotOnSockets().open() as spot:
            led = SpotStream(component._params.model_copy(update=spot.params))
            since = NOW - NOW % MINUTE - 10 * MINUTE
            past = (since, since + 5 * MINUTE)
            yield Source(led, Wants((SPOT_BTC,), MINUTE, "close"), spot.tell, spot.breaks, past)
