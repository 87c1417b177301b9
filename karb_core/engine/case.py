"""What is decided about: one moment of one pair, and all that may be looked at then."""

from __future__ import annotations

from dataclasses import dataclass, replace

from karb_core.domain.decisions import Denied, Plan
from karb_core.domain.lots import Lot
from karb_core.engine.strategy import Strategy
from karb_core.ports import AccountView, MarketView, Moment


@dataclass(frozen=True, slots=True)
class Case:
    """`barred`: what keeps the desk itself from entering now, and from ways out that are only taken."""

    strategy: Strategy
    moment: Moment
    view: MarketView
    account: AccountView
    barred: tuple[Denied, ...] = ()

    def going_on(self, *entries: Plan) -> Case:
        """The case once a plan of the pair goes ahead: what is decided after it at the same moment is another one.

        entries: of these plans, those that enter.
        """
        pairs = self.account.under_way | {self.moment.pair}
        entering = {**self.account.entering, **{plan.intent_id: plan for plan in entries}}
        return replace(self, account=replace(self.account, under_way=pairs, entering=entering))

    def lot(self, lot_id: str) -> Lot:
        """One of the pair's. Errors: StopIteration for one that is not open."""
        return next(lot for lot in self.account.standing[self.moment.pair].lots if lot.id == lot_id)

    def sizing_line(self, name: str) -> str:
        """The place in the file of a line that sizing names by itself; what is a place already stays."""
        return name if name.startswith("/") else self.strategy.sizing_cite(name).rule
