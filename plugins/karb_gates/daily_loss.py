"""`gates.daily_loss`: no more is risked on a day that has lost enough."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Literal

from karb_core.domain import exact
from karb_core.ports import Stage
from karb_core.rules.clock import DayStart
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import rule
from karb_core.texts.text import Words
from karb_gates.then import Then, then

if TYPE_CHECKING:
    from karb_core.domain.decisions import Denied, Plan, Verdict
    from karb_core.ports import AccountView, Demand, MarketView


class DailyLossParams(Params):
    """How much one of your days may lose, what is counted, and what happens then."""

    most: PositiveRatio = rule(
        "the most a day may lose, of capital", ko="하루에 잃을 수 있는 한도(자본 대비)", example="2%", tighter="lower"
    )
    day: DayStart = rule("when your day begins", ko="하루가 시작하는 시각", example="00:00 KST")
    counts: Literal["ended", "with_open"] = rule(
        "`ended`: lots that were left this day; `with_open`: also what open lots would bring if they were left now",
        ko="ended: 그날 끝난 로트만 / with_open: 열린 로트를 지금 청산할 때의 손익까지",
        example="ended",
    )
    then: Then = then()


class DailyLoss:
    """Denies entries on a day that has lost more than you allow, or stops trading then.

    Unit: net of everything, in the asset of the capital, gains of the day made up for. An open lot counts whole, also where
    it was entered on an earlier day. Edge: exactly the limit passes; a result that cannot be told denies; the time at which
    your day begins belongs to the new day. What it stopped stays so until you resume, into the next day too.
    """

    name: ClassVar[str] = "daily_loss"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry"})
    about: ClassVar[Words] = Words(
        "Denies entries on a day that has lost more than you allow, or stops trading then.",
        "하루 손실이 한도를 넘으면 진입을 거부하거나 거래를 멈춥니다.",
    )
    Params = DailyLossParams

    def __init__(self, params: DailyLossParams) -> None:
        self._params = params

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:
        from karb_gates.results import verdict

        return verdict(self._beyond, plan, view, account)

    def watches(self) -> bool:
        return self._params.then != "refuse"

    def watch(self, view: MarketView, account: AccountView) -> Demand | None:
        """Edge: what cannot be told stops nothing; entries are refused meanwhile."""
        from karb_gates.results import demand

        return demand(self._beyond, self._params.then, view, account)

    def _beyond(self, view: MarketView, account: AccountView) -> Denied | None:
        from karb_core.domain.decisions import Denied
        from karb_core.domain.instant import to_text
        from karb_core.rules.clock import day_began_ns
        from karb_gates.results import net_of, open_net

        book, began_ns = account.terms.book, day_began_ns(self._params.day, view.as_of_ns)
        lost = Decimal(0)
        for one in account.ended:
            if one.ended_at_ns >= began_ns:
                lost = exact.sub(lost, net_of(one, book))
        if self._params.counts == "with_open":
            lost = exact.sub(lost, open_net(view, account))
        limit = exact.mul(self._params.most, account.terms.capital.value)
        if lost <= limit:
            return None
        return Denied(
            "most", f"{exact.text(lost)} {book} lost since {to_text(began_ns)}", f"{exact.text(limit)} {book}"
        )
