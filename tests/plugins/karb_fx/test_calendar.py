"""When the markets behind the rates are open: to the second, from the clock alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from karb_fx.calendar import fixing_is_open, seoul_is_open


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000_000


@pytest.mark.parametrize(
    ("when", "is_open"),
    [
        ("2024-01-08 14:59:59", False),  # Monday, before the fixing
        ("2024-01-08 15:00:00", True),
        ("2024-01-10 03:00:00", True),  # Wednesday night
        ("2024-01-12 14:59:59", True),  # Friday, before the fixing
        ("2024-01-12 15:00:00", False),
        ("2024-01-13 12:00:00", False),
        ("2024-01-14 23:59:59", False),
        ("2022-01-03 15:00:00", True),
    ],
)
def test_a_daily_fixing_is_closed_from_fridays_publication_to_mondays(when: str, is_open: bool) -> None:
    assert fixing_is_open(at(when)) is is_open


@pytest.mark.parametrize(
    ("when", "is_open"),
    [
        ("2024-07-07 23:59:59", False),  # Monday 08:59:59 in Seoul
        ("2024-07-08 00:00:00", True),  # Monday 09:00 in Seoul
        ("2024-07-08 16:59:59", True),  # Tuesday 01:59:59
        ("2024-07-08 17:00:00", False),  # Tuesday 02:00
        ("2024-07-09 00:00:00", True),
        ("2024-07-12 16:59:59", True),  # Saturday 01:59:59: Friday's session goes on until two
        ("2024-07-12 17:00:00", False),
        ("2024-07-13 03:00:00", False),  # Saturday noon
        ("2024-07-14 16:00:00", False),  # Monday 01:00: there was no Sunday session
    ],
)
def test_the_onshore_won_trades_from_nine_to_two_in_seoul(when: str, is_open: bool) -> None:
    assert seoul_is_open(at(when)) is is_open
