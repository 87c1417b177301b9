"""Times and lengths of time as commands tell them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from karb_core.cli.terminal import Terminal
from karb_core.texts.text import Text

_SECOND = 1_000_000_000  # karb: constant because a second has so many nanoseconds
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400  # karb: constant because these have so many seconds


def instant(ns: int) -> str:
    """UTC to the ms."""
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=ns // 1000)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def age(terminal: Terminal, ns: int) -> str:
    """In two units: days and hours, hours and minutes, or seconds."""
    seconds = max(ns, 0) // _SECOND
    if seconds >= _DAY:
        return terminal.say(Text("age.days", {"days": seconds // _DAY, "hours": seconds % _DAY // _HOUR}))
    if seconds >= _HOUR:
        return terminal.say(Text("age.hours", {"hours": seconds // _HOUR, "minutes": seconds % _HOUR // _MINUTE}))
    return terminal.say(Text("age.seconds", {"minutes": seconds // _MINUTE, "seconds": seconds % _MINUTE}))


def whole_seconds(ns: int) -> int:
    return max(ns, 0) // _SECOND
