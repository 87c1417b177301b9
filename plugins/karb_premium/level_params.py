"""What an owner may write for the signal on plain levels of the premium."""

from __future__ import annotations

from typing import Literal

from karb_core.rules.choices import OrNone
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.exit_policy import ExitPolicy
from karb_core.rules.number import PositiveCount
from karb_core.rules.params import Params
from karb_core.rules.ratio import Ratio, SignedRatio
from karb_core.rules.roles import rule


class Level(Params):
    """A level of the premium beyond which is entered, what is entered there, and where such lots are left."""

    premium: SignedRatio = rule(
        "the level; at it is not beyond it", ko="기준 프리미엄(같으면 넘지 않은 것)", example="3.0%"
    )
    enter: Literal["short_premium", "long_premium"] = rule(
        "what to enter beyond it: `short_premium` sells near and buys far, `long_premium` the reverse",
        ko="넘었을 때 진입: short_premium은 국내 매도·해외 매수, long_premium은 반대",
        example="short_premium",
    )
    leave_at: OrNone[SignedRatio] = rule(
        "lots of that entry are left when the premium is back at this, or `none`",
        ko="프리미엄이 이 값까지 돌아오면 청산(같으면 청산), 쓰지 않으면 `none`",
        example="1.0%",
    )


class ThresholdParams(Params):
    """Levels of the premium itself, without any statistic."""

    bar: PositiveDuration = rule(
        "the length of a bar; only closed bars are judged", ko="봉의 길이. 닫힌 봉만 판단", example="5m"
    )
    price: Literal["close", "mid"] = rule(
        "what bars are made of: the last trade, or the middle of the book",
        ko="봉을 만드는 가격: 체결가(close) 또는 호가 중간(mid)",
        example="close",
    )
    at: Literal["closes", "sides"] = rule(
        "which premium is compared: that of the bars' closes, or that of the sides we would trade at",
        ko="비교하는 프리미엄: 봉 종가 기준(closes) 또는 실제 거래할 호가 기준(sides)",
        example="sides",
    )
    above: OrNone[Level] = rule(
        "what is entered while the premium is above a level, or `none`",
        ko="기준보다 높을 때의 진입, 쓰지 않으면 `none`",
    )
    below: OrNone[Level] = rule(
        "what is entered while the premium is below a level, or `none`",
        ko="기준보다 낮을 때의 진입, 쓰지 않으면 `none`",
    )
    funding_above: OrNone[SignedRatio] = rule(
        "no entry unless the next funding announced for the far leg is above this (at it is not), or `none`",
        ko="해외 다리의 다음 펀딩 비율이 이 값보다 높을 때만 진입(같으면 진입하지 않음), 쓰지 않으면 `none`",
        example="0%",
        tighter="higher",
    )
    max_open: OrNone[PositiveCount] = rule(
        "no entry while so many lots of the pair are open, or `none`",
        ko="한 페어에 열린 로트가 이만큼이면 진입하지 않음, 쓰지 않으면 `none`",
        example="1",
        tighter="lower",
    )
    take_profit: OrNone[Ratio] = rule(
        "leave at this profit, `0%` as soon as nothing is lost, or `none`",
        ko="이 이익에서 청산, `0%`는 손실이 없어지는 대로, 쓰지 않으면 `none`",
        example="0.4%",
    )
    exit: ExitPolicy = rule("the whole exit policy", ko="청산 규칙 전체")
