"""Ten months of recorded hours, in which refusals go on for months: judging every bar writes the same to the byte."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from karb_core.domain.decisions import DecisionKind
from karb_core.ledger.decision_log import decision_log_bytes
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import Whose, decisions, runs
from tests.oracle.tiered_1h import DATA, DATASET, HOUSE, STRATEGY


def _ran(ledger: Path, *options: str) -> tuple[bytes, int]:
    """The log, and how often the longest refusal was repeated."""
    karb = str(Path(sys.executable).with_name("karb"))
    asked = ["--data", str(DATASET), "--from", "2022-02-01", "--to", "2022-12-01", "--ledger", str(ledger)]
    command = [karb, "backtest", str(STRATEGY), *asked, "--format", "json", *options]
    done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode in {0, 10}, done.stderr  # 10: ended with something left open
    opened = open_ledger(ledger)
    run = next(iter(runs(opened)))
    told = decisions(opened, Whose(run.account, run_id=run.id))
    longest = max(d.times for d in told if d.kind is DecisionKind.REFUSAL)
    log = decision_log_bytes(opened, run)
    opened.close()
    return log, longest


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no recorded hours at {DATA}")
def test_judging_every_bar_of_recorded_hours_decides_the_same_to_the_byte(tmp_path: Path) -> None:
    fast, longest = _ran(tmp_path / "fast.sqlite")
    every, _ = _ran(tmp_path / "every.sqlite", "--every-bar")
    assert fast == every
    assert longest > 500
