"""The worst that a position looked: of those that ended, and of those that nobody left."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from karb_core.domain.lots import Lot
from karb_core.history.prices import exact
from karb_core.wiring.paper_loss import worst_paper_loss
from karb_core.wiring.trades import entry_premium
from tests.wiring.tiny import Edit, Ran, ran

MS = 1_000_000
NEVER_LEFT: tuple[Edit, ...] = (
    ("take_profit: 0.2%", "take_profit: none"),
    ("{for: 60h, then: exit}", "{for: 30d, then: tell}"),
)


def worst_by_hand(of: Ran, lot: Lot, until_ns: int) -> Fraction:
    """From the closes of the bars themselves, in points of premium against the entry."""
    columns, entered = of.run.pairs[lot.pair].columns, entry_premium(lot)
    assert entered is not None
    assert columns.rate is not None
    sign = -1 if lot.side == "short_premium" else 1
    seen = [Fraction(0)]
    for row in range(len(columns.closed_at_ms)):
        if columns.whole[row] and lot.opened_at_ns <= int(columns.closed_at_ms[row]) * MS <= until_ns:
            near, far, rate = (Fraction(exact(each[row])) for each in (*columns.closes, columns.rate))
            seen.append(sign * (near / (far * rate) - 1 - Fraction(entered)))
    return min(seen)


def test_a_lot_that_is_still_open_counts_to_the_end(market: Path, tmp_path: Path) -> None:
    done = ran(market, tmp_path / "open.sqlite", *NEVER_LEFT)
    assert done.run.desk.books.closed == []
    expected = min(worst_by_hand(done, lot, done.run.span[1] * MS) for lot in done.run.desk.books.open_lots())
    found = worst_paper_loss(done.run)
    assert found is not None
    assert found < Decimal("-0.001")
    assert float(found) == pytest.approx(float(expected), abs=0.00006)
    done.ledger.close()


def test_a_lot_that_ended_counts_until_it_did(once: Ran) -> None:
    books = once.run.desk.books
    held = [(one.lot, one.closed_at_ns) for one in books.closed]
    held += [(lot, once.run.span[1] * MS) for lot in books.open_lots()]
    found = worst_paper_loss(once.run)
    assert found is not None
    assert float(found) == pytest.approx(float(min(worst_by_hand(once, *one) for one in held)), abs=0.00006)
