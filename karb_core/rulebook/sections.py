"""The sections of a strategy file that the core reads itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from karb_core.rules.choices import Granted, IfGiven, Some, WordOr
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.money import PositiveMoney
from karb_core.rules.names import InstrumentName
from karb_core.rules.params import OneOf, Params
from karb_core.rules.ratio import PositiveRatio, Ratio
from karb_core.rules.roles import alternative, grant, rule
from karb_core.rules.stock import Stock


class Pair(Params):
    """premium = near / (far x fx) - 1."""

    near: InstrumentName = rule(
        "the instrument on the near (Korean) side", ko="가까운 쪽(국내) 종목", example="upbit BTC/KRW"
    )
    far: InstrumentName = rule("the instrument on the far side", ko="먼 쪽(해외) 종목", example="binance_usdm BTC/USDT")
    share: PositiveRatio = rule(
        "the part of the capital this pair may use",
        ko="이 페어가 쓸 수 있는 자본의 비율",
        example="40%",
        tighter="lower",
    )


class Band(Params):
    """How far from the plan's price an order may fill."""

    band: PositiveRatio = rule(
        "how far from the plan's price it may fill",
        ko="계획 가격에서 벗어날 수 있는 폭",
        example="20bp",
        tighter="lower",
    )


class TimedBand(Band):
    """A step of the ladder: an order in a band, for a time."""

    for_: PositiveDuration = rule(
        "how long this step may take", ko="이 단계에 쓸 수 있는 시간", example="2s", alias="for", tighter="lower"
    )


class Retry(TimedBand):
    """A step that fills up the leg that lacks."""

    if_cheaper: Granted = grant(
        "only while that costs no more than trading back, at the prices of now; else the way back begins at once",
        ko="지금 가격으로 되돌리는 것보다 비싸지 않을 때만. 더 비싸면 바로 되돌리기 시작",
    )


class LadderStep(OneOf):
    """One rung of what happens when one leg is filled and the other is not."""

    retry: IfGiven[Retry] = alternative(
        "try the open leg again, in a band from the plan's price", ko="열린 다리를 다시 시도"
    )
    unwind: IfGiven[TimedBand] = alternative("trade the filled leg back, in a band", ko="체결된 다리를 되돌림")


class OnUnknown(Params):
    """What happens to an order whose fate no answer tells. It is never sent again."""

    ask_for: PositiveDuration = rule("how long the venue is asked about it", ko="거래소에 물어볼 시간", example="20s")
    then: Literal["halt"] = rule("what happens when nothing answered", ko="답이 없을 때 할 일", example="halt")


class Execution(Params):
    """How the legs of a plan are carried out."""

    first: Literal["together", "near", "far"] = rule(
        "which leg is sent first", ko="어느 다리를 먼저 보낼지", example="together"
    )
    price: Band = rule("the price a leg may be filled at", ko="체결을 허용하는 가격 범위")
    unhedged_for: PositiveDuration = rule(
        "the longest one leg may stand alone, from the first fill, the whole ladder included",
        ko="한쪽 다리만 체결된 채 있을 수 있는 최장 시간(사다리 전체 포함)",
        example="10s",
        tighter="lower",
    )
    on_one_leg: Some[Annotated[LadderStep | None, WordOr("halt")]] = rule(
        "the ladder: what is tried, in order, when one leg stands alone", ko="한쪽만 체결됐을 때 차례로 할 일(사다리)"
    )
    on_unknown: OnUnknown = rule("an order whose fate no answer tells", ko="결과를 알 수 없는 주문의 처리")


class VenueCosts(Params):
    """Fees assumed where the venue cannot be asked, compared where it can."""

    taker: Ratio = rule("the taker fee of this venue", ko="이 거래소의 테이커 수수료", example="0.05%")


Balances = Mapping[str, Some[Stock]]
Funds = Mapping[str, Some[PositiveMoney]]
Pairs = Mapping[str, Pair]
Costs = Mapping[str, VenueCosts]
