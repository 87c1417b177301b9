"""What an owner reads, in both languages, letter by letter."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from discord_webhook import DiscordWebhook

from karb_alerts.discord_embed import content_of, embed_of
from karb_core.ports import Notice, NoticeKind
from karb_core.ports.notice_words import money, percent, price_of, words_of

D = Decimal
GOLDEN = Path(__file__).parents[1] / "golden" / "notices.json"
AT = 1_733_232_600_000_000_000
NAMES = {
    "called.upbit.en": "Upbit",
    "called.upbit.ko": "업비트",
    "called.binance_usdm.en": "Binance futures",
    "called.binance_usdm.ko": "바이낸스 선물",
}
LEGS: dict[str, Any] = {
    "legs": 2,
    "leg.0.side": "sell", "leg.0.amount": D("0.50000000"), "leg.0.base": "BTC", "leg.0.venue": "upbit",
    "leg.0.price": D("95000000"), "leg.0.quote": "KRW", "leg.0.filled": D("0.5"),
    "leg.1.side": "buy", "leg.1.amount": D("0.5"), "leg.1.base": "BTC", "leg.1.venue": "binance_usdm",
    "leg.1.price": D("66541.20"), "leg.1.quote": "USDT", "leg.1.filled": D("0.4"),
    **NAMES,
}  # fmt: skip


def notice(kind: NoticeKind, again: bool = False, **facts: Any) -> Notice:
    return Notice(kind, AT, "BTC", "paper", facts, "kmq3gzqv2ew4n7ah-17", again, "kimp-tiered")


NOTICES = {
    "entry": notice(
        NoticeKind.ENTRY, side="short_premium", tier="extreme", premium=D("0.035"), z=D("3.127"), denied=0,
        lines="kimp.yaml:61", **LEGS,
    ),
    "entry again": notice(NoticeKind.ENTRY, True, side="long_premium", premium=D("-0.01204"), **LEGS),
    "exit": notice(
        NoticeKind.EXIT, side="short_premium", net=D("0.0094"), result=D("570000.4"), lines="kimp.yaml:70",
        **{"result.asset": "KRW", "result.of": D("47500000")}, **LEGS,
    ),
    "exit at a loss": notice(
        NoticeKind.EXIT, side="long_premium", result=D("-1234567"), **{"result.asset": "KRW", "result.of": D("47500000")}
    ),
    "refusal": notice(
        NoticeKind.REFUSAL, side="short_premium", cause="taken", denied=1,
        **{"denied.0.rule": "/risk_gates/0", "denied.0.observed": "5.001s", "denied.0.limit": "5s"},
    ),
    "halt": notice(NoticeKind.HALT, strength="no-entries", reason="news"),
    "halt by a rule": notice(NoticeKind.HALT, True, rule="/execution/on_one_leg/3"),
    "reminder": notice(NoticeKind.REMINDER, side="short_premium", lot="kmq3gzqv2ew4n7ah", held_ns=2_595_600_000_000_000),
    "errors": notice(NoticeKind.ERRORS, venue="upbit", count=3, why="HTTP 503", **NAMES),
    "silence": notice(NoticeKind.SILENCE, venue="upbit", instrument="BTC/KRW", **NAMES),
    "over": notice(NoticeKind.OVER, venue="upbit", **NAMES),
    "leg": notice(NoticeKind.LEG, **LEGS),
}  # fmt: skip


def told() -> dict[str, Any]:
    return {
        name: {lang: words_of(each, lang).whole.split("\n") for lang in ("en", "ko")}
        | {"discord": embed_of(each, "ko"), "content": content_of(each, "ko").split("\n")}
        for name, each in NOTICES.items()
    }


def test_each_notice_reads_as_it_was_agreed() -> None:
    if os.environ.get("KARB_RENEW_GOLDEN"):
        GOLDEN.write_text(json.dumps(told(), ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    assert told() == json.loads(GOLDEN.read_text("utf-8"))


@pytest.mark.parametrize(
    ("name", "headline"),
    [
        ("entry", "📈 포지션 진입 - 김프 3.5%, 0.5 BTC"),
        ("exit", "📉 포지션 청산 - 순이익 +1.2%"),
        ("halt", "🚨 비상정지 활성화"),
        ("errors", "⚠️ 업비트 API 에러 3회 연속"),
    ],
)
def test_the_owners_own_headlines(name: str, headline: str) -> None:
    assert words_of(NOTICES[name], "ko").headline == headline


def test_money_and_percent_as_people_write_them() -> None:
    assert [money(D("48491.58"), "KRW", at, signed=True) for at in (0, 1)] == ["+48,492 KRW", "+48,492원"]
    assert [money(D("-1234.565"), "USDT", at) for at in (0, 1)] == ["-1,234.56 USDT"] * 2
    assert money(D("0.05000000"), "BTC", 1) == "0.05 BTC"
    assert [percent(D(n)) for n in ("0.035", "0.03451234", "-0.012", "0")] == ["3.5%", "3.45%", "-1.2%", "0%"]
    assert percent(D("0.012"), signed=True) == "+1.2%"


def test_a_line_break_in_a_reason_makes_no_line_of_its_own() -> None:
    words = words_of(notice(NoticeKind.HALT, strength="flatten", reason="a\n#kmq3-99\u2028b"), "en")
    assert len(words.whole.splitlines()) == 4


def test_an_embed_is_what_the_library_sends() -> None:
    webhook = DiscordWebhook("https://example.invalid", content="x", embeds=[embed_of(NOTICES["entry"], "en")])
    (embed,) = webhook.json["embeds"]
    names = [field["name"] for field in embed["fields"]]
    assert names == ["coin", "signal", "quantity", "Upbit", "Binance futures"]
    exited = [field["name"] for field in embed_of(NOTICES["exit"], "en")["fields"]]
    assert exited[-2:] == ["expected profit", "actual profit"]


def test_direction_has_a_colour() -> None:
    colours = {name: embed_of(NOTICES[name], "en")["color"] for name in ("entry", "entry again", "halt")}
    assert len(set(colours.values())) == 3


@pytest.mark.parametrize(
    ("price", "asset", "reads"),
    [
        ("95000000", "KRW", "95,000,000원"), ("3201.5", "KRW", "3,202원"), ("0.0123456789", "KRW", "0.0123457원"),
        ("66541.2", "USDT", "66,541.20 USDT"), ("2.12345678", "USDT", "2.12346 USDT"), ("0.5", "USDT", "0.5 USDT"),
    ],
)  # fmt: skip
def test_a_price_has_the_digits_that_say_something(price: str, asset: str, reads: str) -> None:
    assert price_of(D(price), asset, 1) == reads
