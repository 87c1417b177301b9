"""What an owner may write for the signal on the funding to come."""

from __future__ import annotations

from typing import Literal

from karb_core.rules.choices import OrNone
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.exit_policy import ExitPolicy
from karb_core.rules.number import PositiveCount
from karb_core.rules.params import Params
from karb_core.rules.ratio import Ratio, SignedRatio
from karb_core.rules.roles import rule


class FundingCarryParams(Params):
    """Funding that is expected to go on as it is, less what it costs to be there."""

    bar: PositiveDuration = rule(
        "the length of a bar; only closed bars are judged", ko="봉의 길이. 닫힌 봉만 판단", example="1h"
    )
    price: Literal["close", "mid"] = rule(
        "what bars are made of: the last trade, or the middle of the book",
        ko="봉을 만드는 가격: 체결가(close) 또는 호가 중간(mid)",
        example="close",
    )
    enter: Literal["long_premium", "short_premium"] = rule(
        "what to enter: `long_premium` buys near and sells the future, and receives funding above zero; `short_premium` the reverse",
        ko="진입 방향: long_premium은 현물 매수·선물 매도로 양(+)의 펀딩을 받고, short_premium은 반대",
        example="long_premium",
    )
    over: PositiveDuration = rule(
        "over how long the funding of now is expected to go on", ko="지금의 펀딩이 이어진다고 보는 기간", example="30d"
    )
    interval: PositiveDuration = rule(
        "the time between two settlements where the venue does not tell it; where it does, that counts",
        ko="거래소가 알려 주지 않을 때의 펀딩 정산 간격(알려 주면 그 값을 씀)",
        example="8h",
    )
    enter_at: SignedRatio = rule(
        "enter when that funding, less both legs' fees in and out, is at this or above",
        ko="그 펀딩에서 양쪽의 진입·청산 수수료를 뺀 값이 이 값 이상이면 진입",
        example="0.3%",
        tighter="higher",
    )
    leave_at: OrNone[SignedRatio] = rule(
        "leave when it is at this or below, or `none`",
        ko="그 값이 이 값 이하이면 청산, 쓰지 않으면 `none`",
        example="-0.3%",
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
        example="none",
    )
    exit: ExitPolicy = rule("the whole exit policy", ko="청산 규칙 전체")
