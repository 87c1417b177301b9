"""What experienced arbitrageurs expect, row by row: our code does it, and the naive line in its place is found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.chaos.stakes import (
    accounts,
    legs,
    money,
    orders,
    prices,
    recovery,
    rules,
    starts,
    stops,
    venue_told,
    venues_stand,
    wires,
)
from tests.chaos.stakes.stake import Stake

ROWS = frozenset(range(1, 69))

STAKES: tuple[Stake, ...] = (
    *orders.STAKES,
    *venue_told.STAKES,
    *accounts.STAKES,
    *venues_stand.STAKES,
    *legs.STAKES,
    *prices.STAKES,
    *money.STAKES,
    *rules.STAKES,
    *recovery.STAKES,
    *starts.STAKES,
    *stops.STAKES,
    *wires.STAKES,
)

#: Of a row, what nothing in this house answers yet. A row that stands here may have stakes for the rest of it.
NOT_YET: Mapping[int, str] = {
    15: "no rule says how far above a venue's least an entry must be, so that a part of it can be left too",
    18: "a contract of a thousand coins is refused: none is traded by a multiplier",
    19: "a leg that is larger than a venue's largest order is refused: none is split",
    40: "no rule is of one venue that is down while something is to be left: the ladder tries, and halts",
    46: "no feed tells that an instrument will be delisted",
    49: "a maintenance that is only announced is in no calendar: it begins when the venue says so, or does not answer",
}


def _name(stake: Stake) -> str:
    return f"{stake.row} {stake.check.__name__}, not {stake.naive.__name__}"


def test_every_row_has_a_stake_or_says_what_is_missing() -> None:
    staked = {stake.row for stake in STAKES}
    assert staked <= ROWS
    assert set(NOT_YET) <= ROWS
    missing = ROWS - staked - set(NOT_YET)
    assert not missing, f"rows that nothing stands for: {sorted(missing)}"


@pytest.mark.parametrize("stake", STAKES, ids=_name)
def test_a_check_says_which_row_it_holds_us_to(stake: Stake) -> None:
    assert (stake.check.__doc__ or "").startswith(f"Row {stake.row}. ")


@pytest.mark.parametrize("stake", STAKES, ids=_name)
def test_our_code_does_it(stake: Stake, tmp_path: Path) -> None:
    stake.check(tmp_path)


@pytest.mark.parametrize("stake", STAKES, ids=_name)
def test_the_naive_line_is_found(stake: Stake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stake.naive(monkeypatch)
    with pytest.raises(AssertionError, match=stake.found):
        stake.check(tmp_path)
