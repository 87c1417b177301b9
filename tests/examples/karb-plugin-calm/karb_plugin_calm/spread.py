"""`calm.spread`: no entry across a wide book."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from karb_core.domain import exact
from karb_core.rules.choices import Distinct
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Plan, Verdict
    from karb_core.ports import AccountView, MarketView


class SpreadParams(Params):
    """How wide a book may be."""

    widest: PositiveRatio = rule(
        "the most that the ask may lie above the bid",
        ko="매도 호가가 매수 호가보다 높을 수 있는 한도",
        example="10bp",
        tighter="lower",
    )
    sides: Distinct[Literal["long_premium", "short_premium"]] = rule("which sides may enter", example="[long_premium]")


class Spread:
    """Denies while a leg's ask lies further above its bid than you allow.

    Unit: (ask - bid) / bid. Edge: exactly the limit passes; a leg without a sound book is denied.
    """

    name = "spread"
    stands = frozenset({"entry"})
    about = Words("Denies an entry across a wide book.", "호가 간격이 넓으면 진입을 거부합니다.")
    Params = SpreadParams

    def __init__(self, params: SpreadParams) -> None:
        self._widest = params.widest
        self._sides = params.sides

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:
        from karb_core.domain.decisions import Denied, Passed

        if plan.proposals[0].side not in self._sides:
            return Denied("sides", plan.proposals[0].side, ", ".join(self._sides))
        for leg in plan.legs:
            top = view.tops.get(leg.instrument)
            if top is None or not top.sound:
                return Denied("widest", f"{leg.instrument.text()} has no sound book", "a sound book")
            allowed = exact.mul(top.bid, exact.add(Decimal(1), self._widest))
            if top.ask > allowed:
                told = f"{leg.instrument.text()}: {exact.text(top.bid)} to {exact.text(top.ask)}"
                return Denied("widest", told, f"up to {exact.text(allowed)}")
        return Passed()
