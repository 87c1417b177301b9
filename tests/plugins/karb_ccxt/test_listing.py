"""Nothing that traded is passed over, however few an exchange lists at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from types import SimpleNamespace
from typing import Any

import pytest

from karb_ccxt.listing import Listing
from karb_core.connection.failures import NoAnswer
from tests.plugins.karb_ccxt.test_order_words import MARKET, SWAP
from tests.plugins.karb_ccxt.test_told_orders import TRADE

FIRST_MS = 1_795_237_200_000


def listing(times_ms: list[int], most: int) -> Listing:
    """Of an exchange that lists no more than so many trades at once, oldest first."""
    rows = [TRADE | {"id": str(number), "timestamp": at_ms} for number, at_ms in enumerate(times_ms)]

    async def trades(_symbol: str, since_ms: int, _limit: int) -> list[dict[str, Any]]:
        return [row for row in rows if row["timestamp"] >= since_ms][:most]

    async def loaded() -> None: ...

    async def asks(call: Awaitable[Any]) -> Any:
        return await call

    markets = {"BTC/USDT:USDT": MARKET | {"linear": True}}
    made: Any = SimpleNamespace(id="few", markets=markets, load_markets=loaded, fetch_my_trades=trades)
    return Listing(asks, made, "swap", "as_is", (SWAP,), lambda: 1, {"77": "karb-m1-abcdefghij234567-1-1"})


@pytest.mark.parametrize("most", [2, 3, 7, 100])
def test_every_trade_is_told_once_and_in_order(most: int) -> None:
    times = [FIRST_MS + step for step in (0, 5, 5, 9, 12, 30, 31)]
    found = asyncio.run(listing(times, max(most, 2)).fills(FIRST_MS * 1_000_000))
    assert [fill.venue_at_ns // 1_000_000 for fill in found] == times


def test_none_is_none() -> None:
    assert asyncio.run(listing([], 100).fills(FIRST_MS * 1_000_000)) == []


def test_more_of_one_millisecond_than_are_listed_is_no_answer_and_no_silence() -> None:
    with pytest.raises(NoAnswer):
        asyncio.run(listing([FIRST_MS] * 150, 100).fills(FIRST_MS * 1_000_000))
