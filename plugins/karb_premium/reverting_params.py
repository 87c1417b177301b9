"""What an owner may write for the signal on several lengths of time."""

from __future__ import annotations

from typing import Literal

from karb_core.rules.choices import OrNone
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.exit_policy import ExitPolicy
from karb_core.rules.number import PositiveCount, PositiveNumber
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio, Ratio
from karb_core.rules.roles import rule
from karb_premium.params import Direction, Rearm


class Arm(Params):
    """On which bars z is looked at, and how far out it must be."""

    bar: PositiveDuration = rule("the length of the bars z is made of", ko="z를 만드는 봉의 길이", example="5m")
    z: PositiveNumber = rule(
        "armed while |z| of the last closed bar is at or above this",
        ko="마지막으로 닫힌 봉의 |z|가 이 값 이상인 동안 대기",
        example="2.0",
        tighter="higher",
    )


class Enter(Params):
    """On which bars a turn is looked for while it is armed."""

    bar: PositiveDuration = rule(
        "the length of the bars whose moves are counted", ko="움직임을 세는 봉의 길이", example="1m"
    )
    reverting: PositiveCount = rule(
        "enter after so many moves in a row towards the mean, each strictly, all of them since it was armed",
        ko="대기가 시작된 뒤 평균 쪽으로 연속해서 이만큼 움직이면 진입(같은 값은 움직임이 아님)",
        example="3",
        tighter="higher",
    )


class RevertingParams(Params):
    """Armed by z on long bars, entered by a turn on short ones, watched more often still."""

    watch: PositiveDuration = rule(
        "ways out are judged at each full step of this length; bars close at such steps",
        ko="이 간격의 정각마다 청산을 판단. 봉도 이 정각에 닫힘",
        example="30s",
    )
    max_age: PositiveDuration = rule(
        "a leg whose top is older than this at a step is missing there",
        ko="그 시각에 호가가 이보다 오래됐으면 없는 것으로 봄",
        example="2s",
        tighter="lower",
    )
    arm: Arm = rule("what arms it", ko="대기 조건")
    enter: Enter = rule("what enters while it is armed", ko="대기 중 진입 조건")
    window: PositiveDuration = rule(
        "the length of the window that mean and deviation are taken over, the bar judged included",
        ko="평균과 표준편차를 구하는 기간 (판단하는 봉 포함)",
        example="20d",
    )
    min_present: Ratio = rule(
        "the part of the window's bars that must be there",
        ko="창 안에 있어야 하는 봉의 최소 비율",
        example="95%",
        tighter="higher",
    )
    sigma_floor: Ratio = rule(
        "the least deviation z is divided by", ko="z를 나눌 때 쓰는 표준편차의 하한", example="0.05%", tighter="higher"
    )
    min_premium: OrNone[PositiveRatio] = rule(
        "no entry while |premium| is below this (at it is enough), or `none`",
        ko="|프리미엄|이 이 값 미만이면 진입하지 않음(같으면 진입), 쓰지 않으면 `none`",
        example="0.5%",
        tighter="higher",
    )
    premium_sign: Literal["any", "agrees"] = rule(
        "`agrees`: long only below zero, short only above; `any`: the sign of z alone decides",
        ko="agrees: 프리미엄이 0 아래일 때만 롱, 위일 때만 숏 / any: z의 부호만 봄",
        example="any",
    )
    when_high: Direction = rule(
        "what to enter when z is high: `short_premium` sells near and buys far, `long_premium` the reverse, or `none`",
        ko="z가 높을 때: short_premium은 국내 매도·해외 매수, long_premium은 반대, 하지 않으면 `none`",
        example="short_premium",
    )
    when_low: Direction = rule(
        "what to enter when z is low, or `none`", ko="z가 낮을 때 할 진입, 하지 않으면 `none`", example="long_premium"
    )
    max_open: OrNone[PositiveCount] = rule(
        "no entry while so many lots of the pair are open, or `none`",
        ko="한 페어에 열린 로트가 이만큼이면 진입하지 않음, 쓰지 않으면 `none`",
        example="1",
        tighter="lower",
    )
    take_profit: OrNone[PositiveRatio] = rule(
        "leave at this profit, or `none`", ko="이 이익에서 청산, 쓰지 않으면 `none`", example="0.4%"
    )
    rearm: OrNone[Rearm] = rule(
        "when it may fire again, or `none`: at every turn that qualifies",
        ko="다시 발동하는 조건, `none`이면 조건을 만족할 때마다",
    )
    exit: ExitPolicy = rule("the whole exit policy", ko="청산 규칙 전체")
