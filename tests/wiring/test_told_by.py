"""Who tells a strategy what, for whoever wants to hear it without trading."""

from __future__ import annotations

import pytest

from karb_core.domain.instrument import Instrument
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import check
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.source import Source
from karb_core.texts.text import render
from karb_core.wiring.told_by import told_by
from tests.cli.shipped import STRATEGIES

DUNAMU = "{use: fx.dunamu, with: {max_age: 10m, when_closed: 80h}}"
KEYED = "{use: fx.koreaexim, with: {max_age: 30h, when_closed: 110h, key: secret:bank}}"
TETHER = "{use: upbit.usdt_krw, with: {max_age: 10s}}"


def file(premium: str) -> Rulebook:
    text = (STRATEGIES / "kimp_threshold.yaml").read_text("utf-8")
    assert DUNAMU in text
    assert TETHER in text
    made = check(Source.of_text(text.replace(DUNAMU, premium), "file.yaml"), Catalogue.installed())
    assert made.rulebook is not None, made.findings
    return made.rulebook


def test_feeds_come_with_the_instruments_of_their_venues_and_a_rate_in_two_seats_once() -> None:
    told = told_by(file(TETHER))
    assert [(each.use, each.instruments) for each in told.feeds] == [
        ("upbit.stream", (Instrument("upbit", "BTC", "KRW"),)),
        ("binance_usdm.stream", (Instrument("binance_usdm", "BTC", "USDT"),)),
    ]
    assert [each.use for each in told.rates] == ["upbit.usdt_krw"]
    assert told.unheard == {}


def test_a_rate_whose_key_is_not_here_is_named_with_the_reason_and_the_rest_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("KARB_SECRET_BANK", raising=False)
    told = told_by(file(KEYED))
    assert [each.use for each in told.rates] == ["upbit.usdt_krw"]
    assert "secret:bank" in render(told.unheard["fx.koreaexim"])
    assert [each.use for each in told_by(file(KEYED), lambda name: "a key").rates] == ["fx.koreaexim", "upbit.usdt_krw"]
