"""`sim.depth`: fills that walk a live or recorded book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from karb_core.ports import Stage
from karb_core.rules.duration import Duration
from karb_core.rules.params import Params
from karb_core.rules.roles import assumption
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.ports import Clock
    from karb_core.ports.simulated import ConditionsAt
    from karb_core.venue.terms import VenueTerms
    from karb_sim.over_depth import VenuesOverDepth

_MICROSECOND = timedelta(microseconds=1)


class DepthFillsParams(Params):
    """How long orders and answers travel."""

    order_latency: Duration = assumption(
        "from sending an order to its arrival", ko="주문이 거래소에 닿기까지의 시간", example="80ms"
    )
    answer_latency: Duration = assumption(
        "from its fill to our knowing", ko="체결을 우리가 알기까지의 시간", example="60ms"
    )


class DepthFills:
    """Fills against the levels of the book, after the latencies the file states."""

    name: ClassVar[str] = "depth"
    stage: ClassVar[Stage] = Stage.STABLE
    modes: ClassVar[frozenset[str]] = frozenset({"paper"})
    margins: ClassVar[frozenset[str]] = frozenset({"isolated"})
    about: ClassVar[Words] = Words(
        "Fills against the levels of the book, after the latencies the file states.",
        "파일에 쓴 지연 뒤에 호가 잔량을 따라 체결됩니다.",
    )
    Params = DepthFillsParams

    def __init__(self, params: DepthFillsParams) -> None:
        self._params = params

    def open_depth(
        self, accounts: Sequence[VenueTerms], clock: Clock, conditions: ConditionsAt | None = None
    ) -> VenuesOverDepth:
        """The venues of a run, each opening with what its terms say; see `OpensOverDepth`."""
        from karb_core.venue.conditions import Conditions

        stated = Conditions(order_ns=_ns(self._params.order_latency), answer_ns=_ns(self._params.answer_latency))
        return self.under(accounts, clock, conditions or (lambda *_: stated))

    @classmethod
    def under(cls, accounts: Sequence[VenueTerms], clock: Clock, conditions: ConditionsAt) -> VenuesOverDepth:
        """The same, under conditions of somebody else's; see `OpensUnder`."""
        from karb_sim.over_depth import VenuesOverDepth

        return VenuesOverDepth(accounts, clock, conditions)


def _ns(latency: timedelta) -> int:
    return latency // _MICROSECOND * 1000
