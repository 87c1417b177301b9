"""What experienced arbitrageurs expect, row by row: our code does it, and the naive line in its place is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.stakes import legs, orders
from tests.chaos.stakes.stake import Stake

STAKES: tuple[Stake, ...] = (*orders.STAKES, *legs.STAKES)


def _name(stake: Stake) -> str:
    return f"{stake.row} {stake.check.__name__}, not {stake.naive.__name__}"


@pytest.mark.parametrize("stake", STAKES, ids=_name)
def test_our_code_does_it(stake: Stake, tmp_path: Path) -> None:
    stake.check(tmp_path)


@pytest.mark.parametrize("stake", STAKES, ids=_name)
def test_the_naive_line_is_found(stake: Stake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stake.naive(monkeypatch)
    with pytest.raises(AssertionError, match=stake.found):
        stake.check(tmp_path)
