"""`premium.funding_carry`: a future's funding against its coin, while it is expected to bring more than it costs."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, ClassVar

from karb_core.ports import Concern, FileView, SignalFacts, Stage, TierFacts
from karb_core.texts.text import Words
from karb_premium.carry_params import FundingCarryParams
from karb_premium.facts import day_concern, no_z_concern

if TYPE_CHECKING:
    from karb_core.ports import BarRows, Explanation, Judgement, Moment, PairSeries, Standing, Terms
    from karb_core.ports.signal import Features, Mask


class FundingCarry:
    """Enters while the funding to come, less both legs' fees in and out, is at a bound or above, and leaves at another.

    The funding to come is the rate of now, as the far leg's venue announced it last (over data the last that was settled), as
    often as it is settled within `over`. Edge: both bounds are inclusive; without a rate nothing is entered and nothing left.
    """

    name: ClassVar[str] = "funding_carry"
    stage: ClassVar[Stage] = Stage.STABLE
    about: ClassVar[Words] = Words(
        "Enters while the funding to come, less both legs' fees, is high enough, and leaves once it is not.",
        "앞으로 받을 펀딩에서 양쪽 수수료를 뺀 값이 충분하면 진입하고, 그렇지 않으면 나옵니다.",
    )
    Params = FundingCarryParams

    def __init__(self, params: FundingCarryParams) -> None:
        from karb_premium.carry_judging import carry_rules

        self._rules = carry_rules(params)

    def rows(self) -> BarRows:
        return self._rules.rows

    def reads_funding(self) -> bool:
        return True

    def features(self, series: PairSeries) -> Features:
        from karb_premium.level_waking import features

        return features(series)

    def features_from(self) -> Hashable:
        return ()

    def judge(self, moment: Moment, standing: Standing, terms: Terms) -> Judgement:
        from karb_premium.carry_judging import judge

        return judge(self._rules, moment, standing, terms)

    def wakes(self, features: Features, standing: Standing, terms: Terms) -> Mask:  # noqa: ARG002
        from karb_premium.carry_waking import wakes

        return wakes(self._rules, features, standing)

    def explain(self, moment: Moment, standing: Standing, terms: Terms) -> Explanation:
        from karb_premium.carry_judging import explain

        return explain(self._rules, moment, standing, terms)

    @classmethod
    def facts(cls, params: FundingCarryParams) -> SignalFacts:
        leaves = params.leave_at is not None
        tiers = {"": TierFacts(params.take_profit, ("take_profit",), leaves, params.enter)}
        return SignalFacts({params.enter: ("enter",)}, tiers, params.exit)

    @classmethod
    def review(cls, params: FundingCarryParams, file: FileView) -> Iterator[Concern]:  # noqa: ARG003
        yield from no_z_concern(params.exit)
        yield from day_concern(params.bar)
        if params.leave_at is not None and params.leave_at >= params.enter_at:
            yield Concern(
                ("leave_at",),
                Words(
                    "a lot would be left by the funding at which it is entered",
                    "진입하는 펀딩에서 바로 청산하게 됩니다",
                ),
                Words("write a bound below `enter_at`", "`enter_at`보다 낮은 값을 쓰세요"),
                code="K402",
            )
