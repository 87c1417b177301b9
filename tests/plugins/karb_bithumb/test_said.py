"""What Bithumb warns of: the word of its list of markets, and each of its alerts."""

from __future__ import annotations

import asyncio
import json

import pytest

from karb_bithumb.past import said
from karb_bithumb.questions import MANNER
from karb_core.connection.questions import Questions
from karb_core.connection.request import Answer
from karb_core.domain.instrument import Instrument
from karb_core.domain.statement import VenueSilent

BTC, ZIL, ETH = (Instrument("bithumb", base, "KRW") for base in ("BTC", "ZIL", "ETH"))
DATE = {"date": "Sat, 21 Nov 2026 05:00:12 GMT"}


def asks(**bodies: object) -> Questions:
    async def gets(target: str) -> Answer:
        name = target.partition("?")[0].rpartition("/")[2]
        return Answer(200, DATE, json.dumps(bodies[name]).encode())

    return Questions(gets, MANNER)


def market(code: str, warning: str = "NONE") -> dict[str, str]:
    return {"market": code, "korean_name": "", "english_name": "", "market_warning": warning}


def alert(code: str, kind: str, step: str = "DANGER") -> dict[str, str]:
    return {"market": code, "warning_type": kind, "warning_step": step, "end_date": "2026-11-22 06:59:59"}


def test_a_market_has_its_word_and_each_kind_of_alert_once() -> None:
    listed = [market("KRW-BTC"), market("KRW-ZIL", "CAUTION"), market("KRW-XRP", "CAUTION")]
    alerts = [
        alert("KRW-ZIL", "TRADING_VOLUME_SUDDEN_FLUCTUATION"),
        alert("KRW-ZIL", "PRICE_DIFFERENCE_HIGH"),
        alert("KRW-ZIL", "PRICE_DIFFERENCE_HIGH", "CAUTION"),
    ]
    found = asyncio.run(said(asks(all=listed, virtual_asset_warning=alerts), (BTC, ZIL, ETH)))
    assert found.cautions == {BTC: (), ZIL: ("warning", "PRICE_DIFFERENCE_HIGH", "TRADING_VOLUME_SUDDEN_FLUCTUATION")}
    assert found.at_ns == 1_795_237_212 * 1_000_000_000


@pytest.mark.parametrize(
    ("listed", "alerts"), [([{"market": "KRW-BTC"}], []), ([market("KRW-BTC")], {"error": "no"}), ({}, [])]
)
def test_what_cannot_be_read_warns_of_nothing_and_clears_nothing(listed: object, alerts: object) -> None:
    with pytest.raises(VenueSilent):
        asyncio.run(said(asks(all=listed, virtual_asset_warning=alerts), (BTC,)))
