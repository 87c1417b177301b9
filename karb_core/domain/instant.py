"""Moments as integers: nanoseconds of UTC since 1970, so that a replay meets them bit for bit."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_ns(moment: datetime) -> int:
    """Nanoseconds since 1970. Errors: ValueError for a moment that names no zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} names no time zone")
    return (moment - _EPOCH) // _MICROSECOND * 1000


def to_text(at_ns: int) -> str:
    """Shape: `2026-03-01T05:03:00.000000001Z`; the fraction is left out where it is zero."""
    seconds, fraction = divmod(at_ns, 1_000_000_000)
    whole = (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{fraction:09d}Z" if fraction else f"{whole}Z"
