"""The lots of somebody's books, folded from the ledger: those that are open, and how the others ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from karb_core.domain import exact
from karb_core.domain.amount import Amount, Price
from karb_core.domain.exact import Rounding
from karb_core.domain.lots import Lot
from karb_core.domain.trade import Trade
from karb_core.engine.books import ClosedLot
from karb_core.ledger import folds, reading
from karb_core.ledger.decisions import Written
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Shared, Whose
from karb_core.wiring.trades import trades_of

# karb: constant because it is a step of display
_STEP = Decimal(1).scaleb(-18)
_RATE = "rate."


@dataclass(frozen=True, slots=True)
class KeptLots:
    """`open` in the order in which they were opened, `closed` in that in which they ended.

    uneven: by open lot, what each leg has beyond the proportion in which the lot was planned, signed base, in the order
    of its legs; lots that are even are not in it.
    """

    open: tuple[Lot, ...]
    closed: tuple[ClosedLot, ...]
    uneven: Mapping[str, tuple[Amount, ...]]


def kept_lots(ledger: Ledger, whose: Whose, until_ns: int | None = None) -> KeptLots:
    """As they stand, or as they stood by our clock at a time. Errors: `LedgerUnusable`."""
    fills = [one for one in reading.fills(ledger, whose) if until_ns is None or one[0].received_at_ns <= until_ns]
    incomes = [one for one in reading.incomes(ledger, whose) if until_ns is None or one.at_ns <= until_ns]
    lots = folds.lots(reading.opened_lots(ledger, whose), fills, incomes)
    decided = {d.intent_id: d for d in reading.decisions(ledger, whose) if d.intent_id is not None}
    by_order = {order.id: order.intent_id for order, _ in reading.orders(ledger, whose)}
    open_ = tuple(lot for lot in lots.values() if not lot.flat)
    uneven = {lot.id: found for lot in open_ if (found := _ahead(lot, decided.get(lot.id)))}
    return KeptLots(open_, closed_lots(lots, fills, by_order, decided), uneven)


def closed_lots(
    lots: Mapping[str, Lot], fills: list[Shared], by_order: Mapping[str, str], decided: Mapping[str, Written]
) -> tuple[ClosedLot, ...]:
    """Those that came back to nothing, in the order in which they did.

    by_order: by an order's id, its intent; decided: by intent, the decision that made it.
    """
    last = _last_fills(fills)
    return tuple(_closed(lots[lot_id], last[lot_id], by_order, decided) for lot_id in last if lots[lot_id].flat)


def trades_by_book(closed: tuple[ClosedLot, ...]) -> tuple[dict[str, list[Trade]], list[Lot]]:
    """Round trips by the asset in which they are counted, and lots that can be counted in none: a rate is not known."""
    trades: dict[str, list[Trade]] = {}
    unrated = []
    for one in closed:
        book = _book(one)
        try:
            made = [] if book is None else trades_of([one], book)
        except LookupError:
            made = []
        if book is None or not made:
            unrated.append(one.lot)
        else:
            trades.setdefault(book, []).extend(made)
    return trades, unrated


def _last_fills(fills: list[Shared]) -> dict[str, Shared]:
    """By lot, the last of its fills; lots in the order of those."""
    out: dict[str, Shared] = {}
    for shared in fills:
        for lot_id, _ in shared[1]:
            out.pop(lot_id, None)
            out[lot_id] = shared
    return out


def _closed(lot: Lot, last: Shared, by_order: Mapping[str, str], decided: Mapping[str, Written]) -> ClosedLot:
    """As the desk closed it: at the time and the rates of the decision whose order came last."""
    by = decided.get(by_order.get(last[0].order_id, ""))
    if by is None:
        return ClosedLot(lot, last[0].received_at_ns, ())
    seen = by.document()["seen"]
    rates = [
        (seat, Price(Decimal(seen[_RATE + seat]), at.base, at.quote)) for seat, at in lot.rates if _RATE + seat in seen
    ]
    return ClosedLot(lot, by.first_at_ns, tuple(rates))


def _book(closed: ClosedLot) -> str | None:
    """What it is counted in: what the money rate books in, or what all its legs are priced in."""
    money = dict(closed.rates).get("money")
    if money is not None:
        return money.quote
    quotes = {leg.instrument.quote for leg in closed.lot.legs}
    return quotes.pop() if len(quotes) == 1 else None


def _ahead(lot: Lot, decision: Written | None) -> tuple[Amount, ...]:
    """By leg, what it has beyond the leg that has least of its target; empty where all have the same part of it."""
    planned = _planned(lot, decision)
    targets = [planned[leg.instrument.text()] for leg in lot.legs]
    parts = [Fraction(leg.open.value) / target for leg, target in zip(lot.legs, targets, strict=True)]
    one_way = all(part >= 0 for part in parts) or all(part <= 0 for part in parts)
    least = min(parts, key=abs) if one_way else Fraction(0)
    beyond = [(part - least) * target for part, target in zip(parts, targets, strict=True)]
    ahead = tuple(leg.instrument.amount(_decimal(value)) for leg, value in zip(lot.legs, beyond, strict=True))
    return ahead if any(amount.value for amount in ahead) else ()


def _planned(lot: Lot, decision: Written | None) -> dict[str, Fraction]:
    """Signed base of each leg as it was decided; where that is not written, as much on each."""
    if decision is None:
        return {leg.instrument.text(): Fraction(leg.side.sign) for leg in lot.legs}
    legs = decision.document()["legs"]
    return {leg["instrument"]: Fraction(Amount.read(leg["amount"]).value) for leg in legs}


def _decimal(value: Fraction) -> Decimal:
    return exact.divide(Decimal(value.numerator), Decimal(value.denominator), _STEP, Rounding.HALF_EVEN)
