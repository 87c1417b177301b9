"""`gates.fx_disagreement`: the two rates may be only so far apart."""

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


class FxDisagreementParams(Params):
    """How far apart the rates of the two seats may be."""

    most: PositiveRatio = rule(
        "how far the `money` rate may be from the `premium` rate, as a part of the latter",
        ko="`money` 환율이 `premium` 환율에서 벗어날 수 있는 한도(`premium` 환율 대비)",
        example="5%",
        tighter="lower",
    )


class FxDisagreement:
    """Denies while the rate that is judged by and the rate that money is booked at disagree.

    A tether that is dear in Korea is a premium of its own; one that is far out is mostly a source that stands still or
    is wrong. Unit: |money / premium - 1|. Edge: exactly the limit passes; legs of one quote need no rate and pass; a
    rate that is not known is denied.
    """

    name: ClassVar[str] = "fx_disagreement"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry", "exit"})
    about: ClassVar[Words] = Words(
        "Denies while the rate that is judged by and the rate that money is booked at disagree.",
        "판단에 쓰는 환율과 돈을 계산하는 환율이 크게 다르면 거부합니다.",
    )
    Params = FxDisagreementParams

    def __init__(self, params: FxDisagreementParams) -> None:
        self._most = params.most

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:  # noqa: ARG002
        from karb_core.domain.decisions import Denied, Passed
        from karb_gates.shown import percent, shown_ratio

        allowed = percent(self._most)
        if len({leg.instrument.quote for leg in plan.legs}) == 1:
            return Passed()
        known = [view.rates.get(seat) for seat in ("premium", "money")]
        missing = [seat for seat, rate in zip(("premium", "money"), known, strict=True) if rate is None]
        if missing:
            return Denied("most", f"no rate of the `{missing[0]}` seat is known", allowed)
        judged, booked = (exact.finite(rate.rate) for rate in known if rate is not None)
        apart = exact.sub(booked, judged)
        if judged > 0 and booked > 0 and exact.absolute(apart) <= exact.mul(self._most, judged):
            return Passed()
        return Denied("most", shown_ratio(apart, judged), allowed)
