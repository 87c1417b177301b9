"""The past by REST, page by page: whole, in order, closed, or an answer that is refused."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from karb_binance.futures import FUTURES
from karb_binance.market_past import bars
from karb_binance.past import settled
from karb_binance.product import Product
from karb_binance.questions import manner_of
from karb_binance.spot.product import SPOT
from karb_core.connection.questions import Questions
from karb_core.connection.request import Answer
from karb_core.domain.market import FundingRate, Mark
from karb_core.domain.statement import VenueSilent
from tests.plugins.karb_binance.life import MINUTE, START, row
from tests.plugins.karb_binance.market_told import BTC, MS

HOUR = 60 * MINUTE
MANNER = manner_of("binance")


class Rest:
    """Candles of every minute and a settlement each eight hours, for ever; its clock is not told."""

    def __init__(self, body: bytes | None = None) -> None:
        self.asked = 0
        self.body = body

    async def __call__(self, target: str) -> Answer:
        self.asked += 1
        query = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        since_ns, until_ns, most = int(query["startTime"]) * MS, int(query["endTime"]) * MS, int(query["limit"])
        every = MINUTE if "interval" in query else 8 * HOUR
        at = range(-(-since_ns // every) * every, until_ns + 1, every)[:most]
        told: list[object] = [row(n) for n in at]
        if every != MINUTE:
            told = [
                {"symbol": "BTCUSDT", "fundingTime": n // MS, "fundingRate": "0.0001", "markPrice": "84000.5"}
                for n in at
            ]
        return Answer(200, {}, json.dumps(told).encode() if self.body is None else self.body)


@pytest.mark.parametrize(("product", "pages"), [(FUTURES, 3), (SPOT, 4)], ids=["futures", "spot"])
def test_candles_of_many_pages_are_whole_and_the_newest_is_taken_for_open(product: Product, pages: int) -> None:
    rest = Rest()
    found = asyncio.run(bars(Questions(rest, MANNER), product, BTC, MINUTE, START, START + 4000 * MINUTE, 0))
    assert [(bar.start_ns - START) // MINUTE for bar in found] == list(range(3999))
    assert rest.asked == pages


def test_longer_bars_are_told_only_whole() -> None:
    found = asyncio.run(bars(Questions(Rest(), MANNER), FUTURES, BTC, 7 * MINUTE, START, START + 100 * MINUTE, 0))
    assert all(bar.start_ns % (7 * MINUTE) == 0 and bar.volume == Decimal(7) for bar in found)
    assert found[0].start_ns >= START
    assert found[-1].end_ns <= START + 99 * MINUTE


def test_settlements_of_many_pages_come_with_the_mark_they_were_settled_at() -> None:
    rest, until_ns = Rest(), START + 2500 * 8 * HOUR
    found = asyncio.run(settled(Questions(rest, MANNER), BTC, START, until_ns))
    rates = [each for each in found if isinstance(each, FundingRate)]
    assert [each.settles_at_ns // (8 * HOUR) for each in rates] == list(
        range(-(-START // (8 * HOUR)), -(-START // (8 * HOUR)) + 2500)
    )
    assert all(each.settled and each.rate == Decimal("0.0001") for each in rates)
    assert [each.price for each in found if isinstance(each, Mark)] == [Decimal("84000.5")] * 2500
    assert rest.asked == 3


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[[1]]", b'[[1,"1","1","1","1","1"]]', b'[{"fundingTime":5,"fundingRate":"1"}]']
)
def test_what_cannot_be_read_is_silence(body: bytes) -> None:
    for asked in (
        bars(Questions(Rest(body), MANNER), FUTURES, BTC, MINUTE, START, START + HOUR, 0),
        settled(Questions(Rest(body), MANNER), BTC, START, START + HOUR),
    ):
        with pytest.raises(VenueSilent):
            asyncio.run(asked)
