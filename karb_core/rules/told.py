"""What a channel tells, as an owner may write it: which notices, after how much, in which language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from karb_core.rules.choices import Distinct, IfGiven, IfGivenLater
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.money import Money
from karb_core.rules.number import PositiveCount
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import alternative, wiring

Kind = Literal[
    "entry",
    "exit",
    "refusal",
    "halt",
    "leg",
    "errors",
    "silence",
    "balance",
    "liquidation",
    "keys",
    "summary",
    "heartbeat",
]
#: Kinds that are told after so much of something; the owner says how much.
BOUNDED = ("errors", "silence", "heartbeat", "balance", "liquidation", "keys")
_COUNTED = ("errors", "silence", "heartbeat", "keys")
_US = timedelta(microseconds=1)


class After(Params):
    """After how much something is told."""

    errors: IfGiven[PositiveCount] = alternative(
        "errors of one venue in a row", ko="한 거래소의 연속 오류 횟수", example="3", absent="not told"
    )
    silence: IfGiven[PositiveDuration] = alternative(
        "for how long no price of a leg came", ko="한 종목의 시세가 끊긴 시간", example="1m", absent="not told"
    )
    heartbeat: IfGiven[PositiveDuration] = alternative(
        "for how long nothing was told", ko="아무 소식이 없던 시간", example="12h", absent="not told"
    )

    balance: IfGivenLater[Distinct[Money]] = alternative(
        "free money of an asset, at any venue of the file, below this",
        ko="거래소에 남은 자산이 이보다 적을 때",
        example="[1_000_000 KRW, 500 USDT]",
        absent="not told",
    )
    liquidation: IfGivenLater[PositiveRatio] = alternative(
        "how near its liquidation price a position's mark is, of the mark",
        ko="청산가까지 남은 거리(마크 가격 대비)",
        example="15%",
        absent="not told",
    )
    keys: IfGivenLater[PositiveDuration] = alternative(
        "how long before a venue's key ends", ko="거래소 키가 만료되기 전 기간", example="14d", absent="not told"
    )


class TellParams(Params):
    """What is told."""

    tell: Distinct[Kind] = wiring(
        "which notices are told", ko="알려 줄 소식의 종류", example="[entry, exit, refusal, halt]"
    )
    after: IfGivenLater[After] = alternative(
        "after how much errors, silence and heartbeat are told",
        ko="errors, silence, heartbeat를 얼마 뒤에 알릴지",
        absent="none of them is told",
    )
    escalates: IfGivenLater[PositiveDuration] = alternative(
        "a halt, errors and silence are told here only if nobody acknowledged them for so long",
        ko="정지·오류·시세 끊김을 이 시간 동안 아무도 확인하지 않았을 때만 여기로 알림",
        example="10m",
        absent="told at once",
    )
    language: IfGivenLater[Literal["en", "ko"]] = alternative(
        "the language it tells in", ko="알림 언어", example="ko", absent="this machine's language"
    )

    def bounds(self) -> Mapping[str, int]:
        """By kind that is told: so many errors, or so many nanoseconds."""
        written = {} if self.after is None else {kind: getattr(self.after, kind) for kind in _COUNTED}
        return {kind: _whole(each) for kind, each in written.items() if each is not None and kind in self.tell}

    def lows(self) -> Mapping[str, Decimal]:
        """By asset, below which free balance it is told; none where balances are not told."""
        written = None if self.after is None or "balance" not in self.tell else self.after.balance
        return {} if written is None else {each.asset: each.value for each in written}

    def distance(self) -> Decimal | None:
        """At which distance from its liquidation a position is told, as a ratio of its mark."""
        return self.after.liquidation if self.after is not None and "liquidation" in self.tell else None

    def escalates_ns(self) -> int | None:
        return None if self.escalates is None else _whole(self.escalates)


def _whole(bound: int | timedelta) -> int:
    return bound if isinstance(bound, int) else bound // _US * 1000
