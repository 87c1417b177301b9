"""`gates.net_exposure`: nothing is entered while coins stand unhedged."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from karb_core.domain import exact
from karb_core.ports import Stage
from karb_core.rules.money import Money
from karb_core.rules.params import Params
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Plan, Verdict
    from karb_core.ports import AccountView, MarketView


class NetExposureParams(Params):
    """How much may stand unhedged."""

    most: Money = rule(
        "what open lots may hold unhedged, all coins together, at the prices of now",
        ko="열린 로트에서 헤지되지 않은 채 남을 수 있는 코인 값의 한도(현재 가격)",
        example="100000 KRW",
        tighter="lower",
    )


class NetExposure:
    """Denies an entry while open lots hold more unhedged than you allow.

    What one leg has and the other does not take back stands open to the market: remainders, a leg that a venue closed, a
    ladder that ended stuck. Unit: by coin, the legs of all lots added up with their signs, at the middle of a market of
    this file that is paid in the limit's asset; all coins' sizes added. Edge: exactly the limit passes; your own inventory is
    no exposure of karb's; a coin without such a price is denied.
    """

    name: ClassVar[str] = "net_exposure"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry"})
    about: ClassVar[Words] = Words(
        "Denies an entry while open lots hold more unhedged than you allow.",
        "열린 로트에 헤지되지 않은 물량이 정한 것보다 많으면 진입하지 않습니다.",
    )
    Params = NetExposureParams

    def __init__(self, params: NetExposureParams) -> None:
        self._most = params.most

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:
        from karb_core.domain.decisions import Denied, Passed, ProposalKind

        if plan.proposals[0].kind is not ProposalKind.ENTRY:
            return Passed()
        open_: dict[str, Decimal] = {}
        for lot in account.lots:
            for leg in lot.legs:
                open_[leg.open.asset] = exact.add(open_.get(leg.open.asset, Decimal(0)), leg.open.value)
        total = Decimal(0)
        for coin, amount in open_.items():
            price = self._price(coin, view)
            if amount and price is None:
                return Denied(
                    "most", f"{exact.text(amount)} {coin} has no price in {self._most.asset}", self._most.text()
                )
            if amount and price is not None:
                total = exact.add(total, exact.mul(exact.absolute(amount), price))
        if total <= self._most.value:
            return Passed()
        return Denied("most", f"{exact.text(total)} {self._most.asset} unhedged", self._most.text())

    def _price(self, coin: str, view: MarketView) -> Decimal | None:
        """The highest of this coin's: what stands open is never counted too small."""
        mids = [
            exact.finite(top.mid)
            for instrument, top in view.tops.items()
            if (instrument.base, instrument.quote) == (coin, self._most.asset) and top.bid > 0
        ]
        return max(mids, default=None)
