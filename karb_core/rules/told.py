"""What a channel tells, as an owner may write it: which notices, after how much, in which language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from karb_core.rules.choices import Distinct, IfGiven, IfGivenLater
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.number import PositiveCount
from karb_core.rules.params import Params
from karb_core.rules.roles import alternative, wiring

Kind = Literal["entry", "exit", "refusal", "halt", "leg", "errors", "silence", "summary", "heartbeat"]
#: Kinds that are told after so much of something; the owner says how much.
BOUNDED = ("errors", "silence", "heartbeat")
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
        written = {} if self.after is None else {kind: getattr(self.after, kind) for kind in BOUNDED}
        return {kind: _whole(each) for kind, each in written.items() if each is not None and kind in self.tell}

    def escalates_ns(self) -> int | None:
        return None if self.escalates is None else _whole(self.escalates)


def _whole(bound: int | timedelta) -> int:
    return bound if isinstance(bound, int) else bound // _US * 1000
