"""What holds of holdings: folded from every fill and settlement, they are what the lots hold, paid and received.

What no lot has a share of (a fill that the venue forced where nothing was open, a settlement of nothing) is added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.holdings import Holdings
from karb_core.domain.instrument import Instrument, InstrumentKind
from karb_core.domain.lots import Lot
from karb_core.domain.orders import Fill
from karb_core.ledger import folds
from karb_core.ledger.checks.account_books import AccountBooks
from karb_core.ledger.checks.of_lots import fold
from karb_core.ledger.checks.violation import Placed, Violation
from karb_core.ports.journal import Booked
from karb_core.texts.text import Text

#: What one instrument, or one asset of fees and settlements, comes to; a violation is named at the last row of it.
_Sums = Mapping[Instrument | str, tuple[Decimal, Decimal]]
_NOTHING = (Decimal(0), Decimal(0))


def holdings(books: AccountBooks) -> Iterator[Violation | None]:
    """One yield for each instrument, and one for each asset in which fees or settlements were paid."""
    shared = books.shares_of()
    all_of = _held(books.fills, books.incomes)
    nobodys = _held(
        [placed for placed in books.fills if placed.at not in shared],
        [placed for placed in books.incomes if not placed.value.lots],
    )
    by_lots = _of_lots(fold(books).lots.values())
    last = _last(books)
    for what, held in all_of.items():
        other, mine = nobodys.get(what, _NOTHING), by_lots.get(what, _NOTHING)
        theirs = (exact.add(other[0], mine[0]), exact.add(other[1], mine[1]))
        args = {"what": what, "held": _told(held), "lots": _told(theirs)}
        yield None if held == theirs else last[what].broken(Text("broken.holdings", args))


def _held(fills: Iterable[Placed[Fill]], incomes: Iterable[Placed[Booked]]) -> _Sums:
    """By instrument its base and what it cost; by asset what came of settlements less fees.

    Every instrument is folded as if it were a perpetual: then base and cost stand apart from fees.
    """
    listed = [placed.value for placed in fills]
    kinds = {fill.instrument: InstrumentKind.PERPETUAL for fill in listed}
    held = folds.holdings(Holdings({}), ((f, ()) for f in listed), (placed.value for placed in incomes), kinds)
    sums: dict[Instrument | str, tuple[Decimal, Decimal]] = {}
    for instrument in kinds:
        position = held.position(instrument)
        sums[instrument] = (position.amount, position.cost)
    for account, value in held.balances.items():
        sums[account.asset] = (exact.add(sums.get(account.asset, _NOTHING)[0], value), Decimal(0))
    return sums


def _of_lots(lots: Iterable[Lot]) -> _Sums:
    sums: dict[Instrument | str, tuple[Decimal, Decimal]] = {}

    def add(what: Instrument | str, base: Decimal, cost: Decimal) -> None:
        before = sums.get(what, _NOTHING)
        sums[what] = (exact.add(before[0], base), exact.add(before[1], cost))

    for lot in lots:
        for leg in lot.legs:
            add(leg.instrument, leg.open.value, exact.negate(leg.result.value))
        for fee in lot.fees:
            add(fee.asset, exact.negate(fee.value), Decimal(0))
        for came in lot.funding:
            add(came.asset, came.value, Decimal(0))
    return sums


def _last(books: AccountBooks) -> dict[Instrument | str, Placed[Fill] | Placed[Booked]]:
    found: dict[Instrument | str, Placed[Fill] | Placed[Booked]] = {}
    for fill in books.fills:
        found[fill.value.instrument] = found[fill.value.fee.asset] = fill
    for booked in books.incomes:
        found[booked.value.received.asset] = booked
    return found


def _told(sums: tuple[Decimal, Decimal]) -> str:
    return " / ".join(exact.text(value) for value in sums)
