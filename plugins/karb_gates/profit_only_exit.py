"""`gates.profit_only_exit`: no exit of yours at a loss."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from karb_core.domain import exact
from karb_core.ports import Stage
from karb_core.rules.params import Params
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Plan, Verdict
    from karb_core.domain.lots import Lot
    from karb_core.ports import AccountView, LeavingColumns, MarketView, Terms
    from karb_core.ports.foreseen import Mask


class ProfitOnlyExitParams(Params):
    """Nothing to write: an exit is allowed only above zero."""


class ProfitOnlyExit:
    """Denies an exit that your exit policy takes unless its net result is above zero.

    Each lot of the plan is asked alone: one that gains may not carry one that loses out. Counted is all of it: both
    legs at the prices we would leave at, fees paid and fees of leaving, funding booked so far, all at the `money`
    rate. Edge: exactly zero is denied; so is a lot whose result cannot be computed. Exits that a gate demands, an
    unwind, a flatten and a forced close are never asked.
    """

    name: ClassVar[str] = "profit_only_exit"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"exit"})
    refuses_losses: ClassVar[bool] = True
    about: ClassVar[Words] = Words(
        "Denies an exit that your exit policy takes unless its net result is above zero.",
        "청산 규칙이 내는 청산은 모든 비용을 뺀 결과가 0보다 클 때만 허용합니다.",
    )
    Params = ProfitOnlyExitParams

    def __init__(self, params: ProfitOnlyExitParams) -> None:
        self._params = params

    def foresees(self, lot: Lot, at: LeavingColumns, terms: Terms) -> tuple[Mask, Mask]:
        from karb_gates.foreseen_net import foreseen_net

        net = foreseen_net(lot, at, terms)
        return net < -_CLEAR, net > _CLEAR

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:
        from karb_core.domain.decisions import Denied, Passed, ProposalKind

        lots = {lot.id: lot for lot in account.lots}
        for proposal in plan.proposals:
            if proposal.kind is not ProposalKind.EXIT:
                return Denied("use", "an entry", "this gate is asked at exits")
            for lot_id in proposal.lot_ids:
                verdict = _of_lot(lots.get(lot_id), lot_id, view, account)
                if isinstance(verdict, Denied):
                    return verdict
        return Passed()


def _of_lot(lot: Lot | None, lot_id: str, view: MarketView, account: AccountView) -> Verdict:
    from karb_core.domain.decisions import Denied, Passed
    from karb_core.rules.leaving import Leaving

    if lot is None:
        return Denied("use", f"lot {lot_id} is not known", "a lot of this account")
    tops = [view.tops.get(leg.instrument) for leg in lot.legs]
    leaving = Leaving(lot, tuple(top for top in tops if top is not None), view.rates, account.terms.costs)
    net = leaving.money(fees=True, funding=True)
    if net is None:
        return Denied("use", f"lot {lot_id}: a price, a rate or a fee is missing", _WANTED)
    if not net.exceeds(Decimal(0)):
        return Denied("use", f"lot {lot_id}: {exact.text(net.over)} {lot.legs[0].instrument.quote}", _WANTED)
    return Passed()


# karb: constant because it only keeps clear of zero, as a part of the notional; whoever is nearer is judged exactly
_CLEAR = 1e-7
_WANTED = "a net result above zero"
