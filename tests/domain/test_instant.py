from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain import instant

KST = timezone(timedelta(hours=9))


def test_a_moment_is_the_same_in_every_zone() -> None:
    seoul = datetime(2026, 1, 1, 9, 0, tzinfo=KST)
    assert instant.to_ns(seoul) == 1_767_225_600_000_000_000
    assert instant.to_text(instant.to_ns(seoul)) == "2026-01-01T00:00:00Z"


def test_a_moment_without_a_zone_is_none() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        instant.to_ns(datetime(2026, 1, 1))  # noqa: DTZ001


def test_the_last_nanosecond_is_written() -> None:
    assert instant.to_text(1_767_225_600_000_000_001) == "2026-01-01T00:00:00.000000001Z"
    assert instant.to_text(-1) == "1969-12-31T23:59:59.999999999Z"


@given(st.datetimes(datetime(1000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_no_microsecond_is_lost(moment: datetime) -> None:
    assert datetime.fromisoformat(instant.to_text(instant.to_ns(moment))) == moment
