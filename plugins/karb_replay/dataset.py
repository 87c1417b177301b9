"""`replay.dataset`: a dataset file as the source of market data."""

from __future__ import annotations

from typing import ClassVar

from karb_core.ports import Stage
from karb_core.rules.names import PathName
from karb_core.rules.params import Params
from karb_core.rules.roles import wiring
from karb_core.texts.text import Words


class DatasetParams(Params):
    """Which dataset."""

    file: PathName = wiring(
        "the dataset file, relative to the strategy file",
        ko="데이터셋 파일 (전략 파일 기준 상대 경로)",
        example="../datasets/sample.yaml",
    )


class Dataset:
    """Plays a dataset's series in the order in which they became known."""

    name: ClassVar[str] = "dataset"
    stage: ClassVar[Stage] = Stage.STABLE
    modes: ClassVar[frozenset[str]] = frozenset({"backtest"})
    about: ClassVar[Words] = Words(
        "Plays a dataset's series in the order in which they became known.", "데이터셋을 알려진 순서대로 재생합니다."
    )
    Params = DatasetParams

    def __init__(self, params: DatasetParams) -> None:
        self._params = params
