"""Days as the owner counts them: by Korea's clock."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

# karb: constant because Korea's clock is so many hours ahead of UTC, in summer too
KST = timezone(timedelta(hours=9))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000_000  # karb: constant because a second has so many nanoseconds
_DAY = 86_400 * _SECOND  # karb: constant because a day has so many seconds
_AHEAD = 9 * 3600 * _SECOND  # karb: constant because Korea's clock is nine hours ahead


def day_of(at_ns: int) -> date:
    """The day in Korea at a time. Edge: midnight begins a day."""
    return (_EPOCH + timedelta(seconds=at_ns // _SECOND)).astimezone(KST).date()


def day_ends(began_ns: int, ended_ns: int) -> Iterator[tuple[date, int]]:
    """Each day of Korea that a stretch of time touches, with its end or the stretch's, whichever comes first.

    Edge: a stretch that ends at midnight does not touch the day which begins then; an empty one touches none.
    """
    at_ns = began_ns
    while at_ns < ended_ns:
        day, at_ns = day_of(at_ns), min(at_ns - (at_ns + _AHEAD) % _DAY + _DAY, ended_ns)
        yield day, at_ns
