"""Rows that nobody judged are said once for each spell, with how many they were."""

from __future__ import annotations

from karb_core.domain.instrument import Instrument
from karb_core.texts.text import Said, render
from karb_core.wiring.passed_over import PassedOver

NEAR, FAR = Instrument("upbit", "BTC", "KRW"), Instrument("binance_usdm", "BTC", "USDT")
NOON = 1_736_132_400_000_000_000
BEGAN = (
    "BTC: the bar of 2025-01-06T03:00:00Z is not judged, for when the next one closed there was none of upbit BTC/KRW"
)


def test_a_spell_is_said_when_it_begins_and_when_it_is_over() -> None:
    said: list[Said] = []
    over = PassedOver(said.append)
    for _ in range(2):
        over.is_whole("BTC")
        over.lacks("BTC", {})
        over.lacks("BTC", {NOON: (NEAR,)})
        over.lacks("BTC", {NOON + 2: (FAR,), NOON + 1: (NEAR,)})
        assert over.counts == {"BTC": 3}
        over.is_whole("ETH")
        over.is_whole("BTC")
        assert over.counts == {}
    ended = "BTC: every leg has its bars again; not judged meanwhile: 3"
    assert [render(each) for each in said] == [BEGAN, ended] * 2


def test_what_was_lacked_before_anything_is_judged_is_counted_and_said_only_if_it_goes_on() -> None:
    said: list[Said] = []
    warm: list[bool] = []
    over = PassedOver(said.append, lambda: bool(warm))
    over.lacks("ETH", {NOON: (NEAR,)})
    over.lacks("BTC", {NOON - 1: (NEAR,)})
    warm.append(True)
    over.is_whole("ETH")
    over.lacks("BTC", {NOON: (NEAR,)})
    over.is_whole("BTC")
    assert [render(each) for each in said] == [BEGAN, "BTC: every leg has its bars again; not judged meanwhile: 2"]
