"""`gates.liquidation_distance`: how far a position's mark must be from where its venue takes it away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from karb_core.domain import exact
from karb_core.ports import Stage
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import rule
from karb_core.texts.text import Words
from karb_gates.then import Then, then

if TYPE_CHECKING:
    from karb_core.domain.decisions import Denied, Plan, Verdict
    from karb_core.domain.instrument import Instrument
    from karb_core.ports import AccountView, Demand, MarketView
    from karb_core.venue.isolated import IsolatedPosition

_STEP = Decimal(1).scaleb(-8)  # karb: constant because it is how finely a part of a cost is rounded


class LiquidationDistanceParams(Params):
    """How far, and what happens nearer than that."""

    least: PositiveRatio = rule(
        "how far the mark must be from the liquidation price, as a part of the mark",
        ko="마크 가격과 청산 가격 사이의 최소 거리(마크 대비)",
        example="30%",
        tighter="higher",
    )
    then: Then = then()


class LiquidationDistance:
    """Denies entries while a position at margin is nearer to its liquidation than you allow, or stops trading then.

    Reckoned from the lots: what their legs cost at entry, margin at the leverage you state, funding booked; one isolated
    position an instrument, with the entry that is asked about in it. Margin that you moved by hand is not seen. Unit:
    |liquidation - mark| over the mark; where no mark is told the middle of the book. Edge: exactly the limit passes; a position
    that nothing can take away passes; one of which a price or the maintenance margin is not known is denied.
    """

    name: ClassVar[str] = "liquidation_distance"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry"})
    about: ClassVar[Words] = Words(
        "Denies entries while a position at margin is nearer to its liquidation than you allow, or stops trading then.",
        "증거금 포지션이 청산 가격에 정한 것보다 가까우면 진입을 거부하거나 거래를 멈춥니다.",
    )
    Params = LiquidationDistanceParams

    def __init__(self, params: LiquidationDistanceParams) -> None:
        self._params = params

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:
        from karb_core.domain.decisions import Denied, Passed, ProposalKind
        from karb_gates.results import Uncounted

        if plan.proposals[0].kind is not ProposalKind.ENTRY:
            return Passed()
        try:
            positions = _positions(account, (*account.entering.values(), plan))
            return self._beyond(positions, view, account) or Passed()
        except Uncounted as e:
            return Denied("least", str(e), "a distance that can be told")

    def watches(self) -> bool:
        return self._params.then != "refuse"

    def watch(self, view: MarketView, account: AccountView) -> Demand | None:
        """Edge: what cannot be told stops nothing; entries are refused meanwhile."""
        from karb_gates.results import demand

        return demand(
            lambda view, account: self._beyond(_positions(account, ()), view, account), self._params.then, view, account
        )

    def _beyond(
        self, positions: Mapping[Instrument, IsolatedPosition], view: MarketView, account: AccountView
    ) -> Denied | None:
        from karb_core.domain.decisions import Denied
        from karb_core.venue.liquidation import liquidation_price
        from karb_gates.results import Uncounted
        from karb_gates.shown import percent, shown_ratio

        for instrument, position in positions.items():
            facts, mark = account.terms.facts[instrument], _mark(instrument, view)
            if mark is None or not facts.maintenance:
                lacks = "mark" if mark is None else "maintenance margin"
                raise Uncounted(f"{instrument.text()}: its {lacks} is not known")
            price = liquidation_price(position, facts)
            if price is None:
                continue
            apart = exact.absolute(exact.sub(price, mark))
            taken = (mark >= price) if position.amount < 0 else (mark <= price)
            if taken or not apart >= exact.mul(self._params.least, mark):
                told = "beyond" if taken else f"{shown_ratio(apart, mark)} from"
                return Denied("least", f"{instrument.text()}: {told} {exact.text(price)}", percent(self._params.least))
        return None


def _positions(account: AccountView, entering: Iterable[Plan]) -> dict[Instrument, IsolatedPosition]:
    """By perpetual, what lots hold and entries would add. A lot that is being entered counts as its plan."""
    from karb_core.domain.instrument import InstrumentKind

    parts: list[tuple[Instrument, Decimal, Decimal, Decimal]] = []
    plans = {plan.intent_id: plan for plan in entering}
    for lot in account.lots:
        if lot.id in plans:
            continue
        for leg in lot.legs:
            if leg.open.value:
                cost = exact.mul(leg.entered_cost.value, leg.open.value)
                cost = exact.divide(cost, leg.entered.value, _STEP, exact.Rounding.HALF_EVEN)
                funded = exact.total(a.value for a in lot.funding if a.asset == leg.instrument.quote)
                parts.append((leg.instrument, leg.open.value, cost, funded))
    for plan in plans.values():
        parts += [(t.instrument, t.amount.value, t.amount.at(t.price).value, Decimal(0)) for t in plan.legs]
    found: dict[Instrument, IsolatedPosition] = {}
    for instrument in dict.fromkeys(instrument for instrument, *_ in parts):
        if account.terms.facts[instrument].kind is InstrumentKind.PERPETUAL:
            leverage = account.terms.leverage[instrument.venue]
            position = _netted([tuple(part) for one, *part in parts if one == instrument], leverage)
            if position is not None:
                found[instrument] = position
    return found


def _netted(parts: Iterable[tuple[Decimal, ...]], leverage: Decimal) -> IsolatedPosition | None:
    """Amounts, costs and funding as one position: what lies on the smaller side gives back as much of the larger, cost and
    margin in proportion, as a venue does. None where nothing is left."""
    from karb_core.venue.isolated import IsolatedPosition

    parts = list(parts)
    net = exact.total(amount for amount, *_ in parts)
    if not net:
        return None
    same = [part for part in parts if (part[0] > 0) is (net > 0)]
    amount, cost, funded = (exact.total(values) for values in zip(*same, strict=True))
    cost = exact.divide(exact.mul(cost, net), amount, _STEP, exact.Rounding.HALF_EVEN)
    margin = exact.divide(exact.absolute(cost), leverage, _STEP, exact.Rounding.FLOOR)
    return IsolatedPosition(net, cost, exact.add(margin, funded))


def _mark(instrument: Instrument, view: MarketView) -> Decimal | None:
    told = view.marks.get(instrument)
    if told is not None:
        return exact.finite(told.price) if told.price > 0 else None
    top = view.tops.get(instrument)
    return exact.finite(top.mid) if top is not None and top.bid > 0 and top.ask > 0 else None
