"""`gates.max_premium`: a premium that is too good to be true is not traded."""

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


class MaxPremiumParams(Params):
    """How far a premium may be from zero."""

    most: PositiveRatio = rule(
        "the largest |premium| that is believed", ko="믿을 수 있는 |프리미엄|의 상한", example="15%", tighter="lower"
    )


class MaxPremium:
    """Denies while the premium at the plan's own prices is further from zero than you believe.

    So far out one of the prices or the rate is wrong, or a deposit is halted, and what looks like a gain is none. Unit:
    the prices of the plan's legs and the rate of the `premium` seat. Edge: exactly the limit passes; a plan of other
    than two legs, or without the rate it needs, is denied.
    """

    name: ClassVar[str] = "max_premium"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry", "exit"})
    about: ClassVar[Words] = Words(
        "Denies while the premium at the plan's own prices is further from zero than you believe.",
        "계획 가격의 프리미엄이 믿을 수 있는 범위를 벗어나면 거부합니다.",
    )
    Params = MaxPremiumParams

    def __init__(self, params: MaxPremiumParams) -> None:
        self._most = params.most

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:  # noqa: ARG002
        from karb_core.domain.decisions import Denied, Passed
        from karb_core.rules.leaving import rate_now
        from karb_gates.shown import percent, shown_ratio

        allowed = percent(self._most)
        if len(plan.legs) != 2:
            return Denied("most", f"{len(plan.legs)} legs have no premium", allowed)
        near, far = plan.legs
        rate = rate_now(view.rates, "premium", near.instrument, far.instrument)
        if rate is None:
            return Denied("most", "no rate of the `premium` seat is known", allowed)
        abroad = exact.mul(exact.finite(far.price.value), exact.finite(rate))
        apart = exact.sub(exact.finite(near.price.value), abroad)
        if abroad > 0 and exact.absolute(apart) <= exact.mul(self._most, abroad):
            return Passed()
        return Denied("most", shown_ratio(apart, abroad), allowed)
