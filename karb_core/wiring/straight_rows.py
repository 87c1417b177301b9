"""Rows of a run as the desk would be given them, each put together once; and whether a venue stirs while a lot is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain.holdings import Account
from karb_core.domain.instrument import InstrumentKind
from karb_core.engine.deployable import deployable
from karb_core.history.columns import Mask
from karb_core.ports import AccountView, MarketView
from karb_core.venue.liquidation import liquidation_price
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.pair_rows import tops_of
from karb_core.wiring.straight_leg import NotStraight, StraightLeg
from karb_core.wiring.straight_lot import Entered, Judged, Row

_MS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


@dataclass(slots=True)
class StraightRows:
    """Of a run that is not begun. balances: what is free at each account before anything was done; judged: by pair, the
    rows that may be looked at at all."""

    run: Backtest
    balances: Mapping[Account, Decimal] = field(init=False)
    judged: Mapping[str, Mask] = field(init=False)
    _rows: dict[tuple[str, int], Row | None] = field(init=False, default_factory=dict)
    _quiet_until: dict[int, tuple[Entered, int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        books = self.run.venues.books.values()
        self.balances = {account: b.free for book in books for account, b in book.balances().items()}
        self.judged = {name: rows.columns.whole for name, rows in self.run.pairs.items()}

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
        known = self._quiet_until.get(id(lot), (lot, lot.at_ns))[1]
        if until_ns <= known:
            return
        for leg in lot.legs:
            if self.run.strategy.terms.facts[leg.instrument].kind is InstrumentKind.PERPETUAL:
                self._need_quiet_leg(leg, lot.at_ns, until_ns)
        self._quiet_until[id(lot)] = lot, until_ns  # the lot is kept, so that no other has its id

    def _need_quiet_leg(self, leg: StraightLeg, since_ns: int, until_ns: int) -> None:
        market, facts = self.run.market, self.run.strategy.terms.facts[leg.instrument]
        settled_ns = market.next_funding(leg.instrument, since_ns)
        if settled_ns is not None and settled_ns <= until_ns:
            raise NotStraight
        price = liquidation_price(leg.position, facts)
        crossed_ns = price and market.first_crossing(
            leg.instrument,
            price,
            rising=leg.amount < 0,
            opened_from_ns=since_ns,
            after_ns=since_ns,
            until_ns=until_ns,
        )
        if crossed_ns is not None:
            raise NotStraight

    def _made(self, pair: str, row: int) -> Row | None:
        run, at_ns = self.run, self.closed_at_ns(pair, row)
        market, legs = run.market, run.pairs[pair].pair.legs
        opens = tuple(price for leg in legs if (price := market.open_at(leg, at_ns)) is not None)
        if len(opens) < len(legs) or not all(market.opens_together(leg, at_ns) for leg in legs):
            return None
        return Row(at_ns, run.pairs[pair].tops(row, at_ns, run.venues), opens, run.fill_rates_at(at_ns))
