"""The venues' own books and the ledger's rows say the same, to the last digit, and no digit is ever rounded away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Context, Decimal, FloatOperation, Inexact, getcontext, setcontext
from fractions import Fraction
from functools import reduce
from operator import add
from pathlib import Path

import pytest

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import DecisionKind
from karb_core.domain.equity import EquityChange, by_fill, by_funding, by_revaluation, equity
from karb_core.domain.exact import EXACT
from karb_core.domain.holdings import Holdings
from karb_core.domain.instrument import InstrumentKind
from karb_core.domain.orders import Fill
from karb_core.ledger import folds
from karb_core.ledger.reading import decisions, fills, incomes, opened_lots
from karb_core.ports import Booked
from karb_core.wiring.trades import trades_of
from tests.wiring.tiny import TIERED, Ran, ran
from tests.wiring.venues_worth import opening_worth, valuation, venue_worth

BOOK = "KRW"
MS = 1_000_000


@dataclass(frozen=True, slots=True)
class Event:
    at_ns: int
    what: Fill | Booked


def events(of: Ran) -> list[Event]:
    """What the ledger has, in the order of the venues' time."""
    traded = [Event(fill.venue_at_ns, fill) for fill, _ in fills(of.ledger, of.whose)]
    settled = [Event(booked.at_ns, booked) for booked in incomes(of.ledger, of.whose)]
    return sorted([*traded, *settled], key=lambda e: e.at_ns)


def folded(of: Ran, until_ns: int) -> tuple[EquityChange, Holdings]:
    kinds = {i: f.kind for i, f in of.run.strategy.terms.facts.items()}
    at = valuation(of, of.run.span[0] * MS)
    held, change = Holdings({}), EquityChange.none(BOOK)
    for event in [*events(of), None]:
        now = valuation(of, until_ns if event is None else event.at_ns)
        change = change + by_revaluation(held, at, now)
        at = now
        if event is None:
            break
        if isinstance(event.what, Fill):
            change = change + by_fill(event.what, kinds[event.what.instrument], now)
            held = held.with_fill(event.what, kinds[event.what.instrument])
        else:
            venue = event.what.instrument.venue
            change = change + by_funding(venue, event.what.received, now)
            held = held.with_funding(venue, event.what.received)
    return change, held


def assert_identity(of: Ran) -> None:
    end_ns = of.run.span[1] * MS
    first, last = valuation(of, of.run.span[0] * MS), valuation(of, end_ns)
    change, held = folded(of, end_ns)
    by_venues = venue_worth(of, last) - opening_worth(of, last)
    assert Fraction(change.total.value) == by_venues
    assert Fraction(equity(held, last).value) == by_venues
    # With what the opening balances themselves gained and lost: the whole change of the whole account.
    gained = opening_worth(of, last) - opening_worth(of, first)
    assert venue_worth(of, last) - opening_worth(of, first) == Fraction(change.total.value) + gained


def test_the_venues_books_are_the_fold_of_the_ledger(once: Ran) -> None:
    change, _ = folded(once, once.run.span[1] * MS)
    assert all(part.value for part in (change.fills, change.fees, change.funding, change.revaluation))
    assert once.run.desk.books.open_lots()  # with something still open, so that unrealised results count
    assert_identity(once)


def test_the_ledger_folds_to_the_desks_books(once: Ran) -> None:
    kinds = {i: f.kind for i, f in once.run.strategy.terms.facts.items()}
    traded, settled = list(fills(once.ledger, once.whose)), list(incomes(once.ledger, once.whose))
    before = Holdings(once.run.desk.books.holdings.inventory)
    assert folds.holdings(before, traded, settled, kinds) == once.run.desk.books.holdings
    lots = folds.lots(opened_lots(once.ledger, once.whose), traded, settled)
    assert {k: v for k, v in lots.items() if not v.flat} == once.run.desk.books.lots
    closed = {c.lot.id: c.lot for c in once.run.desk.books.closed}
    assert {k: v for k, v in lots.items() if v.flat} == closed


def test_what_the_venues_hold_is_what_the_desk_believes(once: Ran) -> None:
    for book in once.run.venues.books.values():
        for instrument, facts in book.terms.facts.items():
            if facts.kind is InstrumentKind.PERPETUAL:
                assert book.amount(instrument) == once.run.desk.books.holdings.position(instrument).amount


