"""A scenario file: the assumptions of one bad day. It is no rule of the owner's, and has no number in code."""

from __future__ import annotations

from typing import Annotated, Literal

from karb_core.rules.choices import Exactly, Listed, WordOr
from karb_core.rules.duration import Duration, PositiveDuration
from karb_core.rules.money import PositiveMoney
from karb_core.rules.names import Line, ShortName
from karb_core.rules.number import PositiveCount
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import assumption, wiring
from karb_research.happenings import Happens

Phase = Literal["entering", "open", "leaving"]


class About(Params):
    """What it is, for people."""

    en: Line = wiring("what the scenario is, in English", ko="시나리오 설명 (영어)", example="a crash")
    ko: Line = wiring("the same in Korean", ko="시나리오 설명 (한국어)", example="급락")


class Usual(Params):
    """What the market and the way to it are like while nothing happens."""

    order_latency: Duration = assumption("from sending an order to its arrival", ko="주문이 닿는 시간", example="80ms")
    answer_latency: Duration = assumption("from its fill to our knowing", ko="체결을 아는 시간", example="60ms")
    spread: PositiveRatio = assumption("between best bid and ask", ko="최우선 호가 사이의 폭", example="4bp")
    level: PositiveMoney = assumption(
        "worth of each level of a book, in what near is priced in", ko="호가 한 단계의 잔량 (국내 쪽 통화)",
        example="20,000,000 KRW",
    )  # fmt: skip
    levels: PositiveCount = assumption("levels on each side", ko="양쪽 호가 단계 수", example="10")
    apart: PositiveRatio = assumption("from one level to the next", ko="호가 단계 사이의 폭", example="2bp")


class Told(Params):
    """How often books, marks and rates are told: around the close of a bar and while the desk is at work, else rarely."""

    every: PositiveDuration = assumption("so often", ko="알리는 간격", example="1s")
    before_close: PositiveDuration = assumption(
        "from so long before a bar closes", ko="봉이 닫히기 전부터", example="3s"
    )
    after_close: PositiveDuration = assumption("until so long after", ko="봉이 닫힌 뒤까지", example="20s")
    on_the_way: PositiveDuration = assumption(
        "so often while a price is on its way somewhere", ko="가격이 움직이는 동안 알리는 간격", example="10s"
    )


class Push(Params):
    """How the premium is moved, once in each bar, until the strategy enters, and then back until it leaves."""

    towards: Literal["high", "low"] = assumption("where the premium goes", ko="프리미엄을 미는 방향", example="low")
    by: PositiveRatio = assumption("so far in each bar", ko="봉마다 미는 폭", example="0.5%")
    at_most: PositiveRatio = assumption(
        "so far in all, and so far beyond where it began on its way back", ko="최대로 미는 폭, 되돌릴 때도 같음",
        example="15%",
    )  # fmt: skip


class Event(Params):
    """One thing that happens: in which part of the play, when, for how long."""

    when: Phase = assumption(
        "in which part: while the premium is pushed, while the position is open, while it is brought back",
        ko="언제: 진입시키는 동안, 들고 있는 동안, 청산시키는 동안",
        example="open",
    )
    from_: Literal["start", "close"] = assumption(
        "counted from the start of that part, or from the first close of a bar in it, when it is judged",
        ko="그 부분이 시작될 때부터(start) 또는 그 안에서 처음 봉이 닫힐 때부터(close) 셈",
        example="start",
        alias="from",
    )
    after: Duration = assumption("so long after that", ko="그때로부터 얼마 뒤", example="30s")
    for_: Annotated[PositiveDuration | None, WordOr("all")] = assumption(
        "for so long, or `all`: until that part is over",
        ko="지속 시간, 그 부분 내내면 `all`",
        example="5m",
        alias="for",
    )
    happens: Happens = assumption("what happens", ko="무슨 일이 일어나는지")


class Scenario(Params):
    """One file."""

    karb: Annotated[int, Exactly(1)] = wiring(
        "the version of this file's format", ko="이 파일 형식의 버전", example="1"
    )
    scenario: ShortName = wiring("the scenario's name", ko="시나리오 이름", example="flash-crash")
    about: About = wiring("what it is, for people", ko="시나리오 설명")
    usual: Usual = assumption("the market while nothing happens", ko="평소의 시장")
    told: Told = assumption("how often the market is told", ko="시장을 알리는 간격")
    push: Push = assumption("how the premium is moved", ko="프리미엄을 미는 방법")
    holds: Duration = assumption(
        "how long the position stays open before the premium is brought back", ko="되돌리기 전까지 들고 있는 시간",
        example="10m",
    )  # fmt: skip
    settles: PositiveDuration = assumption(
        "how long after the last lot was left it is watched on", ko="다 닫힌 뒤 더 지켜보는 시간", example="2m"
    )
    events: Listed[Event] = assumption("what happens, or `[]`", ko="일어나는 일, 없으면 `[]`")
    must_tell: Listed[Literal["entry", "exit", "refusal", "halt"]] = assumption(
        "the notices that have to arrive", ko="반드시 와야 하는 알림", example="[entry, exit]"
    )
    must_hold: Listed[Literal["unhedged_for"]] = assumption(
        "which bounds of the owner's have to hold: not where no venue can answer in time",
        ko="지켜져야 하는 주인의 한도. 거래소가 제때 답할 수 없는 날에는 비워 둠",
        example="[unhedged_for]",
    )
