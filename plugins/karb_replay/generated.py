"""`replay.sample`: the made-up market as the source of a dataset."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar

from karb_core.domain.instrument import Instrument
from karb_core.ports import Stage
from karb_core.rules.choices import Distinct
from karb_core.rules.day import Day
from karb_core.rules.money import ASSET
from karb_core.rules.number import Plain, PositiveCount
from karb_core.rules.params import Params
from karb_core.rules.roles import wiring
from karb_core.rules.written import Written, as_written
from karb_core.texts.text import Text, Words

if TYPE_CHECKING:
    from karb_core.history.dataset import Dataset
    from karb_core.history.load import LoadedDataset
    from karb_core.history.span import Span

Coin = Annotated[
    str, Written("asset", ASSET, lambda m: m[0], lambda v: Text("asset.shape", {"written": as_written(v)}))
]


class SampleParams(Params):
    """Which made-up market."""

    start: Day = wiring("its first day (UTC)", ko="첫날 (UTC)", example="2025-01-01")
    days: PositiveCount = wiring("how many days it lasts", ko="며칠치인지", example="120")
    seed: Annotated[int, Plain(least=0, whole=True)] = wiring(
        "the number it is drawn from: another seed is another market", ko="씨앗 값: 다른 값은 다른 시장", example="1"
    )
    coins: Distinct[Coin] = wiring("which coins there are", ko="어떤 코인이 있는지", example="[BTC, ETH, XRP]")


class Sample:
    """Makes a market up from a seed: bars of a minute, marks, funding and a dollar, all synthetic."""

    name: ClassVar[str] = "sample"
    stage: ClassVar[Stage] = Stage.EXPERIMENTAL
    modes: ClassVar[frozenset[str]] = frozenset({"backtest"})
    about: ClassVar[Words] = Words(
        "Makes a market up from a seed: bars of a minute, marks, funding and a dollar, all synthetic.",
        "씨앗 값으로 가상의 시장을 만듭니다: 1분 봉, 마크 가격, 펀딩, 환율.",
    )
    Params = SampleParams

    def __init__(self, params: SampleParams) -> None:
        self._params = params

    @staticmethod
    def series_of(
        params: SampleParams, dataset: Dataset, instruments: Iterable[Instrument], rates: Iterable[str], span: Span
    ) -> LoadedDataset:
        """The series that were asked for, of the coins they need and no others.

        Errors: DataUnusable for an instrument or a rate that this market does not have.
        """
        from karb_replay.made_up import made_up

        return made_up(params, dataset, tuple(instruments), tuple(rates), span)
