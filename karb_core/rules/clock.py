"""Times of the clock that an owner writes: hours of a day, and the time at which their day begins."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from karb_core.domain.korean_day import KST
from karb_core.rules.written import Written, as_written
from karb_core.texts.text import Text

#: Korea's clock, or UTC. Neither has a summer time.
Zone = Literal["KST", "UTC"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # karb: constant because times are counted from there
_US = 1_000  # karb: constant because a microsecond has so many nanoseconds
_MINUTE = 60  # karb: constant because an hour has so many minutes
_DAY_NS = 86_400_000_000_000  # karb: constant because a day has so many nanoseconds
_MINUTE_NS = 60_000_000_000  # karb: constant because a minute has so many nanoseconds
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"


def _whole(match: re.Match[str]) -> str:
    return match[0]


def _hours_mistake(value: object) -> Text:
    return Text("hours.shape", {"written": as_written(value)})


def _start_mistake(value: object) -> Text:
    return Text("day_start.shape", {"written": as_written(value)})


#: A stretch of each day, `09:00-18:00`: from a minute on, up to another (`24:00` is the end of the day). One that ends
#: before it begins goes on past midnight.
Hours = Annotated[str, Written("hours", f"{_TIME}-(?:{_TIME}|24:00)", _whole, _hours_mistake)]
#: When the owner's day begins, `00:00 KST`.
DayStart = Annotated[str, Written("day start", f"{_TIME} (?:KST|UTC)", _whole, _start_mistake)]


def on_clock(at_ns: int, zone: Zone) -> datetime:
    """A time as the zone's clock shows it, to the microsecond."""
    at = _EPOCH + timedelta(microseconds=at_ns // _US)
    return at.astimezone(KST) if zone == "KST" else at


def within(hours: str, at: datetime) -> bool:
    """Whether a clock's time lies in the stretch. Edge: its first minute does, the one it ends at does not."""
    begins, ends = (_minutes(time) for time in hours.split("-"))
    now = at.hour * _MINUTE + at.minute
    return begins <= now < ends if begins < ends else now >= begins or now < ends


def day_began_ns(start: str, at_ns: int) -> int:
    """When the day that a time falls on began. Edge: the time at which a day begins belongs to it."""
    time, zone = start.split(" ")
    ahead_ns = (on_clock(0, "KST").hour if zone == "KST" else 0) * _MINUTE * _MINUTE_NS
    offset_ns = ahead_ns - _minutes(time) * _MINUTE_NS
    return at_ns - (at_ns + offset_ns) % _DAY_NS


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * _MINUTE + int(minutes)
