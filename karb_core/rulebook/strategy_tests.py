"""What an owner may write under `tests:`: a moment of one pair, and what the rules are to do with it.

No part of what is approved: a test changes nothing that the file does.
"""

from __future__ import annotations

from typing import Literal

from karb_core.rules.choices import IfGivenLater, Some
from karb_core.rules.duration import Duration, PositiveDuration
from karb_core.rules.money import PositiveMoney
from karb_core.rules.names import Line, ShortName
from karb_core.rules.params import Params
from karb_core.rules.ratio import Ratio, SignedRatio
from karb_core.rules.roles import alternative, assumption

#: In the order of every other place: `typing` takes two orders of the same words for one.
Side = Literal["short_premium", "long_premium"]


class Before(Params):
    """How the premium was, for as long as the signal looks back: by turns so much above and below."""

    around: SignedRatio = assumption("the premium that it swung about", ko="프리미엄이 오르내린 중심", example="1%")
    by: Ratio = assumption("how far, by turns above and below", ko="번갈아 벗어난 폭", example="0.5%")


class Rates(Params):
    """What each seat of rates says."""

    premium: PositiveMoney = assumption(
        "for one of what far is paid in", ko="프리미엄을 재는 환율", example="1,400 KRW"
    )
    money: PositiveMoney = assumption("for one of what far is paid in", ko="돈을 환산하는 환율", example="1,400 KRW")


class OpenLot(Params):
    """A lot that is open, both legs whole. Its tier has fired."""

    side: Side = assumption("which way it was entered", ko="진입한 방향", example="short_premium")
    tier: IfGivenLater[ShortName] = alternative("the tier that entered it", ko="진입한 단계", absent="no tier")
    amount: PositiveMoney = assumption("of the coin", ko="코인 수량", example="0.1 BTC")
    near: PositiveMoney = assumption("the price near was entered at", ko="국내 진입 가격", example="144,000,000 KRW")
    far: PositiveMoney = assumption("the price far was entered at", ko="해외 진입 가격", example="100,000 USDT")
    held: PositiveDuration = assumption("how long ago", ko="진입한 지 얼마나", example="3h")


class Given(Params):
    """The moment that is judged."""

    pair: Line = assumption("one of `pairs`", ko="`pairs` 중 하나", example="BTC")
    before: Before = assumption("how the premium was before", ko="그전의 프리미엄")
    near: PositiveMoney = assumption("the last price near", ko="국내 최근 가격", example="144,000,000 KRW")
    far: PositiveMoney = assumption("the last price far", ko="해외 최근 가격", example="100,000 USDT")
    fx: IfGivenLater[Rates] = alternative("what the rates say", ko="환율", absent="both legs are paid in one asset")
    spread: IfGivenLater[Ratio] = alternative(
        "how far the asks lie above these prices, at which the bids are", ko="매도 호가가 이 가격보다 높은 폭",
        example="5bp", absent="bid and ask are the same",
    )  # fmt: skip
    age: IfGivenLater[Duration] = alternative(
        "how old the prices are", ko="가격이 얼마나 오래됐는지", example="1s", absent="they are of this moment"
    )
    open: IfGivenLater[Some[OpenLot]] = alternative("lots that are open", ko="열려 있는 로트", absent="nothing is open")


class Expect(Params):
    """What is decided, as far as it is written here."""

    decision: Literal["entry", "exit", "refusal", "nothing"] = assumption(
        "what is decided", ko="무엇이 결정되는지", example="entry"
    )
    side: IfGivenLater[Side] = alternative("which way", ko="방향", absent="either")
    tier: IfGivenLater[ShortName] = alternative("which tier", ko="단계", absent="any")
    near: IfGivenLater[PositiveMoney] = alternative(
        "what near is worth in it, before amounts are floored", ko="국내 다리의 금액 (수량 절사 전)",
        example="6,000,000 KRW", absent="any size",
    )  # fmt: skip
    lines: IfGivenLater[Some[Line]] = alternative(
        "lines that it cites, or that refuse it, by their place", ko="인용하거나 거부한 줄의 위치",
        example="[/signal/with/entry]", absent="whichever",
    )  # fmt: skip


class StrategyTest(Params):
    """One test: what is given, and what is expected."""

    name: Line = assumption("what it shows, for people", ko="무엇을 보이는지", example="sells near at two deviations")
    given: Given = assumption("the moment that is judged", ko="판단하는 순간")
    expect: Expect = assumption("what is decided then", ko="그때의 결정")
