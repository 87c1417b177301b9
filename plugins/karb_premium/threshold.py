"""`premium.threshold`: plain levels of the premium, without any statistic."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from karb_core.ports import Concern, FileView, Side, SignalFacts, Stage, TierFacts
from karb_core.rules.shape import Path
from karb_core.texts.text import Words
from karb_premium.facts import day_concern, no_z_concern
from karb_premium.level_params import ThresholdParams

if TYPE_CHECKING:
    from karb_core.ports import BarRows, Explanation, Judgement, Moment, PairSeries, Standing, Terms
    from karb_core.ports.signal import Features, Mask


class Threshold:
    """Enters beyond a level of the premium, and leaves by the exit policy, or when the premium is back at another.

    Lots of the two levels are tiers of their own, `above` and `below`. Edge: at its level a premium is not beyond it, and
    the funding that is asked for must be above its bound; at `leave_at` a lot is left. The funding is what the far leg's
    venue announced last; over data the last that was settled.
    """

    name: ClassVar[str] = "threshold"
    stage: ClassVar[Stage] = Stage.STABLE
    about: ClassVar[Words] = Words(
        "Enters beyond a level of the premium, and leaves by the exit policy or when the premium is back at another level.",
        "프리미엄이 정한 값을 넘으면 진입하고, 청산 규칙에 따라 또는 정한 값까지 돌아오면 나옵니다.",
    )
    Params = ThresholdParams

    def __init__(self, params: ThresholdParams) -> None:
        from karb_premium.levels import level_rules

        self._rules = level_rules(params)

    def rows(self) -> BarRows:
        return self._rules.rows

    def reads_funding(self) -> bool:
        return self._rules.funding_above is not None

    def features(self, series: PairSeries) -> Features:
        from karb_premium.level_waking import features

        return features(series)

    def features_from(self) -> Hashable:
        return ()

    def judge(self, moment: Moment, standing: Standing, terms: Terms) -> Judgement:
        from karb_premium.level_judging import judge

        return judge(self._rules, moment, standing, terms)

    def wakes(self, features: Features, standing: Standing, terms: Terms) -> Mask:  # noqa: ARG002
        from karb_premium.level_waking import wakes

        return wakes(self._rules, features, standing)

    def explain(self, moment: Moment, standing: Standing, terms: Terms) -> Explanation:
        from karb_premium.level_explaining import explain

        return explain(self._rules, moment, standing, terms)

    @classmethod
    def facts(cls, params: ThresholdParams) -> SignalFacts:
        sides: dict[Side, Path] = {}
        tiers: dict[str, TierFacts] = {}
        for name, level in (("above", params.above), ("below", params.below)):
            if level is not None:
                sides.setdefault(level.enter, (name, "enter"))
                leaves = level.leave_at is not None
                tiers[name] = TierFacts(params.take_profit, ("take_profit",), leaves, level.enter)
        pays = params.funding_above is not None and params.funding_above >= 0
        return SignalFacts(sides, tiers, params.exit, demands_funding=pays)

    @classmethod
    def review(cls, params: ThresholdParams, file: FileView) -> Iterator[Concern]:  # noqa: ARG003
        if params.above is None and params.below is None:
            yield Concern(
                ("above",),
                Words("no level is written: nothing can ever fire", "기준이 하나도 없습니다: 발동할 수 없습니다"),
                Words("write `above`, `below` or both", "`above`나 `below` 또는 둘 다 쓰세요"),
                code="K402",
            )
        yield from no_z_concern(params.exit)
        yield from _overlapping(params)
        yield from day_concern(params.bar)


def _overlapping(params: ThresholdParams) -> Iterator[Concern]:
    """Levels at which would be entered and left, or entered both ways, at once."""
    for name, level, sign in (("above", params.above, Decimal(1)), ("below", params.below, Decimal(-1))):
        if level is not None and level.leave_at is not None and (level.leave_at - level.premium) * sign > 0:
            yield Concern(
                (name, "leave_at"),
                Words(
                    "a lot would be left at a premium at which it is entered",
                    "진입하는 프리미엄에서 바로 청산하게 됩니다",
                ),
                Words(
                    f"write a level that lies on the other side of `{name}.premium`",
                    f"`{name}.premium`의 반대쪽 값을 쓰세요",
                ),
                code="K402",
            )
    if params.above is not None and params.below is not None and params.below.premium > params.above.premium:
        yield Concern(
            ("below", "premium"),
            Words(
                "between the two levels a premium is above one and below the other: only `above` would fire",
                "두 기준 사이에서는 둘 다 해당하여 `above`만 발동합니다",
            ),
            Words("write a level at or below `above.premium`", "`above.premium` 이하로 쓰세요"),
            code="K402",
        )
