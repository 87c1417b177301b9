"""What lots came to, as later decisions may look at it: told from the rows after a restart as the desk told it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from karb_core.domain.decisions import ProposalKind
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.wiring.kept_lots import kept_lots
from karb_core.wiring.trades import trades_of
from tests.engine.scene import SECOND, proposal
from tests.wiring.test_restart_executions import BACK, PARTLY, REFUSED, WHOLE, WHOSE, Life


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(str(tmp_path / "karb.sqlite"))
    yield opened
    opened.close()


def lived(ledger: Ledger, *scripts: tuple[str, ...]) -> Life:
    """Entries by these scripts, then every lot that is open is left."""
    life = Life(ledger, *(word for script in scripts for word in script))
    for _ in scripts:
        life.take()
    for lot in life.desk.books.open_lots():
        assert life.take(proposal(ProposalKind.EXIT, lot.id), after_ns=7 * SECOND) == ["exit"]
    life.end()
    return life


@pytest.mark.parametrize("scripts", [(WHOLE,), (BACK,), (WHOLE, BACK, PARTLY), (REFUSED, WHOLE, WHOLE)])
def test_a_restart_knows_what_every_lot_came_to(ledger: Ledger, scripts: tuple[tuple[str, ...], ...]) -> None:
    life = lived(ledger, *scripts)
    again = Life(ledger, now_ns=life.clock.now)
    told = life.desk.books.ended_lots()
    assert told
    assert again.desk.books.ended_lots() == told
    assert [one.lot_id for one in told] == list(life.desk.books.results)


def test_it_is_what_karb_pnl_counts(ledger: Ledger) -> None:
    life = lived(ledger, WHOLE, BACK)
    trades = trades_of(kept_lots(ledger, WHOSE).closed, "EUR")
    assert {t.lot.id: t.net for t in trades} == {e.lot_id: e.net for e in life.desk.books.ended_lots()}
    assert all(t.net.value < 0 for t in trades)  # nothing but fees was earned


def test_a_lot_that_is_open_or_never_filled_has_come_to_nothing_yet(ledger: Ledger) -> None:
    life = Life(ledger, *WHOLE, *REFUSED)
    life.take()
    life.take()
    assert life.desk.books.ended_lots() == ()
    assert Life(ledger, now_ns=life.clock.now).desk.books.ended_lots() == ()


def test_a_result_is_none_where_no_rate_was_known(ledger: Ledger) -> None:
    life = lived(ledger, WHOLE)
    (one,) = life.desk.books.closed
    assert replace(one, rates=()).told().net is None
    assert one.told().net is not None
