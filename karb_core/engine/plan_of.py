"""What would be traded: the plan of proposals, with an id of its own and each lot's share in it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.decisions import Cause, Denied, LegTarget, Plan, Proposal, Share
from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot
from karb_core.domain.order_id import intent_id
from karb_core.engine.case import Case
from karb_core.engine.cut import cut


def way_out(case: Case, proposals: tuple[Proposal, ...], ordinal: int = 0) -> Plan | Denied:
    """What brings the lots of these proposals back to nothing, at the sides we would trade."""
    lots = [case.lot(lot_id) for proposal in proposals for lot_id in proposal.lot_ids]
    legs: list[LegTarget] = []
    for i, instrument in enumerate(case.moment.legs):
        total = Decimal(0)
        for lot in lots:
            total = exact.add(total, next(leg.open.value for leg in lot.legs if leg.instrument == instrument))
        if total:
            moved = exact.negate(total)
            price = case.moment.tops[i].bid if moved < 0 else case.moment.tops[i].ask
            legs.append(LegTarget(instrument, instrument.amount(moved), instrument.price(price)))
    if not legs:
        return Denied(f"/pairs/{case.moment.pair}", "nothing is open", "something to trade")
    fitting = cut(tuple(legs), case.strategy.terms.facts, f"/pairs/{case.moment.pair}", leaves=True)
    if isinstance(fitting, Denied):
        return fitting
    return plan_of(case, proposals, fitting, shares_of(lots, fitting[0].instrument), ordinal)


def plan_of(
    case: Case, proposals: tuple[Proposal, ...], legs: tuple[LegTarget, ...], shares: tuple[Share, ...], ordinal: int
) -> Plan:
    terms, first = case.strategy.terms, proposals[0]
    # A way out that is forced may fall on the moment of one that is taken: it is another intent.
    kind = first.kind.value if first.cause is Cause.TAKEN else f"{first.cause.value} {first.kind.value}"
    minted = intent_id(
        rules_digest=terms.rules_digest,
        strategy=terms.strategy,
        pair=case.moment.pair,
        venue_at_ns=case.moment.at_ns,
        kind=kind,
        ordinal=ordinal,
    )
    return Plan(intent_id=minted, proposals=proposals, legs=legs, shares=shares)


def shares_of(lots: Iterable[Lot], instrument: Instrument) -> tuple[Share, ...]:
    """All that each has open there, to be brought back."""
    opens = ((lot.id, leg.open.value) for lot in lots for leg in lot.legs if leg.instrument == instrument)
    return tuple(Share(lot_id, exact.negate(value)) for lot_id, value in opens)
