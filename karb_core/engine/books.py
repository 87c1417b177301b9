"""What the desk holds, folded from its own fills and settlements: lots, holdings, what fired."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount, Price
from karb_core.domain.decisions import Plan
from karb_core.domain.holdings import Holdings
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.lots import Lot
from karb_core.domain.orders import Fill
from karb_core.domain.proportion import in_proportion
from karb_core.domain.sharing import share_out
from karb_core.engine.executions import since_whole
from karb_core.engine.since_complete import since_complete
from karb_core.ports import Booked, Ended, Execution, Fired, Income, Standing

# karb: constant because it is how finely a fee is shared out; the last lot takes the rest
_FEE_STEP = Decimal(1).scaleb(-18)


@dataclass(frozen=True, slots=True)
class ClosedLot:
    """A lot that came back to nothing: when, and what each seat of rates said then."""

    lot: Lot
    closed_at_ns: int
    rates: tuple[tuple[str, Price], ...]

    def told(self) -> Ended:
        """What of it later decisions may look at."""
        lot = self.lot
        return Ended(lot.id, lot.pair, lot.tier, lot.side, lot.opened_at_ns, self.closed_at_ns, _net(lot, self.rates))


@dataclass(slots=True)
class Books:
    """The one place of a desk that changes. Everything in it can be folded again from the ledger's rows.

    A fill is booked once by its venue and trade id, a settlement once by its venue and id: `seen` has the venue's time
    of each. `left`: lots that came back to nothing; one of which a fill comes late stands open again. `executions`: as
    an account shows them, each by the id of its first order. `reminded`: lots of which a rule said to tell the owner,
    and that was decided. `results`: by lot, what came of those that ended; one that stands open again has none.
    """

    holdings: Holdings
    facts: Mapping[Instrument, InstrumentFacts]
    lots: dict[str, Lot] = field(default_factory=dict)
    fired: dict[str, tuple[Fired, ...]] = field(default_factory=dict)
    closed: list[ClosedLot] = field(default_factory=list)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    left: dict[str, Lot] = field(default_factory=dict)
    executions: dict[str, Execution] = field(default_factory=dict)
    reminded: set[str] = field(default_factory=set)
    results: dict[str, Ended] = field(default_factory=dict)
    _told: tuple[Ended, ...] | None = None

    def standing(self, pair: str) -> Standing:
        lots = tuple(lot for lot in self.lots.values() if lot.pair == pair and not lot.flat)
        reminded = frozenset(lot.id for lot in lots if lot.id in self.reminded)
        return Standing(lots, self.fired.get(pair, ()), reminded)

    def ended_lots(self) -> tuple[Ended, ...]:
        """In the order in which they ended."""
        if self._told is None:
            self._told = tuple(self.results.values())
        return self._told

    def open_lots(self) -> tuple[Lot, ...]:
        return tuple(lot for lot in self.lots.values() if not lot.flat)

    def open(self, lot: Lot) -> None:
        """A lot before its first fill."""
        self.lots[lot.id] = lot

    def fire(self, pair: str, fired: Fired) -> None:
        """Edge: an entry that was known to have fired, and is finished after a restart, fires once."""
        if fired not in self.fired.get(pair, ()):
            self.fired[pair] = (*self.fired.get(pair, ()), fired)

    def rearm(self, pair: str) -> None:
        self.fired.pop(pair, None)

    def ended(self, told: Mapping[str, Execution]) -> None:
        """Takes note of how a plan was carried out. Edge: one that is finished after a restart is as it ended last."""
        self.executions = since_whole({**self.executions, **told})

    def close(self, lot_ids: Iterable[str], at_ns: int, rates: tuple[tuple[str, Price], ...]) -> None:
        """Takes note of those of these lots that have come back to nothing; one that never filled leaves no trace."""
        for lot_id in lot_ids:
            lot = self.lots.get(lot_id)
            if lot is None or not lot.flat:
                continue
            if any(leg.entered.value for leg in lot.legs):
                self.closed.append(ClosedLot(lot, at_ns, rates))
                self.results[lot_id], self._told = self.closed[-1].told(), None
            self.left[lot_id] = self.lots.pop(lot_id)

    def forget(self, listed_ns: Mapping[str, int], busy: Callable[[str], bool], closed_ns: int) -> None:
        """Lets go of what venues booked before they are asked again, of what closed before, of what left, and of entries
        before the last complete one of their tier. Edge: whoever finishes what was begun before a restart does so first.
        """
        old = [key for key, at_ns in self.seen.items() if key[0] in listed_ns and at_ns < listed_ns[key[0]]]
        for key in old:
            del self.seen[key]
        for lot_id in [lot_id for lot_id, lot in self.left.items() if not busy(lot.pair)]:
            del self.left[lot_id]
        for pair in [pair for pair in self.fired if not busy(pair)]:
            self.fired[pair] = since_complete(self.fired[pair])
        self.closed[:] = [one for one in self.closed if one.closed_at_ns >= closed_ns]
        self.reminded &= self.lots.keys() | self.left.keys()

    def book_forced(self, fill: Fill) -> tuple[tuple[str, Amount], ...] | None:
        """A fill that the venue forced, shared out to the lots it took from; None if it was booked before.

        Edge: a venue closes one position, the sum of the lots. Where it took all of it, every lot is closed, those of
        opposite sides against each other at the same price; what it took beyond that was no lot's, and stays out of
        the shares.
        """
        key = (fill.instrument.venue, fill.venue_trade_id)
        if key in self.seen:
            return None
        self.seen[key] = fill.venue_at_ns
        self.holdings = self.holdings.with_fill(fill, self.facts[fill.instrument].kind)
        lots = [lot for lot in self.open_lots() if _open(lot, fill.instrument)]
        opens = [_signed(lot, fill.instrument) for lot in lots]
        left = exact.total([*opens, fill.moved.value])
        if not left or (opens and exact.mul(left, fill.moved.value) > 0):
            shares = tuple((lot.id, exact.negate(value)) for lot, value in zip(lots, opens, strict=True))
        else:
            weights = [exact.absolute(value) for value in opens]
            parts = share_out(fill.amount.value, weights, self.facts[fill.instrument].amount_step) if lots else ()
            shares = tuple(
                (lot.id, exact.mul(part, fill.side.sign)) for lot, part in zip(lots, parts, strict=True) if part
            )
        self._into_lots(fill, shares)
        return tuple((lot_id, Amount(amount, fill.instrument.base)) for lot_id, amount in shares)

    def book_fill(self, fill: Fill, plan: Plan) -> tuple[tuple[str, Amount], ...] | None:
        """Shares the fill out to the plan's lots; None if it was booked before.

        Shares go by what each lot still has to move on that leg, so that they add up however many fills there are.
        """
        key = (fill.instrument.venue, fill.venue_trade_id)
        if key in self.seen:
            return None
        self.seen[key] = fill.venue_at_ns
        self.holdings = self.holdings.with_fill(fill, self.facts[fill.instrument].kind)
        shares = self._shares(fill, plan)
        self._into_lots(fill, shares)
        return tuple((lot_id, Amount(amount, fill.instrument.base)) for lot_id, amount in shares)

    def book_income(self, income: Income) -> Booked | None:
        """Shares a settlement out to the lots that were open in the instrument; None if it was booked before.

        The venue settles one position, the sum of the lots: a lot of the other side has its share with the other sign.
        """
        key = (income.instrument.venue, income.id)
        if key in self.seen:
            return None
        self.seen[key] = income.venue_at_ns
        self.holdings = self.holdings.with_funding(income.instrument.venue, income.received)
        weights = {lot.id: _signed(lot, income.instrument) for lot in self.open_lots()}
        parts = in_proportion(income.received, {k: w for k, w in weights.items() if w})
        for lot_id, part in parts:
            self.lots[lot_id] = self.lots[lot_id].with_funding(part)
        return Booked(income.id, income.instrument, income.received, income.venue_at_ns, parts)

    def _shares(self, fill: Fill, plan: Plan) -> tuple[tuple[str, Decimal], ...]:
        ids = [share.lot_id for share in plan.shares] or [plan.intent_id]
        if len(ids) == 1:
            return ((ids[0], fill.moved.value),)
        opens = {lot_id: _signed(self.lots.get(lot_id) or self.left[lot_id], fill.instrument) for lot_id in ids}
        if fill.side is not next(leg.side for leg in plan.legs if leg.instrument == fill.instrument):
            # Traded back: it belongs to whom the plan took it from, and those may have nothing open by now.
            weights = [exact.absolute(share.amount) for share in plan.shares]
        elif not exact.total([*opens.values(), fill.moved.value]):
            # All that was left of the plan: every lot is closed, those of opposite sides against each other.
            return tuple((lot_id, exact.negate(value)) for lot_id, value in opens.items() if value)
        else:
            ids = [lot_id for lot_id, value in opens.items() if exact.mul(value, fill.side.sign) < 0] or ids
            weights = [exact.absolute(opens[lot_id]) for lot_id in ids]
        if not any(weights):
            return ((ids[0], fill.moved.value),)
        step = self.facts[fill.instrument].amount_step
        parts = share_out(fill.amount.value, weights, step)
        return tuple((i, exact.mul(part, fill.side.sign)) for i, part in zip(ids, parts, strict=True) if part)

    def _into_lots(self, fill: Fill, shares: tuple[tuple[str, Decimal], ...]) -> None:
        fees = in_proportion(fill.fee, {lot_id: exact.absolute(amount) for lot_id, amount in shares})
        for (lot_id, amount), (_, fee) in zip(shares, fees, strict=True):
            base = Amount(amount, fill.instrument.base)
            if lot_id not in self.lots:
                self.lots[lot_id] = self.left.pop(lot_id)
                self.results.pop(lot_id, None)
                self._told = None
            self.lots[lot_id] = self.lots[lot_id].with_fill(fill.instrument, base, base.at(fill.price), fee, fill.price)


def _net(lot: Lot, rates: tuple[tuple[str, Price], ...]) -> Amount | None:
    """In what the money rate books in, or in what all its legs are priced in."""
    money, quotes = dict(rates).get("money"), {leg.instrument.quote for leg in lot.legs}
    if money is None and len(quotes) != 1:
        return None
    book = money.quote if money is not None else next(iter(quotes))
    net = Amount.zero(book)
    for amount in (*(leg.result for leg in lot.legs), *lot.funding, *(-fee for fee in lot.charged)):
        if amount.asset == book:
            net = net + amount
        elif money is not None and amount.asset == money.base:
            net = net + amount.at(money)
        elif amount.value:
            return None
    return net


def _open(lot: Lot, instrument: Instrument) -> Decimal:
    return exact.absolute(_signed(lot, instrument))


def _signed(lot: Lot, instrument: Instrument) -> Decimal:
    return next((leg.open.value for leg in lot.legs if leg.instrument == instrument), Decimal(0))
