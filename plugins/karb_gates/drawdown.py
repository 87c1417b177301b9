"""`gates.drawdown`: no more is risked so far below the best that was reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from karb_core.domain import exact
from karb_core.ports import Stage
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import rule
from karb_core.texts.text import Words
from karb_gates.then import Then, then

if TYPE_CHECKING:
    from karb_core.domain.decisions import Denied, Plan, Verdict
    from karb_core.ports import AccountView, Demand, MarketView


class DrawdownParams(Params):
    """How far below the best it may fall, what is counted, and what happens then."""

    most: PositiveRatio = rule(
        "how far below the best it may be, of the best",
        ko="최고점에서 내려와도 되는 한도(최고점 대비)",
        example="10%",
        tighter="lower",
    )
    counts: Literal["ended", "with_open"] = rule(
        "`ended`: lots that were left; `with_open`: also what open lots would bring if they were left now",
        ko="ended: 끝난 로트만 / with_open: 열린 로트를 지금 청산할 때의 손익까지",
        example="with_open",
    )
    then: Then = then()


class Drawdown:
    """Denies entries while capital and results lie further below their best than you allow, or stops trading then.

    Unit: the capital and the net of every lot that ended, in the order in which they did; the best is the highest that sum
    ever was, the capital itself at least. With `with_open` what open lots would come to is added to where it stands now,
    never to the best: what was not taken was not earned. Edge: exactly the limit passes; a result that cannot be told denies.
    """

    name: ClassVar[str] = "drawdown"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry"})
    about: ClassVar[Words] = Words(
        "Denies entries while capital and results lie further below their best than you allow, or stops trading then.",
        "자본과 손익의 합이 최고점에서 정한 것보다 내려오면 진입을 거부하거나 거래를 멈춥니다.",
    )
    Params = DrawdownParams

    def __init__(self, params: DrawdownParams) -> None:
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
        from karb_gates.results import net_of, open_net
        from karb_gates.shown import percent, shown_ratio

        now = best = exact.finite(account.terms.capital.value)
        for one in account.ended:
            now = exact.add(now, net_of(one, account.terms.book))
            best = max(best, now)
        if self._params.counts == "with_open":
            now = exact.add(now, open_net(view, account))
        below = exact.sub(best, now)
        if below <= exact.mul(self._params.most, best):
            return None
        book = account.terms.book
        told = f"{shown_ratio(below, best)} below the best of {exact.text(best)} {book}"
        return Denied("most", told, percent(self._params.most))
