"""What Upbit warns of, as its page of all markets tells it."""

from __future__ import annotations

import asyncio
import json

import pytest

from karb_core.connection.questions import Questions
from karb_core.connection.request import Answer
from karb_core.domain.instrument import Instrument
from karb_core.domain.statement import VenueSilent
from karb_upbit.past import said
from karb_upbit.questions import MANNER

BTC, XRP, ETH = (Instrument("upbit", base, "KRW") for base in ("BTC", "XRP", "ETH"))
DATE = {"date": "Sat, 21 Nov 2026 05:00:12 GMT"}
CAUTIONS = (
    "PRICE_FLUCTUATIONS", "TRADING_VOLUME_SOARING", "DEPOSIT_AMOUNT_SOARING", "GLOBAL_PRICE_DIFFERENCES",
    "CONCENTRATION_OF_SMALL_ACCOUNTS",
)  # fmt: skip


def market(code: str, *raised: str, warning: bool = False) -> dict[str, object]:
    caution = {name: name in raised for name in CAUTIONS}
    return {
        "market": code,
        "korean_name": "",
        "english_name": "",
        "market_event": {"warning": warning, "caution": caution},
    }


def asks(body: object, headers: dict[str, str] | None = None) -> tuple[Questions, list[str]]:
    asked: list[str] = []

    async def gets(target: str) -> Answer:
        asked.append(target)
        return Answer(200, DATE if headers is None else headers, json.dumps(body).encode())

    return Questions(gets, MANNER), asked


def test_flags_are_upbits_own_words_and_a_review_of_the_listing_comes_first() -> None:
    body = [
        market("KRW-BTC"),
        market("KRW-XRP", "TRADING_VOLUME_SOARING", "GLOBAL_PRICE_DIFFERENCES", warning=True),
        market("KRW-DOGE", "PRICE_FLUCTUATIONS"),
    ]
    questions, asked = asks(body)
    found = asyncio.run(said(questions, (BTC, XRP, ETH)))
    assert asked == ["/v1/market/all?is_details=true"]
    assert found.cautions == {BTC: (), XRP: ("warning", "GLOBAL_PRICE_DIFFERENCES", "TRADING_VOLUME_SOARING")}
    assert found.at_ns == 1_795_237_212 * 1_000_000_000


def test_without_a_date_no_clock_is_told() -> None:
    assert asyncio.run(said(asks([market("KRW-BTC")], {})[0], (BTC,))).at_ns is None


@pytest.mark.parametrize("body", [[{"market": "KRW-BTC"}], [{"market": "KRW-BTC", "market_event": {}}], {}])
def test_an_answer_without_warnings_is_none_that_can_be_read(body: object) -> None:
    with pytest.raises(VenueSilent):
        asyncio.run(said(asks(body)[0], (BTC,)))
