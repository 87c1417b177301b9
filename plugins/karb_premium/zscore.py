"""`premium.zscore`: one threshold on the z-score of the premium."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from karb_core.ports import Concern, FileView, SignalFacts, Stage, TierFacts
from karb_core.texts.text import Words
from karb_premium.facts import facts_of, rearm_concern, row_concerns
from karb_premium.params import ZScoreOneParams

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


class ZScore:
    """Enters when the premium's z-score is far out, and leaves by the exit policy."""

    name: ClassVar[str] = "zscore"
    stage: ClassVar[Stage] = Stage.STABLE
    about: ClassVar[Words] = Words(
        "Enters when the premium's z-score is far out, and leaves by the exit policy.",
        "프리미엄의 z-점수가 크게 벗어나면 진입하고 청산 규칙에 따라 나옵니다.",
    )
    Params = ZScoreOneParams

    def __init__(self, params: ZScoreOneParams) -> None:
        from karb_premium.zrules import of_one

        self._rules = of_one(params)

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
    def facts(cls, params: ZScoreOneParams) -> SignalFacts:
        return facts_of(params, {"": TierFacts(params.take_profit, ("take_profit",))}, params.exit)

    @classmethod
    def review(cls, params: ZScoreOneParams, file: FileView) -> Iterator[Concern]:
        yield from row_concerns(params, file)
        yield from rearm_concern(params.rearm, params.entry)
