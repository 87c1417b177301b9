"""A bounded part of bench/backtest_speed.py: it tells what it measured, and its exit code whether the bars were met."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import backtest_speed
from bench.backtest_speed import PHASES, main
from bench.peers import Peer
from tests.oracle.made_minutes import write_minutes


@pytest.fixture(scope="module")
def minutes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("minutes")
    write_minutes(folder, days=25, seed=21)
    return folder


@pytest.mark.parametrize(("bars", "exits", "word"), [("1e9,1e9,0,0,0,0", 0, "ok"), ("0,1e9,0,0,0,0", 1, "missed")])
def test_it_tells_the_whole_process_its_phases_and_whether_each_row_is_equal(
    capsys: pytest.CaptureFixture[str], minutes: Path, bars: str, exits: int, word: str
) -> None:
    assert main(["--data", str(minutes), "--rounds", "1", "--years", "0", "--bars", bars]) == exits
    told = capsys.readouterr().out
    assert told.count("equal in every row") == 3
    assert all(f"  {phase} " in told for phase in PHASES)
    (whole,) = (line for line in told.splitlines() if "whole process" in line)
    assert whole.endswith(word)


def test_a_peer_that_is_not_there_and_years_that_take_too_long_are_missed_bars(
    capsys: pytest.CaptureFixture[str], minutes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = Peer("nothing", "karb_no_such_engine", "peer_nothing.py")
    monkeypatch.setattr(backtest_speed, "peers", lambda: (none,))
    asked = ["--data", str(minutes), "--rounds", "1"]
    assert main([*asked, "--years", "2", "--bars", "1e9,1e9,1,0"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert "nothing is not installed: nothing to stand beside" in told
    assert [line.split()[-1] for line in told if "of one " in line] == ["ok", "ok"]
