"""The lots of one run as its ledger has them, those still open as if they had left at the last prices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount, Price
from karb_core.domain.decisions import DecisionKind
from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot
from karb_core.engine.books import ClosedLot
from karb_core.errors import DataUnusable
from karb_core.ledger import reading
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.ledger.runs import Run
from karb_core.texts.text import Text
from karb_core.wiring.in_book import in_book
from karb_core.wiring.kept_lots import kept_lots
from karb_core.wiring.marked import marked
from karb_core.wiring.trades import trades_of


@dataclass(frozen=True, slots=True)
class Worth:
    """At what open things count when a run has ended: by instrument, and by seat of rates None where none was known."""

    book: str
    ended_ns: int
    last: Callable[[Instrument], Decimal]
    rate: Callable[[str], Decimal | None]


@dataclass(frozen=True, slots=True)
class Held:
    """One lot. entered_ns: when its entry was decided; left_ns: when its way out was, None where it is open.

    lot: with what is open brought back at the last prices; money: what it was booked at when it left; settlements: how
    many it had a part in; premium: what the premium alone brought, None for a lot that is no premium's.
    """

    lot: Lot
    entered_ns: int
    left_ns: int | None
    money: Price | None
    net: Amount
    settlements: int
    premium: Amount | None = None

    @property
    def key(self) -> tuple[str, str, str | None]:
        return self.lot.pair, self.lot.side, self.lot.tier


@dataclass(frozen=True, slots=True)
class HeldLots:
    """own: opened by the run; earlier: opened before it, and open when it began. beside: what its fills and settlements
    moved that is no lot's, at what it is worth at the end.
    """

    own: tuple[Held, ...]
    earlier: tuple[Held, ...]
    beside: Amount

    @property
    def net(self) -> Amount:
        return Amount.total((each.net for each in (*self.own, *self.earlier)), self.beside.asset) + self.beside


def held_lots(ledger: Ledger, run: Run, lived_ns: tuple[int, int], worth: Worth) -> HeldLots:
    """`lived_ns`: when the run began and ended, by its clock. In the order in which their entries were decided.

    Errors: `LedgerUnusable`; DataUnusable for what cannot be counted in the asset of the capital.
    """
    whose, mine = Whose.of(run), Whose(run.account, run_id=run.id)
    kept = kept_lots(ledger, whose, lived_ns[1])
    decided = {d.intent_id: d.first_at_ns for d in reading.decisions(ledger, whose) if d.kind is DecisionKind.ENTRY}
    settled = _settlements(ledger, whose)
    own = {lot.id for lot in reading.opened_lots(ledger, mine)}
    open_ = [ClosedLot(marked(lot, worth.last), worth.ended_ns, _rates(lot, worth)) for lot in kept.open]
    still = {one.lot.id for one in open_}
    lots = [
        _held(one, decided.get(one.lot.id, one.lot.opened_at_ns), one.lot.id in still, settled[one.lot.id], worth)
        for one in (*kept.closed, *open_)
        if one.lot.id in own or one.lot.id in still or one.closed_at_ns >= lived_ns[0]
    ]
    lots.sort(key=lambda each: (each.entered_ns, each.lot.id))
    return HeldLots(
        tuple(each for each in lots if each.lot.id in own),
        tuple(each for each in lots if each.lot.id not in own),
        _beside(ledger, mine, worth),
    )


def _held(one: ClosedLot, entered_ns: int, is_open: bool, settlements: int, worth: Worth) -> Held:
    try:
        (trade,) = trades_of([one], worth.book)
    except LookupError as e:
        raise DataUnusable(Text("parity.unrated", {"lot": one.lot.id})) from e
    left_ns = None if is_open else one.closed_at_ns
    premium = None if trade.split is None else trade.split.premium
    return Held(one.lot, entered_ns, left_ns, dict(one.rates).get("money"), trade.net, settlements, premium)


def _rates(lot: Lot, worth: Worth) -> tuple[tuple[str, Price], ...]:
    """What each seat that the lot knows says at the end."""
    known = ((seat, worth.rate(seat), price) for seat, price in lot.rates)
    return tuple((seat, Price(rate, price.base, price.quote)) for seat, rate, price in known if rate is not None)


def _settlements(ledger: Ledger, whose: Whose) -> Counter[str]:
    """By lot."""
    return Counter(lot_id for booked in reading.incomes(ledger, whose) for lot_id, _ in booked.lots)


def _beside(ledger: Ledger, mine: Whose, worth: Worth) -> Amount:
    """A fill that no lot has at all brings its fee too, as no lot bears it."""
    moved: list[Amount] = []
    for fill, shares in reading.fills(ledger, mine):
        rest = exact.sub(fill.moved.value, exact.total(amount.value for _, amount in shares))
        if rest:
            gained = exact.mul(rest, exact.sub(worth.last(fill.instrument), fill.price.value))
            moved.append(Amount(gained, fill.instrument.quote))
        if not shares:
            moved.append(-fill.fee)
    moved += [
        booked.received - Amount.total((part for _, part in booked.lots), booked.received.asset)
        for booked in reading.incomes(ledger, mine)
    ]
    return Amount.total((_counted(amount, worth) for amount in moved if amount.value), worth.book)


def _counted(amount: Amount, worth: Worth) -> Amount:
    rate = worth.rate("money")
    money = None if rate is None or amount.asset == worth.book else Price(rate, amount.asset, worth.book)
    try:
        return in_book(amount, money, worth.book)
    except LookupError as e:
        raise DataUnusable(Text("parity.unrated", {"lot": amount.text()})) from e
