"""A bounded part of bench/sweep_speed.py: the thousand points over some weeks, held against the oracle; no bar of time."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from bench.sweep_speed import main
from tests.oracle.made_minutes import write_minutes


def test_it_holds_the_table_against_the_oracle_and_says_what_it_could_not_stand_beside(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write_minutes(tmp_path, days=25, seed=21)
    code = main(["--data", str(tmp_path), "--rounds", "1", "--bars", "1e9,0"])
    told = capsys.readouterr().out
    assert "40 of 40 points have the trades of the oracle" in told
    (whole,) = (line for line in told.splitlines() if "whole process" in line)
    assert whole.endswith("ok")
    if find_spec("vectorbt") is None:
        assert "vectorbt is not installed" in told
        assert code == 1
