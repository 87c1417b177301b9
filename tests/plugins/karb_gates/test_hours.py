"""Hours, weekdays and months by the clock that the owner names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.decisions import Denied, Passed
from karb_core.domain.instant import to_ns
from karb_core.domain.korean_day import day_of
from karb_core.rules.clock import day_began_ns, on_clock, within
from karb_gates.hours import HoursGate
from tests.plugins.karb_gates.asked import built, rule_of
from tests.plugins.scene import account, leaving, lot, plan, view
from tests.rulebook.shipped import checked, edited

GATE = "  - {use: gates.profit_only_exit, at: [exit]}\n"
DAY_NS = 86_400_000_000_000


def at(text: str, written: str, *, way: Any = None) -> Any:
    """What it says at a time of UTC."""
    now = to_ns(datetime.fromisoformat(text).replace(tzinfo=UTC))
    return built(HoursGate, written).check(way or plan(), view(as_of_ns=now), account())


@pytest.mark.parametrize(
    ("utc", "denied"),
    [
        ("2025-06-01T23:59:59.999999", "times"),
        ("2025-06-02T00:00:00", None),  # 09:00 in Korea
        ("2025-06-02T08:59:59.999999", None),
        ("2025-06-02T09:00:00", "times"),
    ],
)
def test_a_stretch_has_its_first_minute_and_not_the_one_it_ends_at(utc: str, denied: str | None) -> None:
    assert rule_of(at(utc, "{zone: KST, times: [09:00-18:00], days: none, months: none}")) == denied


@pytest.mark.parametrize(
    ("utc", "denied"),
    [("T12:59", "times"), ("T13:00", None), ("T15:30", None), ("T16:59", None), ("T17:00", "times")],
)
def test_a_stretch_that_ends_before_it_begins_goes_on_past_midnight(utc: str, denied: str | None) -> None:
    written = "{zone: KST, times: [22:00-02:00], days: none, months: none}"
    assert rule_of(at(f"2025-06-02{utc}", written)) == denied


def test_one_of_several_stretches_is_enough() -> None:
    written = "{zone: UTC, times: [01:00-02:00, 23:00-24:00], days: none, months: none}"
    told = {hour: rule_of(at(f"2025-06-02T{hour}:30", written)) for hour in ("00", "01", "02", "22", "23")}
    assert told == {"00": "times", "01": None, "02": "times", "22": "times", "23": None}


@pytest.mark.parametrize(
    ("utc", "written", "denied"),
    [
        ("2025-06-01T14:59", "{zone: KST, times: none, days: [sun], months: none}", None),
        ("2025-06-01T15:00", "{zone: KST, times: none, days: [sun], months: none}", "days"),  # Monday in Korea
        ("2025-06-01T15:00", "{zone: UTC, times: none, days: [sun], months: none}", None),
        ("2024-12-31T15:00", "{zone: KST, times: none, days: none, months: [jan]}", None),
        ("2024-12-31T14:59", "{zone: KST, times: none, days: none, months: [jan]}", "months"),
        ("2024-12-31T14:59", "{zone: KST, times: none, days: none, months: [nov, dec]}", None),
    ],
)
def test_weekday_and_month_are_those_of_the_zones_clock(utc: str, written: str, denied: str | None) -> None:
    assert rule_of(at(utc, written)) == denied


def test_a_way_out_is_asked_alike_where_the_owner_wrote_it() -> None:
    written = "{zone: UTC, times: [01:00-02:00], days: none, months: none}"
    assert at("2025-06-02T02:00", written, way=leaving(lot())) == Denied("times", "02:00:00 UTC", "01:00-02:00")
    assert at("2025-06-02T01:59", written, way=leaving(lot())) == Passed()


@given(st.integers(0, 4 * 10**18))
def test_the_owners_day_in_korea_is_the_day_of_koreas_calendar(at_ns: int) -> None:
    began = day_began_ns("00:00 KST", at_ns)
    assert began <= at_ns < began + DAY_NS
    assert day_of(began) == day_of(at_ns) != day_of(began - 1)
    assert on_clock(began, "KST").time().isoformat() == "00:00:00"
    assert day_began_ns("09:00 KST", at_ns) == day_began_ns("00:00 UTC", at_ns)


@given(st.integers(0, 1439), st.integers(0, 1439))
def test_a_stretch_and_the_rest_of_the_day_share_no_minute(begins: int, ends: int) -> None:
    first, last = (f"{m // 60:02}:{m % 60:02}" for m in (begins, ends))
    if first == last:
        return
    for minute in {begins, ends, (begins + 1) % 1440, (ends - 1) % 1440, 0}:
        now = datetime(2025, 1, 1, minute // 60, minute % 60, tzinfo=UTC)
        assert within(f"{first}-{last}", now) != within(f"{last}-{first}", now)


def wrong(line: str) -> list[str]:
    found = checked(edited((GATE, f"{GATE}  - {{use: gates.hours, at: [entry], with: {line}}}\n")))
    return [finding.code for finding in found.errors]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{zone: KST, times: none, days: none, months: none}", "K402"),
        ("{zone: KST, times: [09:00-09:00], days: none, months: none}", "K402"),
        ("{zone: KST, times: [9:00-18:00], days: none, months: none}", "K303"),
        ("{zone: KST, times: [09:00-24:30], days: none, months: none}", "K303"),
        ("{zone: EST, times: [09:00-18:00], days: none, months: none}", "K303"),
        ("{zone: KST, times: [09:00-18:00], days: [monday], months: none}", "K303"),
    ],
)
def test_what_can_mean_nothing_is_refused(line: str, code: str) -> None:
    assert wrong(line) == [code]


def test_a_file_may_have_several_lines_of_hours() -> None:
    assert wrong("{zone: KST, times: [09:00-18:00, 22:00-02:00], days: [mon, sun], months: [jan, dec]}") == []
