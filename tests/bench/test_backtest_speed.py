"""A bounded part of bench/backtest_speed.py: it tells what it measured, and its exit code whether the bars were met."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.backtest_speed import PHASES, main
from tests.oracle.made_minutes import write_minutes


@pytest.fixture(scope="module")
def minutes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("minutes")
    write_minutes(folder, days=25, seed=21)
    return folder


@pytest.mark.parametrize(("bars", "exits", "word"), [("1e9,1e9,0", 0, "ok"), ("0,1e9,0", 1, "missed")])
def test_it_tells_the_whole_process_its_phases_and_whether_each_row_is_equal(
    capsys: pytest.CaptureFixture[str], minutes: Path, bars: str, exits: int, word: str
) -> None:
    assert main(["--data", str(minutes), "--rounds", "1", "--bars", bars]) == exits
    told = capsys.readouterr().out
    assert told.count("equal in every row") == 3
    assert all(f"  {phase} " in told for phase in PHASES)
    (whole,) = (line for line in told.splitlines() if "whole process" in line)
    assert whole.endswith(word)
