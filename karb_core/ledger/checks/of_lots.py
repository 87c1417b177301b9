"""What holds of lots: what traded and was settled is shared out whole, and what they hold is what there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot
from karb_core.domain.orders import Fill
from karb_core.ledger import folds
from karb_core.ledger.checks.account_books import UNREADABLE, AccountBooks, Share
from karb_core.ledger.checks.violation import Placed, Violation
from karb_core.ports.journal import Booked
from karb_core.texts.text import Text


@dataclass(slots=True)
class Folded:
    """The lots of an account after all that was written, and what of it did not fit."""

    lots: dict[str, Lot] = field(default_factory=dict)
    of: dict[str, str] = field(default_factory=dict)
    misfits: list[Violation] = field(default_factory=list)
    unshared: list[Violation] = field(default_factory=list)


def shares(books: AccountBooks) -> Iterator[Violation | None]:
    """Edge: a fill that the venue forced where no lot was open belongs to none."""
    shared = books.shares_of()
    orders = {placed.value.id for placed in books.orders}
    for placed in books.fills:
        mine = shared.pop(placed.at, [])
        total = exact.total([share.value[2] for share in mine])
        forced = not mine and placed.value.order_id not in orders
        fine = forced or total == placed.value.moved.value
        args = {"moved": exact.text(placed.value.moved.value), "shared": exact.text(total)}
        yield None if fine else placed.broken(Text("broken.shares", args))
    for left in shared.values():
        yield left[0].broken(Text("broken.no_fill"))


def lots(books: AccountBooks) -> Iterator[Violation | None]:
    folded = fold(books)
    yield from folded.misfits
    yield from [None] * len(folded.lots)


def incomes(books: AccountBooks) -> Iterator[Violation | None]:
    unshared = {(v.run_id, v.ordinal): v for v in fold(books).unshared}
    for placed in books.incomes:
        booked = placed.value
        total = exact.total([part.value for _, part in booked.lots])
        other = any(part.asset != booked.received.asset for _, part in booked.lots)
        if booked.lots and (other or total != booked.received.value):
            args = {"received": booked.received.text(), "shared": exact.text(total)}
            yield placed.broken(Text("broken.parts", args))
        else:
            yield unshared.get((placed.run_id, placed.ordinal))


def fold(books: AccountBooks) -> Folded:
    """In the order of writing, so that a settlement meets the lots that were open when it was booked."""
    folded = Folded({placed.value.id: placed.value for placed in books.lots})
    folded.of = {placed.value.id: placed.strategy for placed in books.lots}
    shared = books.shares_of()
    written: list[Placed[Fill] | Placed[Booked]] = sorted([*books.fills, *books.incomes], key=lambda placed: placed.at)
    for placed in written:
        if isinstance(placed.value, Fill):
            _fill(folded, placed, placed.value, shared.get(placed.at, []))
        else:
            _income(folded, placed, placed.value)
    return folded


def _fill(folded: Folded, placed: Placed[Fill] | Placed[Booked], fill: Fill, shared: list[Placed[Share]]) -> None:
    amounts = tuple((lot_id, fill.instrument.amount(amount)) for _, lot_id, amount in (s.value for s in shared))
    try:
        concerned = [folded.lots[lot_id] for lot_id, _ in amounts]
        folded.lots |= folds.lots(concerned, [(fill, amounts)], ())
    except UNREADABLE as error:
        folded.misfits.append(placed.broken(_misfit(error)))


def _income(folded: Folded, placed: Placed[Fill] | Placed[Booked], booked: Booked) -> None:
    try:
        concerned = [folded.lots[lot_id] for lot_id, _ in booked.lots]
        folded.lots |= folds.lots(concerned, (), [booked])
    except UNREADABLE as error:
        folded.misfits.append(placed.broken(_misfit(error)))
    if not booked.lots:
        mine = [lot for lot_id, lot in folded.lots.items() if folded.of[lot_id] == placed.strategy]
        if booked.received.value and exact.total([_open(lot, booked.instrument) for lot in mine]):
            args = {"received": booked.received.text(), "shared": exact.text(Decimal(0))}
            folded.unshared.append(placed.broken(Text("broken.parts", args)))


def _misfit(error: Exception) -> Text:
    return Text("broken.misfit", {"why": f"{type(error).__name__}: {' '.join(str(error).split())}"})


def _open(lot: Lot, instrument: Instrument) -> Decimal:
    return next((leg.open.value for leg in lot.legs if leg.instrument == instrument), Decimal(0))
