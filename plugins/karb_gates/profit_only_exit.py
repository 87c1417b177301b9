"""`gates.profit_only_exit`: no exit of yours at a loss."""

from __future__ import annotations

from typing import ClassVar

from karb_core.ports import Stage
from karb_core.rules.params import Params
from karb_core.texts.text import Words


class ProfitOnlyExitParams(Params):
    """Nothing to write: an exit is allowed only above zero."""


class ProfitOnlyExit:
    """Denies an exit that your exit policy takes unless its net result is above zero.

    Exits that a gate demands, an unwind, a flatten and a forced close are never asked.
    """

    name: ClassVar[str] = "profit_only_exit"
    stage: ClassVar[Stage] = Stage.ANNOUNCED
    stands: ClassVar[frozenset[str]] = frozenset({"exit"})
    refuses_losses: ClassVar[bool] = True
    about: ClassVar[Words] = Words(
        "Denies an exit that your exit policy takes unless its net result is above zero.",
        "청산 규칙이 내는 청산은 모든 비용을 뺀 결과가 0보다 클 때만 허용합니다.",
    )
    Params = ProfitOnlyExitParams

    def __init__(self, params: ProfitOnlyExitParams) -> None:
        self._params = params
