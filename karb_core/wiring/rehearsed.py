"""What came of a rehearsal, told from the desk's books and from the venues'."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount, Price
from karb_core.domain.decisions import Cited, Decision, DecisionKind
from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot
from karb_core.domain.market import Bar, Depth, Top
from karb_core.engine.carried import Carried
from karb_core.engine.desk import Desk
from karb_core.engine.sent import FIRST_TRY
from karb_core.ports import DepthVenues, Notice, Rehearsed, Uneven, Watched
from karb_core.ports.rehearsal import Happening
from karb_core.wiring.came_to import came_to, left_open
from karb_core.wiring.uneven import Evenness, Unevenness


@dataclass(slots=True)
class Seen:
    """What was decided and told on the way, the last price of each instrument, and how uneven pairs stood."""

    last: dict[Instrument, Decimal]
    uneven: Unevenness
    decisions: list[Decision] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    _kinds: Counter[DecisionKind] = field(default_factory=Counter)

    def heard(self, carried: Carried) -> None:
        decision = carried.decided.decision
        self.decisions.append(decision)
        self._kinds[decision.kind] += 1

    def price(self, happening: Happening) -> None:
        if isinstance(happening, Bar):
            self.last[happening.instrument] = happening.close
        elif isinstance(happening, Top):
            self.last[happening.instrument] = happening.mid
        elif isinstance(happening, Depth) and (top := happening.top()) is not None:
            self.last[happening.instrument] = top.mid

    def watched(self, desk: Desk) -> Watched:
        entered, left = self._kinds[DecisionKind.ENTRY], self._kinds[DecisionKind.EXIT]
        return Watched(len(desk.books.open_lots()), desk.at_work, entered, left, desk.halts.strength())


def rehearsed(desk: Desk, venues: DepthVenues, seen: Seen, money: Price | None, times: tuple[int, int]) -> Rehearsed:
    """`money`: the last rate that money is booked at; `times`: when it began and ended."""
    book, books = desk.strategy.terms.book, tuple(venues.books.values())
    uneven = ((name, one) for name, one in seen.uneven.pairs.items() if one.worst)
    return Rehearsed(
        decisions=tuple(seen.decisions),
        notices=tuple(seen.notices),
        uneven=tuple(_uneven(name, one, seen.last, money, book) for name, one in uneven),
        left_open=left_open(books),
        booked=_booked(desk.books.open_lots()),
        result=came_to(books, seen.last, money, book),
        halts=desk.halts.latched,
        climbed=_climbed(desk),
        orders=sum(len(sent) for sent in desk.driver.sent.values()),
        fills=sum(len(each.fills_since(times[0])) for each in books),
        began_ns=times[0],
        ended_ns=times[1],
    )


def _uneven(name: str, one: Evenness, last: Mapping[Instrument, Decimal], money: Price | None, book: str) -> Uneven:
    """Its worth is that of the leg which is priced in the asset of the capital, else of the last."""
    leg = next((leg for leg in one.pair.legs if leg.quote == book), one.pair.legs[-1])
    base = Amount(one.worst, leg.base)
    worth = base.at(leg.price(last[leg])) if leg in last else None
    if worth is not None and worth.asset != book:
        worth = worth.at(money) if money is not None and money.base == worth.asset else None
    return Uneven(name, base, one.longest_ns, worth)


def _climbed(desk: Desk) -> dict[Cited, int]:
    ladder = desk.strategy.legs.ladder
    steps = sorted(s.step for sent in desk.driver.sent.values() for s in sent if s.step != FIRST_TRY)
    return dict(Counter(ladder[step].cited for step in steps))


def _booked(lots: Iterable[Lot]) -> dict[Instrument, Decimal]:
    out: dict[Instrument, Decimal] = {}
    for lot in lots:
        for leg in lot.legs:
            out[leg.instrument] = exact.add(out.get(leg.instrument, Decimal(0)), leg.open.value)
    return {instrument: base for instrument, base in out.items() if base}
