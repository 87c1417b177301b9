"""What stands, folded from what was written: holdings, lots, what fired. Pure; `reading` gives the rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.decisions import DecisionKind
from karb_core.domain.holdings import Holdings
from karb_core.domain.instrument import Instrument, InstrumentKind
from karb_core.domain.lots import Lot
from karb_core.domain.proportion import in_proportion
from karb_core.ledger.decisions import Written
from karb_core.ledger.reading import Shared
from karb_core.ports.journal import Booked
from karb_core.ports.view import Fired, Standing


def holdings(
    before: Holdings, fills: Iterable[Shared], incomes: Iterable[Booked], kinds: Mapping[Instrument, InstrumentKind]
) -> Holdings:
    """Holdings after all of these. Errors: KeyError for a fill of an instrument whose kind is not given."""
    held = before
    for fill, _ in fills:
        held = held.with_fill(fill, kinds[fill.instrument])
    for booked in incomes:
        held = held.with_funding(booked.instrument.venue, booked.received)
    return held


def lots(opened: Iterable[Lot], fills: Iterable[Shared], incomes: Iterable[Booked]) -> dict[str, Lot]:
    """Every lot by its id, closed ones too, in the order in which they were opened.

    A lot bears of a fill's fee what it has of the fill (`in_proportion`). Errors: KeyError for a share of no lot.
    """
    by_id = {lot.id: lot for lot in opened}
    for fill, shares in fills:
        fees = in_proportion(fill.fee, {lot_id: exact.absolute(amount.value) for lot_id, amount in shares})
        for (lot_id, amount), (_, fee) in zip(shares, fees, strict=True):
            by_id[lot_id] = by_id[lot_id].with_fill(fill.instrument, amount, amount.at(fill.price), fee, fill.price)
    for booked in incomes:
        for lot_id, part in booked.lots:
            by_id[lot_id] = by_id[lot_id].with_funding(part)
    return by_id


def fired(decided: Iterable[Written], lots: Mapping[str, Lot]) -> dict[str, tuple[Fired, ...]]:
    """By pair, the entries since its last re-arming of which anything was filled.

    An entry's lot has the id of its intent. Its decision says in `seen` at which `premium` it was and whether it was
    `complete`; one that does not say so is: a tier that may be spent does not fire.
    """
    by_pair: dict[str, tuple[Fired, ...]] = {}
    for decision in decided:
        if decision.kind is DecisionKind.REARM:
            by_pair.pop(decision.pair, None)
        elif decision.kind is DecisionKind.ENTRY and _entered(lots.get(decision.intent_id or "")):
            by_pair[decision.pair] = (*by_pair.get(decision.pair, ()), _fired(decision))
    return by_pair


def reminded(decided: Iterable[Written]) -> set[str]:
    """Lots of which the owner was to be told, once."""
    return {
        lot_id
        for decision in decided
        if decision.kind is DecisionKind.REMINDER
        for lot_id in decision.document()["lot_ids"]
    }


def standing(
    lots: Mapping[str, Lot], fired: Mapping[str, tuple[Fired, ...]], reminded: Collection[str] = ()
) -> dict[str, Standing]:
    """By pair, its open lots, what fired, and of which lots the owner was told; pairs that have none are not in it."""
    open_: dict[str, list[Lot]] = {}
    for lot in lots.values():
        if not lot.flat:
            open_.setdefault(lot.pair, []).append(lot)
    told = {pair: frozenset(lot.id for lot in held if lot.id in reminded) for pair, held in open_.items()}
    return {
        pair: Standing(tuple(open_.get(pair, ())), fired.get(pair, ()), told.get(pair, frozenset()))
        for pair in dict.fromkeys([*open_, *fired])
    }


def _entered(lot: Lot | None) -> bool:
    return lot is not None and any(leg.entered.value for leg in lot.legs)


def _fired(decision: Written) -> Fired:
    seen = decision.document()["seen"]
    premium = seen.get("premium")
    return Fired(
        tier=decision.tier or "",
        at_ns=decision.first_at_ns,
        premium=None if premium is None else Decimal(premium),
        complete=seen.get("complete") is not False,
    )
