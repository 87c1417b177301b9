"""`sizing.share`: one size for every entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from karb_core.ports import SizeFacts, Stage
from karb_core.texts.text import Words

from karb_sizing.params import ShareParams


class Share:
    """Every entry is the same part of the capital, or of its pair's share."""

    name: ClassVar[str] = "share"
    stage: ClassVar[Stage] = Stage.ANNOUNCED
    about: ClassVar[Words] = Words(
        "Every entry is the same part of the capital, or of its pair's share.",
        "모든 진입이 자본 또는 페어 몫의 같은 비율입니다.",
    )
    Params = ShareParams

    def __init__(self, params: ShareParams) -> None:
        self._params = params

    @classmethod
    def sizes(cls, params: ShareParams, tiers: tuple[str, ...]) -> Mapping[str, SizeFacts]:
        return {tier: SizeFacts(params.size, params.of, params.counts, ("size",)) for tier in tiers}
