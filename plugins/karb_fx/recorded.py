"""`fx.recorded`: a rate that a dataset brings, for files that are only ever run over data."""

from __future__ import annotations

from typing import ClassVar

from karb_core.ports import Stage
from karb_core.rules.names import ShortName
from karb_core.rules.roles import wiring
from karb_core.texts.text import Words
from karb_fx.calendar import fixing_is_open
from karb_fx.params import RateParams, nanoseconds


class RecordedParams(RateParams):
    """Which series of the dataset, and how old it may be."""

    series: ShortName = wiring("the rate's name in the dataset", ko="데이터셋 안의 환율 이름", example="usd-krw")


class Recorded:
    """A rate from the dataset of the run, known from the moment the dataset says."""

    name: ClassVar[str] = "recorded"
    kind: ClassVar[str] = "recorded"
    stage: ClassVar[Stage] = Stage.STABLE
    modes: ClassVar[frozenset[str]] = frozenset({"backtest"})
    about: ClassVar[Words] = Words(
        "A rate from the dataset of the run, known from the moment the dataset says.",
        "데이터셋에 있는 환율. 알려진 시각부터만 씁니다.",
    )
    Params = RecordedParams

    def __init__(self, params: RecordedParams) -> None:
        self._params = params

    def max_age_ns(self) -> int:
        return nanoseconds(self._params.max_age)

    def when_closed_ns(self) -> int | None:
        return None if self._params.when_closed is None else nanoseconds(self._params.when_closed)

    def is_open(self, at_ns: int) -> bool:
        return fixing_is_open(at_ns)
