"""`gates.max_position`: how much one pair may hold."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Literal

from karb_core.domain.exact import mul
from karb_core.ports import Concern, FileView, SizeFacts, Stage
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import rule
from karb_core.texts.text import Words


class MaxPositionParams(Params):
    """The largest position of one pair, as a part of its base."""

    of: Literal["capital", "pair_share"] = rule(
        "what the limit is a part of", ko="한도의 기준: 전체 자본(capital) 또는 페어의 몫(pair_share)", example="capital"
    )
    single: PositiveRatio = rule(
        "the most one pair may hold, near leg at entry prices", ko="한 페어가 가질 수 있는 최대 크기(국내 다리, 진입가 기준)", example="40%", tighter="lower"
    )


class MaxPosition:
    """Denies an entry after which one pair would hold more than you allow."""

    name: ClassVar[str] = "max_position"
    stage: ClassVar[Stage] = Stage.ANNOUNCED
    stands: ClassVar[frozenset[str]] = frozenset({"entry"})
    about: ClassVar[Words] = Words(
        "Denies an entry after which one pair would hold more than you allow.", "진입 후 한 페어의 보유가 한도를 넘으면 거부합니다."
    )
    Params = MaxPositionParams

    def __init__(self, params: MaxPositionParams) -> None:
        self._params = params

    @classmethod
    def review(cls, params: MaxPositionParams, file: FileView) -> Iterator[Concern]:
        """A tier whose entry alone is larger than the limit can never fire."""
        for tier, size in file.sizes.items():
            for name, pair in file.pairs.items():
                share = pair.share if params.of == "pair_share" else Decimal(1)
                if size.counts == "near_leg" and _of_capital(size, pair.share) > mul(params.single, share):
                    called = f"tier `{tier}`" if tier else "an entry"
                    korean = f"단계 `{tier}`" if tier else "진입"
                    yield Concern(
                        ("single",),
                        Words(f"{called} of {name} is larger than this limit: it can never fire", f"{name}의 {korean} 크기가 이 한도보다 큽니다: 발동할 수 없습니다"),
                        Words("raise the limit or make the entry smaller", "한도를 올리거나 진입 크기를 줄이세요"),
                        code="K402",
                    )
                    break


def _of_capital(size: SizeFacts, share: Decimal) -> Decimal:
    return size.size if size.of == "capital" else mul(size.size, share)
