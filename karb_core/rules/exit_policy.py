"""The exit policy: one model for every signal, embedded as `exit`. A signal may add exits, none may change these."""

from __future__ import annotations

from typing import Literal

from karb_core.rules.choices import OrNone
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.number import Number
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import rule


class MaxHolding(Params):
    """How long a lot may stay open, and what happens then."""

    for_: PositiveDuration = rule(
        "how long a lot may stay open",
        ko="한 로트를 보유할 수 있는 최장 기간",
        example="30d",
        alias="for",
        tighter="lower",
    )
    then: Literal["exit", "stop_entries", "tell"] = rule(
        "what happens then: exit the lot, stop new entries, or only tell you",
        ko="그때 할 일: 청산(exit), 신규 진입 중지(stop_entries), 알림만(tell)",
        example="tell",
    )


class ExitPolicy(Params):
    """When a lot is left. Every line is required; each may be `none` where it says so."""

    profit_by: Literal["premium", "krw"] = rule(
        "what profit is measured in: points of premium, or money after conversion",
        ko="이익을 재는 기준: 프리미엄 포인트(premium) 또는 환전 후 원화(krw)",
        example="premium",
    )
    profit: Literal["net", "gross"] = rule(
        "net of both legs' fees, or gross", ko="양쪽 수수료를 뺀 순이익(net) 또는 총이익(gross)", example="net"
    )
    funding: Literal["counted", "ignored"] = rule(
        "whether funding booked so far counts into that profit",
        ko="지금까지 정산된 펀딩을 이익에 넣을지(counted) 뺄지(ignored)",
        example="counted",
    )
    exit_z: OrNone[Number] = rule(
        "leave when |z| is at or below this, or `none`",
        ko="|z|가 이 값 이하이면 청산, 쓰지 않으면 `none`",
        example="0.5",
    )
    exit_when: Literal["any", "all"] = rule(
        "whether the target or exit_z alone is enough, or both must hold",
        ko="목표 이익과 exit_z 중 하나면 되는지(any) 둘 다여야 하는지(all)",
        example="any",
    )
    stop_loss: OrNone[PositiveRatio] = rule(
        "leave at a loss of this much, measured as the profit is, or `none`",
        ko="이만큼 손실이면 청산, 쓰지 않으면 `none`",
        example="2%",
        tighter="lower",
    )
    max_holding: OrNone[MaxHolding] = rule(
        "the longest holding and what happens then, or `none`", ko="최장 보유 기간과 그때 할 일, 쓰지 않으면 `none`"
    )
