"""`premium.zscore`: one threshold on the z-score of the premium."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from karb_core.ports import Concern, FileView, SignalFacts, Stage, TierFacts
from karb_core.texts.text import Words

from karb_premium.facts import facts_of, rearm_concern, window_concerns
from karb_premium.params import ZScoreOneParams


class ZScore:
    """Enters when the premium's z-score is far out, and leaves by the exit policy."""

    name: ClassVar[str] = "zscore"
    stage: ClassVar[Stage] = Stage.ANNOUNCED
    about: ClassVar[Words] = Words(
        "Enters when the premium's z-score is far out, and leaves by the exit policy.",
        "프리미엄의 z-점수가 크게 벗어나면 진입하고 청산 규칙에 따라 나옵니다.",
    )
    Params = ZScoreOneParams

    def __init__(self, params: ZScoreOneParams) -> None:
        self._params = params

    @classmethod
    def facts(cls, params: ZScoreOneParams) -> SignalFacts:
        return facts_of(params, {"": TierFacts(params.take_profit, ("take_profit",))}, params.exit)

    @classmethod
    def review(cls, params: ZScoreOneParams, file: FileView) -> Iterator[Concern]:  # noqa: ARG003
        yield from window_concerns(params)
        yield from rearm_concern(params.rearm, params.entry)
