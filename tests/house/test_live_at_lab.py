"""The shipped three-tier strategy live at local venues: both legs by karb's own adapters, nothing mocked."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path

import pytest

pytest.importorskip("aiohttp", reason="needs karb[live]")

from tests.cli.run import answer_of
from tests.house.lab_faults import rounds
from tests.house.lab_stage import FAR, NEAR, OF_BTC, lab_stage

#: Interrupted with nothing open.
FLAT = 130

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills and interrupts by signals")


def test_it_enters_on_both_venues_is_killed_and_the_next_one_leaves_by_its_rules(tmp_path: Path) -> None:
    with lab_stage(tmp_path) as stage:
        with stage.run().warm() as first:
            stage.premium("0.027")
            stage.until_bars_close(lambda: len(stage.open_base()) == 2)
            first.heard(" entry ultra", 2)
            first.killed()
        assert {coin: -amount for coin, amount in stage.near_base().items()} == stage.open_base(), "even on both legs"
        entered = stage.fills()
        with stage.run().warm() as second:
            stage.premium("0.002")
            stage.until_bars_close(lambda: not stage.open_base())
            second.heard(" exit ", 2)
            stage.premium("0")
            assert second.ended() == FLAT, second.lines
        assert stage.fills() > entered >= 4
        assert stage.near_base() == {}
        assert stage.booked(NEAR)["balances"]["KRW"]["locked"] == "0"
        assert stage.booked(FAR)["balances"]["USDT"]["locked"] == "0"
        stage.need_same_books()


def test_through_every_fault_of_the_lab_nothing_is_sent_twice_or_stands_alone_and_the_books_are_the_same(
    tmp_path: Path,
) -> None:
    """A longer form: `python -m tests.house.lab_faults --rounds 20`."""
    (stage,) = rounds(tmp_path, 1)
    assert stage.lab.venues[NEAR].faults.standing() == stage.lab.venues[FAR].faults.standing() == []


def test_paper_beside_live_on_one_market_differs_by_little_and_every_part_of_it_has_its_cause(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with lab_stage(tmp_path, *OF_BTC) as stage:
        with stage.run().warm() as live, stage.run("paper").warm() as paper:
            stage.premium("0.027")
            stage.until_bars_close(lambda: stage.open_base())
            for life in (live, paper):
                life.heard(" entry ultra")
            stage.premium("0.002")
            stage.until_bars_close(lambda: not stage.open_base())
            for life in (live, paper):
                life.heard(" exit ")
            stage.premium("0")
            assert (live.ended(), paper.ended()) == (FLAT, FLAT)
        stage.need_same_books()
        ids = {mode: stage.run_of(mode) for mode in ("live", "paper")}
        other = stage.ledger_of("paper")
        asked = ["parity", ids["live"], "--ledger", stage.ledger, "--against", ids["paper"], "--other-ledger", other]
        told = answer_of(capfd, [*asked, "--format", "json"])
        assert told.code == 0, told.all
        found = json.loads(told.out)
        assert found["lots"] == {"run": 1, "other": 1}
        assert Decimal(found["part"]) < Decimal("0.05")
        rows = sum((Decimal(row["amount"].split()[0]) for row in found["rows"]), Decimal(0))
        assert rows == Decimal(found["net"]["difference"].split()[0])
        assert all(row["why"] for row in found["rows"])
        shown = answer_of(capfd, asked)
        assert "every difference has its cause" in shown.out, shown.all
