"""A bounded part of bench/tops_speed.py: it tells what it measured, and a peer that is missing is not shown."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import pytest

from bench.tops_speed import main


@pytest.mark.skipif(find_spec("basana") is not None, reason="the other engines are installed here")
def test_it_tells_both_ways_through_the_same_tops_and_which_peers_are_missing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ["--seconds", "7200", "--stepped-seconds", "7200", "--rounds", "1", "--peers", sys.executable]
    assert main(asked) == 1
    told = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in told if "tops/s" in line] == ["karb, whole process", "karb, every row"]
    assert "  decisions of both, on 7,200 seconds: equal to the byte" in told
    assert sum("missing" in line and line.endswith("not shown") for line in told) == 2
    (whole,) = (line for line in told if line.startswith("karb, whole"))
    assert int(whole.split("trades")[0].split()[-1]) > 0