def test_each_trade_is_split_to_the_last_digit(once: Ran) -> None:
    trades = trades_of(once.run.desk.books.closed, BOOK)
    assert len(trades) > 10
    for trade in trades:
        parts = trade.split
        assert parts is not None
        whole = reduce(add, (parts.premium, parts.rate, parts.funding, parts.fees))
        assert Fraction(whole.value) == Fraction(trade.net.value)
        assert trade.net.asset == BOOK
    assert any(t.split is not None and t.split.rate.value for t in trades)
    assert any(t.split is not None and t.split.funding.value for t in trades)


def test_closed_trades_and_open_lots_are_all_that_was_earned(once: Ran) -> None:
    """By asset, without any rate: what came and went is what the lots say, open ones included."""
    kept = once.run.desk.books
    lots = [*(c.lot for c in kept.closed), *kept.lots.values()]
    paid = [fee for lot in lots for fee in lot.fees]
    for asset in ("KRW", "USDT"):
        by_fills = [fill.fee for fill, _ in fills(once.ledger, once.whose) if fill.fee.asset == asset]
        assert _total(paid, asset) == _total(by_fills, asset)
    funded = [f for lot in lots for f in lot.funding]
    assert _total(funded, "USDT") == _total([b.received for b in incomes(once.ledger, once.whose)], "USDT")


def _total(amounts: list[Amount], asset: str) -> Fraction:
    return sum((Fraction(a.value) for a in amounts if a.asset == asset), Fraction(0))


@contextmanager
def ambient(context: Context) -> Iterator[None]:
    before = getcontext()
    setcontext(context)
    yield
    setcontext(before)


def test_nothing_is_rounded_in_silence_through_a_whole_backtest(market: Path, tmp_path: Path, once: Ran) -> None:
    strict = EXACT.copy()
    assert strict.traps[Inexact]
    assert strict.traps[FloatOperation]
    with ambient(strict):
        done = ran(market, tmp_path / "strict.sqlite")
        assert trades_of(done.run.desk.books.closed, BOOK) == trades_of(once.run.desk.books.closed, BOOK)
    assert done.log == once.log
    done.ledger.close()


def test_a_context_that_rounds_all_it_touches_changes_nothing(market: Path, tmp_path: Path, once: Ran) -> None:
    with ambient(Context(prec=3, traps=[])):
        done = ran(market, tmp_path / "rough.sqlite")
    assert done.log == once.log
    assert [c.lot for c in done.run.desk.books.closed] == [c.lot for c in once.run.desk.books.closed]
    done.ledger.close()


@pytest.mark.parametrize("leverage", [10, 20])
def test_the_identity_holds_where_venues_close_by_force(leverage: int, market: Path, tmp_path: Path) -> None:
    """With leverage the venue closes perpetuals; their other legs go back and the books still agree."""
    edits = (
        ("leverage: 1,", f"leverage: {leverage},"),
        ("take_profit: 0.2%", "take_profit: none"),
        ("{for: 60h, then: exit}", "{for: 30d, then: tell}"),
        ("size: 100%", "size: 30%"),
    )
    done = ran(market, tmp_path / "forced.sqlite", *edits)
    forced = [fill for fill, _ in fills(done.ledger, done.whose) if not fill.order_id.startswith("karb-")]
    assert forced
    assert_identity(done)
    alone = [lot for lot in done.run.desk.books.open_lots() if lot.legs[0].open != -lot.legs[1].open]
    assert bool(alone) == bool(done.run.desk.halted)
    done.ledger.close()


def test_the_identity_holds_with_many_lots_of_both_sides(market: Path, tmp_path: Path) -> None:
    done = ran(market, tmp_path / "tiers.sqlite", *TIERED)
    exits = [d for d in decisions(done.ledger, done.whose) if d.kind is DecisionKind.EXIT]
    assert any(len(d.document()["lot_ids"]) > 1 for d in exits)
    assert len({d.side for d in exits}) == 2
    assert_identity(done)
    for trade in trades_of(done.run.desk.books.closed, BOOK):
        parts = trade.split
        assert parts is not None
        assert reduce(add, (parts.premium, parts.rate, parts.funding, parts.fees)) == trade.net
    for fill, shares in fills(done.ledger, done.whose):
        assert sum((Fraction(a.value) for _, a in shares), Fraction(0)) == Fraction(fill.moved.value)
    done.ledger.close()


def test_decimals_of_the_ledger_are_exact(once: Ran) -> None:
    for fill, shares in fills(once.ledger, once.whose):
        assert isinstance(fill.price.value, Decimal)
        assert sum((Fraction(a.value) for _, a in shares), Fraction(0)) == Fraction(fill.moved.value)
