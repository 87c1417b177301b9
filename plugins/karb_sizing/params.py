"""What an owner may write for sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from karb_core.rules.choices import Granted, OrNone, Some
from karb_core.rules.money import PositiveMoney
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import grant, rule

Of = Literal["capital", "pair_share"]
Counts = Literal["near_leg", "both_legs"]


def which_legs() -> Any:
    """The rule of every size that counts one leg, or both."""
    return rule(
        "what a size counts: the near leg's cost, or that plus the far leg's margin",
        ko="크기에 넣는 것: 국내 다리 금액(near_leg) 또는 해외 증거금까지(both_legs)",
        example="near_leg",
    )


class Base(Params):
    """What sizes are ratios of, and which legs they count."""

    of: Of = rule(
        "what sizes are a part of", ko="크기의 기준: 전체 자본(capital) 또는 페어의 몫(pair_share)", example="capital"
    )
    counts: Counts = which_legs()


class ShareParams(Base):
    """One size for every entry."""

    size: PositiveRatio = rule("the size of one entry", ko="한 번 진입하는 크기", example="20%", tighter="lower")


class KellyParams(Base):
    """What you know of wins and losses, and how much of Kelly's size you dare."""

    wins: PositiveRatio = rule("the part of trades that win", ko="이기는 거래의 비율", example="60%", tighter="lower")
    average_win: PositiveRatio = rule(
        "what a winning trade brings, of its notional",
        ko="이긴 거래의 평균 이익(금액 대비)",
        example="0.8%",
        tighter="lower",
    )
    average_loss: PositiveRatio = rule(
        "what a losing trade costs, of its notional",
        ko="진 거래의 평균 손실(금액 대비)",
        example="1%",
        tighter="higher",
    )
    fraction: PositiveRatio = rule(
        "how much of Kelly's size an entry is", ko="켈리 크기 중 실제로 쓰는 비율", example="1%", tighter="lower"
    )
    cap: PositiveRatio = rule(
        "the most that an entry may be, of the base", ko="한 번 진입하는 크기의 상한", example="20%", tighter="lower"
    )


class FixedParams(Params):
    """One amount for every entry, or one for each asset that pairs are paid in or trade."""

    amounts: Some[PositiveMoney] = rule(
        "the size of one entry, in the money that near is paid in or in the pair's coin; of several the smallest binds",
        ko="한 번 진입하는 크기, 국내 결제 통화 또는 그 페어의 코인으로. 여러 개면 가장 작은 것이 적용",
        example="[1000000 KRW]",
    )
    counts: Counts = which_legs()


class RiskPerTradeParams(Params):
    """What one trade may lose."""

    risk: PositiveRatio = rule(
        "the part of the capital that a lot may lose when it is left at the signal's stop_loss",
        ko="신호의 stop_loss에서 나갈 때 한 로트가 잃을 수 있는 자본의 비율",
        example="1%",
        tighter="lower",
    )


class Split(Params):
    """An entry made in clips."""

    clips: Some[PositiveRatio] = rule(
        "the parts of the entry, in order", ko="나누어 진입하는 비율, 순서대로", example="[40%, 35%, 25%]"
    )
    next: PositiveRatio = rule(
        "how much further out the premium must be for the next clip, at a later closed bar",
        ko="다음 조각을 진입하려면 프리미엄이 더 벗어나야 하는 폭 (이후의 닫힌 봉에서)",
        example="0.3%",
    )


class TierSize(Params):
    """How large a tier's entry is."""

    size: PositiveRatio = rule(
        "the size of this tier's entry", ko="이 단계의 진입 크기", example="15%", tighter="lower"
    )
    split: OrNone[Split] = rule("how the entry is split, or `none`", ko="나누어 진입하는 방법, 한 번에 하면 `none`")
    over_share: Granted = grant("this tier may go beyond its pair's share", ko="이 단계는 페어의 몫을 넘을 수 있음")


class ByTierParams(Base):
    """A size for each tier, under the tier's name."""

    model_config = {"extra": "allow"}  # noqa: RUF012 - pydantic reads it so
    __pydantic_extra__: dict[str, TierSize]

    kept_for: OrNone[Mapping[str, PositiveRatio]] = rule(
        "what the smaller tiers of all pairs may not use, by tier, or `none`",
        ko="작은 단계들이 쓰지 못하게 남겨 두는 몫(단계별), 없으면 `none`",
        example="none",
    )

    @property
    def tiers(self) -> Mapping[str, TierSize]:
        return self.__pydantic_extra__
