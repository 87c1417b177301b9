"""`gates.fresh`: nothing is judged by old prices."""

from __future__ import annotations

from typing import ClassVar

from karb_core.ports import Stage
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.params import Params
from karb_core.rules.roles import rule
from karb_core.texts.text import Words


class FreshParams(Params):
    """How old a price may be, and how far apart the legs' prices may be in time."""

    book: PositiveDuration = rule("the oldest price of a leg", ko="각 다리 호가의 최대 나이", example="2s", tighter="lower")
    between_legs: PositiveDuration = rule(
        "how far apart in time the legs' prices may be", ko="두 다리 호가의 시각 차이 한도", example="1s", tighter="lower"
    )


class Fresh:
    """Denies while a leg's price is older than you allow, or the legs' prices are too far apart in time."""

    name: ClassVar[str] = "fresh"
    stage: ClassVar[Stage] = Stage.ANNOUNCED
    stands: ClassVar[frozenset[str]] = frozenset({"entry", "exit"})
    about: ClassVar[Words] = Words(
        "Denies while a leg's price is older than you allow, or the legs' prices are too far apart in time.",
        "호가가 정한 것보다 오래됐거나 두 다리의 시각 차이가 크면 거부합니다.",
    )
    Params = FreshParams

    def __init__(self, params: FreshParams) -> None:
        self._params = params
