"""The terminal's stories, word for word."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from karb_alerts.console import Console
from karb_alerts.story import story
from karb_core.ports import Notice, NoticeKind

AT = 1_733_232_600_000_000_000
ENTRY = Notice(
    NoticeKind.ENTRY,
    AT,
    "BTC",
    "paper",
    {
        "side": "short_premium",
        "tier": "ultra",
        "premium": Decimal("0.03451234"),
        "z": Decimal("4.127"),
        "legs": 1,
        "leg.0.side": "sell",
        "leg.0.amount": Decimal("0.05000000"),
        "leg.0.base": "BTC",
        "leg.0.venue": "upbit",
        "leg.0.price": Decimal("95000000"),
        "leg.0.quote": "KRW",
        "lines": "kimp.yaml:61",
        "denied": 0,
    },
)


def test_an_entry_says_when_why_and_what_was_sent() -> None:
    assert story(ENTRY) == (
        "2024-12-03 13:30  BTC entry ultra short_premium  premium +3.45 %  z +4.13\n"
        "    [paper] Sell 0.05 BTC on upbit at 95,000,000 KRW\n"
        "    kimp.yaml:61"
    )


def test_an_entry_is_told_in_korean() -> None:
    assert "진입" in story(ENTRY, korean=True)
    assert "[paper] upbit 0.05 BTC 매도, 가격 95,000,000 KRW" in story(ENTRY, korean=True)


def test_an_exit_ends_with_what_it_came_to() -> None:
    facts = {
        "side": "short_premium",
        "result": Decimal("48491.58"),
        "result.asset": "KRW",
        "result.of": Decimal("6000000"),
    }
    told = story(Notice(NoticeKind.EXIT, AT, "XRP", "backtest", facts))
    assert told.splitlines()[-1] == "    net +48,492 KRW (+0.81 %)"


def test_an_exit_says_what_it_was_judged_to_bring_beside_what_it_brought() -> None:
    facts = {
        "net": Decimal("0.0094"),
        "result": Decimal(48_492),
        "result.asset": "KRW",
        "result.of": Decimal(6_000_000),
    }
    notice = Notice(NoticeKind.EXIT, AT, "XRP", "backtest", facts)
    assert story(notice).splitlines()[-1] == "    net +48,492 KRW (+0.81 %)  expected +0.94 %"
    assert story(notice, korean=True).splitlines()[-1] == "    순이익 +48,492 KRW (+0.81 %)  예상 +0.94 %"


def test_a_refused_exit_tells_the_net_it_saw_only_as_what_was_seen() -> None:
    facts = {
        "side": "short_premium",
        "net": Decimal("0.009"),
        "denied": 2,
        "denied.0.rule": "/balances/upbit",
        "denied.0.observed": "40000000.4 KRW free at upbit",
        "denied.0.limit": "40000001 KRW",
        "denied.1.rule": "/risk_gates/3/use",
        "denied.1.observed": "lot 2lh45b7xjvismxbg: -629.37777282995699532 KRW",
        "denied.1.limit": "a net result above zero",
    }
    notice = Notice(NoticeKind.REFUSAL, AT, "BTC", "backtest", facts)
    assert story(notice).splitlines()[1:] == [
        "    /balances/upbit: 40,000,000.4 KRW free at upbit (limit 40,000,001 KRW)",
        "    /risk_gates/3/use: lot 2lh45b7xjvismxbg: -629 KRW (limit a net result above zero)",
    ]
    assert story(notice, korean=True).splitlines()[1] == (
        "    /balances/upbit: 40,000,000.4 KRW free at upbit (한도 40,000,001 KRW)"
    )


REMINDER = Notice(
    NoticeKind.REMINDER,
    AT,
    "BTC",
    "paper",
    {"side": "short_premium", "lot": "kmq3gzqv2ew4n7ah", "held_ns": 2_595_600_000_000_000, "net": Decimal("-0.0123"),
     "z": Decimal("0.4"), "denied": 0, "lines": "kimp.yaml:66"},
)  # fmt: skip


def test_a_lot_that_is_open_for_long_is_told_with_its_name_its_age_and_its_line() -> None:
    assert story(REMINDER) == (
        "2024-12-03 13:30  BTC still open short_premium  z +0.40\n"
        "    lot kmq3gzqv2ew4n7ah has been open for 30 d 1 h  net now -1.23 %\n"
        "    kimp.yaml:66"
    )
    told = story(REMINDER, korean=True)
    assert "BTC 아직 보유 short_premium" in told
    assert "    로트 kmq3gzqv2ew4n7ah: 30일 1시간째 보유 중  지금 순이익 -1.23 %" in told


@pytest.mark.parametrize(("of", "printed"), [(REMINDER, True), (ENTRY, False)])
def test_what_a_rule_says_to_tell_is_told_whatever_the_channel_tells(
    of: Notice, printed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    channel = Console(Console.Params.model_validate({"tell": ["halt"]}))
    asyncio.run(channel.notify(of))
    assert bool(capsys.readouterr().out) is printed
