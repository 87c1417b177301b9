"""`premium.zscore_tiers`: several thresholds on the z-score of the premium."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from karb_core.ports import Concern, FileView, SignalFacts, Stage, TierFacts
from karb_core.texts.text import Words
from karb_premium.facts import facts_of, rearm_concern, row_concerns
from karb_premium.params import ZScoreTiersParams

if TYPE_CHECKING:
    from karb_core.domain.decisions import Proposal
    from karb_core.ports import (
        BarRows,
        Entries,
        Explanation,
        GridRows,
        Judgement,
        Leaves,
        LeavingColumns,
        Moment,
        PairSeries,
        PairTerms,
        Repeated,
        Standing,
        Terms,
    )
    from karb_core.ports.signal import Features, Mask


class ZScoreTiers:
    """The rarer the extreme, the larger the entry: the highest tier that |z| reaches acts alone."""

    name: ClassVar[str] = "zscore_tiers"
    stage: ClassVar[Stage] = Stage.STABLE
    about: ClassVar[Words] = Words(
        "The rarer the extreme, the larger the entry: the highest tier that |z| reaches acts alone.",
        "드문 극단일수록 크게 진입합니다: |z|가 도달한 가장 높은 단계만 작동합니다.",
    )
    Params = ZScoreTiersParams

    def __init__(self, params: ZScoreTiersParams) -> None:
        from karb_premium.zrules import of_tiers

        self._rules = of_tiers(params)

    def rows(self) -> BarRows | GridRows:
        return self._rules.rows

    def features(self, series: PairSeries) -> Features:
        from karb_premium.columns import features

        return features(self._rules, series)

    def features_from(self) -> Hashable:
        return self._rules.window, self._rules.floor, self._rules.stops_at_sides

    def judge(self, moment: Moment, standing: Standing, terms: Terms) -> Judgement:
        from karb_premium.judging import judge

        return judge(self._rules, moment, standing, terms)

    def wakes(self, features: Features, standing: Standing, terms: Terms) -> Mask:
        from karb_premium.waking import wakes

        return wakes(self._rules, features, standing, terms)

    def repeats(
        self,
        features: Features,
        standing: Standing,
        terms: Terms,
        entries: Sequence[Proposal],
        at: Mapping[str, LeavingColumns],
    ) -> Repeated:
        from karb_premium.repeating import repeats

        return repeats(self._rules, features, standing, terms, entries, at)

    def enters(self, features: Features, pair: PairTerms, terms: Terms) -> Entries | None:
        from karb_premium.straight import enters

        return enters(self._rules, features, pair, terms)

    def leaves(self, features: Features, judged: Mask, pair: PairTerms, terms: Terms) -> Leaves:
        from karb_premium.straight import WaysOut

        return WaysOut(self._rules, features, judged, pair, terms)

    def explain(self, moment: Moment, standing: Standing, terms: Terms) -> Explanation:
        from karb_premium.explaining import explain

        return explain(self._rules, moment, standing, terms)

    @classmethod
    def facts(cls, params: ZScoreTiersParams) -> SignalFacts:
        tiers = {
            name: TierFacts(tier.take_profit, ("tiers", name, "take_profit")) for name, tier in params.tiers.items()
        }
        return facts_of(params, tiers, params.exit)

    @classmethod
    def review(cls, params: ZScoreTiersParams, file: FileView) -> Iterator[Concern]:
        yield from row_concerns(params, file)
        if not params.tiers:
            yield Concern(
                ("tiers",),
                Words("no tier is written: nothing can ever fire", "단계가 하나도 없습니다: 발동할 수 없습니다"),
                code="K402",
            )
            return
        yield from rearm_concern(params.rearm, min(tier.z for tier in params.tiers.values()))
        yield from _never_reached(params)


def _never_reached(params: ZScoreTiersParams) -> Iterator[Concern]:
    by_bound: dict[object, str] = {}
    for name, tier in params.tiers.items():
        if tier.z in by_bound:
            yield Concern(
                ("tiers", name, "z"),
                Words(
                    f"`{name}` and `{by_bound[tier.z]}` begin at the same z: one of them can never fire",
                    f"`{name}`와 `{by_bound[tier.z]}`의 z가 같습니다: 하나는 발동할 수 없습니다",
                ),
                Words("write another bound, or delete one tier", "다른 값을 쓰거나 한 단계를 지우세요"),
                code="K402",
            )
        by_bound[tier.z] = name
