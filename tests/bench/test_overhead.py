"""A bounded part of bench/overhead.py: it tells what it measured, and its exit code whether the bar was met."""

from __future__ import annotations

import pytest

from bench.overhead import main


@pytest.mark.parametrize(("bar", "exits", "word"), [("60000", 0, "ok"), ("0", 1, "missed")])
def test_it_tells_median_and_p99_with_the_commit_apart(
    capsys: pytest.CaptureFixture[str], bar: str, exits: int, word: str
) -> None:
    assert main(["--rounds", "3", "--bar", bar]) == exits
    told = capsys.readouterr().out.splitlines()
    assert [line.split("median")[0].strip() for line in told[:3]] == ["whole", "commit", "karb's own"]
    assert all("p99" in line for line in told[:3])
    assert told[3].endswith(word)
