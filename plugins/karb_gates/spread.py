"""`gates.spread`: nothing is traded while a leg's bid and ask are far apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from karb_core.domain import exact
from karb_core.ports import Stage
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Plan, Verdict
    from karb_core.ports import AccountView, MarketView


class SpreadParams(Params):
    """How far apart bid and ask may be."""

    most: PositiveRatio = rule(
        "how far apart bid and ask of each leg may be, over the price half way between them",
        ko="각 다리의 매수·매도 호가 차이 한도(중간값 대비)",
        example="20bp",
        tighter="lower",
    )


class Spread:
    """Denies while bid and ask of a leg are further apart than you allow.

    Unit: ask less bid over their middle, of each leg by itself. Edge: exactly the limit passes, and so does a bid at the
    ask; a leg without a price, or whose bid is above its ask, is denied.
    """

    name: ClassVar[str] = "spread"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry", "exit"})
    about: ClassVar[Words] = Words(
        "Denies while bid and ask of a leg are further apart than you allow.",
        "한 다리의 매수·매도 호가 차이가 정한 것보다 크면 거부합니다.",
    )
    Params = SpreadParams

    def __init__(self, params: SpreadParams) -> None:
        self._most = params.most

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:  # noqa: ARG002
        from karb_core.domain.decisions import Denied, Passed
        from karb_gates.shown import percent, shown_ratio

        allowed = percent(self._most)
        for leg in plan.legs:
            top, where = view.tops.get(leg.instrument), leg.instrument.text()
            if top is None:
                return Denied("most", f"{where} has no price", allowed)
            apart, mid = exact.sub(exact.finite(top.ask), exact.finite(top.bid)), top.mid
            if top.bid <= 0 or apart < 0:
                return Denied("most", f"{where}: {exact.text(top.bid)} is bid, {exact.text(top.ask)} asked", allowed)
            if not apart <= exact.mul(self._most, mid):
                return Denied("most", f"{where}: {shown_ratio(apart, mid)}", allowed)
        return Passed()
