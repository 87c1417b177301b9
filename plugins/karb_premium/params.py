"""What an owner may write for the z-score signals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from karb_core.rules.choices import IfGivenLater, OrNone
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.exit_policy import ExitPolicy
from karb_core.rules.number import PositiveCount, PositiveNumber
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio, Ratio
from karb_core.rules.roles import alternative, rule

Direction = OrNone[Literal["short_premium", "long_premium"]]


class Rearm(Params):
    """When a tier that fired may fire again."""

    below_z: PositiveNumber = rule(
        "a tier that fired may fire again after |z| fell below this",
        ko="발동한 단계는 |z|가 이 값 아래로 내려간 뒤 다시 발동",
        example="1.0",
    )


class TopGrid(Params):
    """A row at each full step of the clock, made of the top of each leg that stands then."""

    every: PositiveDuration = rule(
        "rows stand at each full step of this length", ko="격자 간격. 매 간격의 정각에 판단", example="1s"
    )
    max_age: PositiveDuration = rule(
        "a leg whose top is older than this is missing in the row", ko="호가가 이보다 오래됐으면 그 행에 없는 것으로 봄",
        example="2s", tighter="lower",
    )  # fmt: skip


class ZScoreParams(Params):
    """What both z-score signals need: how z is made, and which way it trades. One of `bar` and `grid` is stated."""

    bar: OrNone[PositiveDuration] = rule(
        "the length of a bar; only closed bars are judged; `none` with a `grid`",
        ko="봉의 길이. 닫힌 봉만 판단. `grid`를 쓰면 `none`",
        example="5m",
    )
    grid: IfGivenLater[TopGrid] = alternative(
        "with `bar: none`: judged on a grid of tops, in backtests only",
        ko="`bar: none`과 함께: 호가 격자에서 판단 (백테스트에서만)",
        absent="judged at closes of bars",
    )
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
    price: Literal["close", "mid"] = rule(
        "what rows are made of: the last trade, or the middle of the book",
        ko="봉이나 격자를 만드는 가격: 체결가(close) 또는 호가 중간(mid)",
        example="close",
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
        "no entry while so many lots of the pair are open, each clip counted, or `none`",
        ko="한 페어에 열린 로트가 이만큼이면 진입하지 않음(조각도 하나씩 셈), 쓰지 않으면 `none`",
        example="1",
        tighter="lower",
    )


class ZScoreOneParams(ZScoreParams):
    """One threshold, one target."""

    entry: PositiveNumber = rule(
        "enter when |z| is at or above this", ko="|z|가 이 값 이상이면 진입", example="2.0", tighter="higher"
    )
    take_profit: OrNone[PositiveRatio] = rule(
        "leave at this profit, or `none`", ko="이 이익에서 청산, 쓰지 않으면 `none`", example="0.4%"
    )
    rearm: OrNone[Rearm] = rule(
        "when it may fire again, or `none`: at every bar that qualifies",
        ko="다시 발동하는 조건, `none`이면 조건을 만족하는 모든 봉",
    )
    exit: ExitPolicy = rule("the whole exit policy", ko="청산 규칙 전체")


class Tier(Params):
    """One tier: how far out it begins, and where its lots are left."""

    z: PositiveNumber = rule(
        "the tier is reached at |z| at or above this",
        ko="|z|가 이 값 이상이면 이 단계",
        example="2.0",
        tighter="higher",
    )
    take_profit: OrNone[PositiveRatio] = rule(
        "leave this tier's lots at this profit, or `none`",
        ko="이 단계 로트의 목표 이익, 쓰지 않으면 `none`",
        example="0.8%",
    )


class ZScoreTiersParams(ZScoreParams):
    """Several thresholds; the highest reached acts alone."""

    tiers: Mapping[str, Tier] = rule(
        "inclusive bounds on |z| by name; the highest reached acts alone",
        ko="이름별 |z| 하한(포함). 도달한 가장 높은 단계만 작동",
    )
    rearm: OrNone[Rearm] = rule(
        "when a tier may fire again, or `none`: at every bar that qualifies",
        ko="단계가 다시 발동하는 조건, `none`이면 조건을 만족하는 모든 봉",
    )
    exit: ExitPolicy = rule("the whole exit policy", ko="청산 규칙 전체")
