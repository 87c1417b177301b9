"""Binance tells its clock to the millisecond, each of its products at a place of its own."""

from __future__ import annotations

import asyncio

import pytest

from karb_binance.futures import FUTURES
from karb_binance.market_past import said
from karb_binance.product import Product
from karb_binance.questions import manner_of
from karb_binance.spot.product import SPOT
from karb_core.connection.questions import Questions
from karb_core.connection.request import Answer
from karb_core.domain.statement import VenueSilent


def asks(body: bytes, at: str) -> Questions:
    async def gets(target: str) -> Answer:
        assert target == at
        return Answer(200, {}, body)

    return Questions(gets, manner_of("binance_usdm"))


@pytest.mark.parametrize(("product", "at"), [(FUTURES, "/fapi/v1/time"), (SPOT, "/api/v3/time")])
def test_its_time_is_told_and_it_warns_of_nothing(product: Product, at: str) -> None:
    found = asyncio.run(said(asks(b'{"serverTime":1795237200140}', at), product))
    assert (found.at_ns, found.resolution_ns) == (1_795_237_200_140_000_000, 1_000_000)
    assert found.cautions == {}


@pytest.mark.parametrize("body", [b"{}", b'{"serverTime":"soon"}', b"<html>"])
def test_what_cannot_be_read_is_no_time(body: bytes) -> None:
    with pytest.raises(VenueSilent, match="fapi/v1/time"):
        asyncio.run(said(asks(body, FUTURES.time), FUTURES))
