"""Rows of a run as the desk would be given them, each put together once; and whether a venue stirs while a lot is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import InstrumentKind
from karb_core.engine.deployable import deployable
from karb_core.history.columns import Mask
from karb_core.ports import AccountView, MarketView
from karb_core.venue.liquidation import liquidation_price
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.pair_rows import tops_of
from karb_core.wiring.straight_leg import LegTerms, NotStraight, StraightLeg
from karb_core.wiring.straight_lot import Entered, Judged, Row

_MS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_FURTHER = 4  # karb: constant because it says how far is looked ahead in one go, and changes nothing found


@dataclass(frozen=True, slots=True)
class _Quiet:
    """stirs_ns: when a venue first does something to the lot, None where it does not until then."""

    lot: Entered
    until_ns: int
    stirs_ns: int | None


@dataclass(slots=True)
class StraightRows:
    """Of a run that is not begun. balances: what is free at each account before anything was done; judged: by pair, the
    rows that may be looked at at all."""

    run: Backtest
    balances: Mapping[Account, Decimal] = field(init=False)
    judged: Mapping[str, Mask] = field(init=False)
    _numbers: dict[Account, int] = field(init=False, default_factory=dict)
    _terms: dict[str, tuple[LegTerms, ...]] = field(init=False)
    _rows: dict[tuple[str, int], Row | None] = field(init=False, default_factory=dict)
    _quiet: dict[int, _Quiet] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        books = self.run.venues.books.values()
        self.balances = {account: b.free for book in books for account, b in book.balances().items()}
        self.judged = {name: rows.columns.whole for name, rows in self.run.pairs.items()}
        self._terms = {
            name: tuple(LegTerms.of(leg, self.run.strategy, self.number) for leg in rows.pair.legs)
            for name, rows in self.run.pairs.items()
        }

    def number(self, account: Account) -> int:
        """What an account is called here: numbers are looked up sooner."""
        return self._numbers.setdefault(account, len(self._numbers))

    def lowest(self) -> dict[int, Decimal]:
        """By account, how far it may fall below what is free before anything was done."""
        return {self.number(account): exact.negate(free) for account, free in self.balances.items()}

    def at(self, pair: str, row: int) -> Row | None:
        """None where a leg has no bar to fill at: whatever is decided there comes to nothing."""
        if (pair, row) not in self._rows:
            self._rows[pair, row] = self._made(pair, row)
        return self._rows[pair, row]

    def judged_at(self, pair: str, row: int) -> Judged:
        run, at_ns = self.run, self.closed_at_ns(pair, row)
        moment = run.pairs[pair].moment(row, at_ns, run.venues, run.rates_at(at_ns))
        view = MarketView(at_ns, tops_of(moment), run.fill_rates_at(at_ns), {}, {})
        free = deployable(run.strategy, view, self.balances, run.desk.books.holdings, ())
        return Judged(moment, view, AccountView(run.strategy.terms, free, {}))

    def closed_at_ns(self, pair: str, row: int) -> int:
        return int(self.run.pairs[pair].columns.closed_at_ms[row]) * _MS

    def need_quiet(self, lot: Entered, until_ns: int) -> None:
        """Errors: NotStraight where a venue settles what is open by then, or takes it away."""
        known = self._quiet.get(id(lot))
        if known is None or (known.stirs_ns is None and known.until_ns < until_ns):
            reach_ns = lot.at_ns + _FURTHER * (until_ns - lot.at_ns)
            stirs = [at for leg in lot.legs if (at := self._stirs(leg, lot.at_ns, reach_ns)) is not None]
            # the lot is kept, so that no other has its id
            known = self._quiet[id(lot)] = _Quiet(lot, reach_ns, min(stirs, default=None))
        if known.stirs_ns is not None and known.stirs_ns <= until_ns:
            raise NotStraight

    def _stirs(self, leg: StraightLeg, since_ns: int, until_ns: int) -> int | None:
        """When the venue of a perpetual does first, by then."""
        market, facts = self.run.market, self.run.strategy.terms.facts[leg.instrument]
        if facts.kind is not InstrumentKind.PERPETUAL:
            return None
        settled_ns = market.next_funding(leg.instrument, since_ns)
        price = liquidation_price(leg.position, facts)
        crossed_ns = (
            None
            if price is None
            else market.first_crossing(
                leg.instrument,
                price,
                rising=leg.amount < 0,
                opened_from_ns=since_ns,
                after_ns=since_ns,
                until_ns=until_ns,
            )
        )
        times = [at for at in (settled_ns, crossed_ns) if at is not None and at <= until_ns]
        return min(times, default=None)

    def _made(self, pair: str, row: int) -> Row | None:
        run, at_ns = self.run, self.closed_at_ns(pair, row)
        market, legs = run.market, run.pairs[pair].pair.legs
        opens = tuple(price for leg in legs if (price := market.open_at(leg, at_ns)) is not None)
        if len(opens) < len(legs):  # each leg is of this pair alone, so no other has to open with it
            return None
        tops, rates = run.pairs[pair].tops(row, at_ns, run.venues), run.fill_rates_at(at_ns)
        return Row(at_ns, self._terms[pair], tops, opens, rates)
